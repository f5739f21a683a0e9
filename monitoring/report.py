"""Making a report: open, measure, judge, write its files together."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from monitoring.audit_records import Period
from monitoring.audit_window import window_from_audit
from monitoring.catalogue import CHECKS
from monitoring.checks import overall_level, run_checks
from monitoring.config import MonitoringConfig
from monitoring.drift import measure_drift
from monitoring.errors import MonitoringError
from monitoring.files import HTML_FILE, JSON_FILE, SUMMARY_FILE, check_report_folder, written_report
from monitoring.history import append_history, row_of, since_when
from monitoring.log_lines import is_log
from monitoring.quiet import read_quiet_limits
from monitoring.service_log import read_service
from monitoring.summary import summary
from monitoring.windows import WindowSource, open_window, opened_database
from scoring.bundle import bundle_seal, load_contract
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from monitoring.audit_records import WindowReading
    from monitoring.checks import CheckResult
    from monitoring.config import Level
    from monitoring.drift import Drift
    from monitoring.evidently_report import EvidentlyResult
    from monitoring.windows import Window
    from scoring.contract import Contract


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model answered."""

    name: str
    version: str
    training_run_id: str
    decision_threshold: float
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a report takes into account besides the two windows.

    Attributes
    ----------
    period
        Of the audit records and of the log lines.
    outcomes
        Outcomes by request, for a current window of audit records.
    logs
        Log files of the API.
    quiet
        Measured quiet zone of the reference (`monitoring.quiet`).
    history
        Table that the report is added to, and that tells since when.
    """

    period: Period = field(default_factory=Period)
    outcomes: Path | None = None
    logs: tuple[Path, ...] = ()
    quiet: Path | None = None
    history: Path | None = None


@dataclass(frozen=True, slots=True)
class DriftReport:
    """One report, complete: ``report.json`` is this object.

    Attributes
    ----------
    since
        By code of a check that is not stable, the first of the reports in a row that said so.
    """

    created_at: str
    model: ModelIdentity
    level: Level
    checks: tuple[CheckResult, ...]
    since: dict[str, str]
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
    surroundings: Surroundings | None = None,
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
    config, around = config or MonitoringConfig(), surroundings or Surroundings()
    contract = opened_contract(bundle)
    check_report_folder(out)
    quiet = None if around.quiet is None else read_quiet_limits(around.quiet, contract)
    service = read_service(around.logs, period=around.period) if around.logs else None
    with (
        opened_database(config.memory_limit) as database,
        tempfile.TemporaryDirectory() as workspace,
        written_report(out) as folder,
    ):
        before, after, reading = _windows(database, (reference, current), contract, bundle, around, Path(workspace))
        drift = measure_drift(contract, before, after, config, service=service, reading=reading, advance=advance)
        # Imported here: Evidently takes seconds to import, which an error above should not have to wait for.
        from monitoring.evidently_report import write_evidently_report  # noqa: PLC0415

        shown = write_evidently_report(contract, before, after, config, folder / HTML_FILE)
        advance(HTML_FILE)
        checks = run_checks(CHECKS, drift, config, quiet=quiet)
        report = _report(contract, bundle_seal(bundle), drift, checks, shown, config)
        report = replace(report, since=since_when(report, around.history))
        (folder / JSON_FILE).write_bytes(report_bytes(report))
        (folder / SUMMARY_FILE).write_text(summary(report), encoding="utf-8")
    if around.history is not None:
        append_history(around.history, row_of(report))
    return report


def _windows(
    database: duckdb.DuckDBPyConnection,
    sources: tuple[WindowSource, WindowSource],
    contract: Contract,
    bundle: Path,
    around: Surroundings,
    workspace: Path,
) -> tuple[Window, Window, WindowReading | None]:
    """Open both windows; audit records are made a table first."""
    reading, tables = None, []
    for name, source in zip(("reference", "current"), sources, strict=True):
        if not is_log(source.path):
            tables.append(source)
            continue
        is_current = name == "current"
        table, reading = window_from_audit(
            [source.path],
            workspace / name,
            bundle=bundle,
            contract=contract,
            period=around.period if is_current else None,
            outcomes=around.outcomes if is_current else None,
        )
        tables.append(table)
    before, after = (open_window(database, table, contract) for table in tables)
    return before, after, reading


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


def _report(
    contract: Contract,
    seal: str,
    drift: Drift,
    checks: tuple[CheckResult, ...],
    shown: EvidentlyResult,
    config: MonitoringConfig,
) -> DriftReport:
    identity = contract.identity
    return DriftReport(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=ModelIdentity(
            name=identity.model_name,
            version=identity.registry_version or "non enregistrée",
            training_run_id=identity.training_run_id,
            decision_threshold=contract.decision.threshold,
            seal=seal,
        ),
        level=overall_level(checks),
        checks=checks,
        since={},
        drift=drift,
        evidently=shown,
        config=config,
    )


def report_bytes(report: DriftReport) -> bytes:
    """Return the JSON form of a report."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(report, indent=1) + b"\n"
