"""Making a report: open, measure, judge, write three files together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import duckdb
from pydantic import TypeAdapter

from monitoring.catalogue import CHECKS
from monitoring.checks import overall_level, run_checks
from monitoring.config import MonitoringConfig
from monitoring.drift import measure_drift
from monitoring.errors import MonitoringError
from monitoring.files import HTML_FILE, JSON_FILE, SUMMARY_FILE, check_report_folder, written_report
from monitoring.summary import summary
from monitoring.windows import WindowSource, open_window
from scoring.contract import Contract, load_contract
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitoring.checks import CheckResult
    from monitoring.config import Level
    from monitoring.drift import Drift
    from monitoring.evidently_report import EvidentlyResult


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model answered."""

    name: str
    version: str
    training_run_id: str
    decision_threshold: float


@dataclass(frozen=True, slots=True)
class DriftReport:
    """One report, complete: ``report.json`` is this object."""

    created_at: str
    model: ModelIdentity
    level: Level
    checks: tuple[CheckResult, ...]
    drift: Drift
    evidently: EvidentlyResult
    config: MonitoringConfig


def make_report(
    bundle: Path,
    reference: WindowSource,
    current: WindowSource,
    out: Path,
    *,
    config: MonitoringConfig | None = None,
    advance: Callable[[str], object] = lambda _: None,
) -> DriftReport:
    """Compare two windows and write ``report.html``, ``report.json`` and ``resume.md`` into `out`, all or none.

    Parameters
    ----------
    advance
        Called with the name of each step that is done.

    Raises
    ------
    MonitoringError
        ``MON9xx``: the bundle, a window, its answers or the output folder cannot be used.
    """
    config = config or MonitoringConfig()
    contract = opened_contract(bundle)
    check_report_folder(out)
    with duckdb.connect(config={"memory_limit": config.memory_limit}) as database, written_report(out) as folder:
        before, after = (open_window(database, source, contract) for source in (reference, current))
        drift = measure_drift(contract, before, after, config, advance=advance)
        # Imported here: Evidently takes seconds to import, which an error above should not have to wait for.
        from monitoring.evidently_report import write_evidently_report  # noqa: PLC0415

        shown = write_evidently_report(contract, before, after, config, folder / HTML_FILE)
        advance(HTML_FILE)
        report = _report(contract, drift, shown, config)
        (folder / JSON_FILE).write_bytes(report_bytes(report))
        (folder / SUMMARY_FILE).write_text(summary(report), encoding="utf-8")
    return report


def opened_contract(bundle: Path) -> Contract:
    """Return the contract of a bundle.

    Raises
    ------
    MonitoringError
        ``MON901`` when the bundle is absent or broken, or its contract has no reference for an input.
    """
    try:
        contract = load_contract(bundle)
    except ContractError as error:
        raise MonitoringError("MON901", f"the bundle cannot be used: {error}") from error
    for item in contract.inputs:
        bins = contract.reference.inputs.get(item.name)
        if bins is None or (bins.kind == "category") != (item.kind == "category"):
            raise MonitoringError("MON901", f"the contract has no reference for {item.name}; export the bundle again")
    return contract


def _report(contract: Contract, drift: Drift, shown: EvidentlyResult, config: MonitoringConfig) -> DriftReport:
    identity = contract.identity
    checks = run_checks(CHECKS, drift, config)
    return DriftReport(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=ModelIdentity(
            name=identity.model_name,
            version=identity.registry_version or "non enregistrée",
            training_run_id=identity.training_run_id,
            decision_threshold=contract.decision.threshold,
        ),
        level=overall_level(checks),
        checks=checks,
        drift=drift,
        evidently=shown,
        config=config,
    )


def report_bytes(report: DriftReport) -> bytes:
    """Return the JSON form of a report."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(report, indent=1) + b"\n"
