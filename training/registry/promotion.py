"""Promotion and rollback: judge, then move the alias, one at a time and wholly or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc

from metrics.costs import costs_per_application
from training.bundle.batch_scoring import default_probabilities
from training.errors import RegistryError
from training.registry import aliases, versions
from training.registry.gates import GateResult, calibration_gate, cost_gate, fairness_gate, inputs_gate, parity_gate
from training.registry.lock import registry_lock
from training.selection.splits import LEAST_DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    import pyarrow as pa
    from mlflow.tracking import MlflowClient

    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from training.registry.aliases import AliasChange, Signatures

_CODES = {
    "parity": "TRN311",
    "calibration": "TRN312",
    "cost": "TRN313",
    "fairness": "TRN314",
    "inputs": "TRN318",
    "replay": "TRN317",
    "shadow": "TRN319",
}


@dataclass(frozen=True, slots=True)
class Promotion:
    """What came of a promotion; no change when the version was in production already."""

    results: tuple[GateResult, ...]
    change: AliasChange | None


def promote(
    client: MlflowClient,
    version: str,
    *,
    reason: str,
    override: Collection[str] = (),
    signed: Signatures | None = None,
    further: Callable[[Bundle], Sequence[GateResult]] = lambda _: (),
) -> Promotion:
    """Put a version into production when every gate that is not overruled lets it pass.

    Parameters
    ----------
    signed
        The two who answer for it.
    further
        Gates on what is at hand beside the registry: recorded decisions, the log of a shadow.

    Raises
    ------
    RegistryError
        ``TRN307`` somebody else is at work, ``TRN304`` to ``TRN306`` no sound version, ``TRN311`` to ``TRN314`` and
        ``TRN317`` to ``TRN319`` the gate that refused. Nothing has changed then.
    """
    versions.find_version(client, version)
    with registry_lock(client, f"promote version {version}"):
        results = (*judge(client, version), *further(versions.sound_bundle_of(client, version)))
        refused = [one for one in results if not one.passed]
        _refuse(version, [one for one in refused if one.gate not in override])
        if aliases.version_of(client, aliases.PRODUCTION) == version:
            return Promotion(results, None)
        change = aliases.move_alias(
            client,
            aliases.PRODUCTION,
            version,
            action="promote",
            reason=reason,
            overridden={one.gate: "; ".join(one.breaches) for one in refused},
            signed=signed,
        )
    return Promotion(results, change)


def rollback(client: MlflowClient, *, reason: str, to: str | None = None) -> AliasChange | None:
    """Put the version that was in production before back; it passed the gates when it was promoted.

    Parameters
    ----------
    to
        The version that is meant, where somebody knows it: nothing is done where it is in production already, and none
        but the version before is gone back to.

    Raises
    ------
    RegistryError
        ``TRN303`` when there is nothing to go back to, or something else than is meant; ``TRN304``, ``TRN305`` when its
        bundle no longer serves.
    """
    current = aliases.require_version(client, aliases.PRODUCTION)
    if to == current:
        return None
    with registry_lock(client, "rollback"):
        version = aliases.version_before(client, aliases.PRODUCTION)
        if to not in {None, version}:
            raise RegistryError("TRN303", f"the version before {current} is {version}, not {to}; look at the history")
        versions.sound_bundle_of(client, version)
        return aliases.move_alias(client, aliases.PRODUCTION, version, action="rollback", reason=reason)


def judge(client: MlflowClient, version: str) -> tuple[GateResult, ...]:
    """Hold a version against every gate."""
    bundle = versions.sound_bundle_of(client, version)
    return (
        parity_gate(bundle.contract),
        calibration_gate(bundle.contract),
        _against_production(client, version, bundle),
        fairness_gate(bundle.evidence.fairness),
        inputs_gate(bundle.contract, _served_contract(client, version), on=datetime.now(UTC).date()),
    )


def _served_contract(client: MlflowClient, version: str) -> Contract | None:
    """Return the contract that is in production beside a version, None where there is none that could be served."""
    current = aliases.version_of(client, aliases.PRODUCTION)
    if current is None or current == version:
        return None
    try:
        return versions.sound_bundle_of(client, current).contract
    except RegistryError:  # the gate on costs refuses by it
        return None


def _against_production(client: MlflowClient, version: str, bundle: Bundle) -> GateResult:
    hold_out = versions.hold_out_of(client, version)
    current = aliases.version_of(client, aliases.PRODUCTION)
    if current is None or current == version:
        return cost_gate(_costs(bundle, hold_out), None, rows="")
    try:
        rows, what = _unseen(hold_out, versions.development_ids_of(client, current))
        production = versions.sound_bundle_of(client, current)
    except RegistryError as error:  # a version that is lost must not stand in the way of the one that replaces it
        lost = (f"version {current}, in production, cannot be compared with ({error})",)
        return GateResult("cost", findings=lost, breaches=lost)
    return cost_gate(_costs(bundle, rows), _costs(production, rows), rows=what)


def _unseen(hold_out: pa.Table, learned: pa.ChunkedArray) -> tuple[pa.Table, str]:
    """Return the rows that neither version learned from; all of the hold-out where those are too few."""
    both = hold_out.filter(pc.invert(pc.is_in(hold_out.column("SK_ID_CURR"), value_set=learned)))
    if (pc.sum(both.column("TARGET")).as_py() or 0) >= LEAST_DEFAULTS:
        return both, "applications neither has learned from"
    return hold_out, "applications, some of which the production version may have learned from"


def _costs(bundle: Bundle, rows: pa.Table) -> np.ndarray:
    outcome = rows.column("TARGET").to_numpy().astype(np.int64)
    probability = default_probabilities(bundle, rows)
    return costs_per_application(probability, outcome, threshold=bundle.contract.decision.threshold)


def _refuse(version: str, refused: Sequence[GateResult]) -> None:
    if not refused:
        return
    told = " | ".join(f"{one.gate}: {'; '.join(one.breaches)}" for one in refused)
    raise RegistryError(
        _CODES[refused[0].gate],
        f"version {version} does not pass ({told}); promote another version, or overrule by --override with --reason",
    )
