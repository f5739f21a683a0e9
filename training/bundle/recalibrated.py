"""A proposed threshold made a version: the same model, another line between granting and declining."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scoring.contract import PARITY_FILE, Contract, DecisionPolicy, Estimate
from scoring.decision import decide
from training.bundle.golden import golden_bytes
from training.bundle.sealing import seals_of, write_files
from training.errors import DataError
from training.files import written_folder

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.bundle import Bundle

type Share = Annotated[float, Field(gt=0, lt=1)]


class Proposal(BaseModel):
    """What ``python -m monitoring recalibrate`` writes, as far as a version needs it."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)

    training_run_id: str
    window: str
    n_applications: int
    threshold_now: Share
    threshold: Share
    threshold_interval: tuple[Share, Share]
    saving: Estimate
    recommended: bool
    method: str


def read_proposal(path: Path) -> Proposal:
    """Read a proposal.

    Raises
    ------
    DataError
        ``TRN190`` when the file is absent or no proposal.
    """
    try:
        proposal = Proposal.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise DataError("TRN190", f"{path} is no proposal; make one with `python -m monitoring recalibrate`") from error
    low, high = proposal.threshold_interval
    if not low <= proposal.threshold <= high:
        raise DataError("TRN190", f"{path} proposes a threshold outside its own interval; make the proposal again")
    return proposal


def write_recalibrated_bundle(source: Bundle, folder: Path, proposal: Proposal) -> Contract:
    """Write a bundle that differs from `source` in its threshold and in what follows from it.

    Model and attribution tables are copied; the decisions of the golden applications are taken anew. The figures of
    quality stay those of the hold-out at the threshold it was judged at, and the note of the threshold says so.

    Raises
    ------
    DataError
        ``TRN191`` when the proposal is for another model, or for another threshold than the bundle's.
    """
    contract = source.contract
    if proposal.training_run_id != contract.identity.training_run_id:
        raise DataError("TRN191", "the proposal is for another model; make it with the bundle that is in production")
    if proposal.threshold_now != contract.decision.threshold:
        raise DataError("TRN191", "the proposal starts from another threshold; make it with the bundle in production")
    content = {**source.content, PARITY_FILE: _golden_decided_anew(source, proposal.threshold)}
    identity = {"registry_version": None, "registry_alias": None, "created_at": _now()}
    recalibrated = contract.model_copy(
        update={
            "identity": contract.identity.model_copy(update=identity),
            "decision": _decision(contract.decision, proposal),
            "files": seals_of(content),
        }
    )
    with written_folder(folder) as temporary:
        return write_files(temporary, recalibrated, content)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _golden_decided_anew(source: Bundle, threshold: float) -> bytes:
    applications, dossiers = (
        [{**one, "decision": decide(one["default_probability"], threshold=threshold).value} for one in golden]
        for golden in (source.golden, source.golden_dossiers)
    )
    return golden_bytes(applications, dossiers, tolerance=source.contract.parity.tolerance)


def _decision(decision: DecisionPolicy, proposal: Proposal) -> DecisionPolicy:
    low, high = proposal.threshold_interval
    saving = proposal.saving
    return decision.model_copy(
        update={
            "threshold": proposal.threshold,
            "threshold_interval": (low, high),
            "review_band": (low, high),
            "bayes_within_interval": low <= decision.bayes_threshold <= high,
            "method": proposal.method,
            "threshold_note": (
                f"Recalibrated on {proposal.n_applications:,} applications with known outcomes ({proposal.window}); "
                f"{proposal.threshold_now:.4f} before; saving per application {saving.value:+.4f} "
                f"[{saving.low:+.4f}, {saving.high:+.4f}]. The figures of quality were measured at "
                f"{proposal.threshold_now:.4f}."
            ),
        }
    )
