"""Making a report: open, measure, judge, write its files together."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.checks.catalogue import CHECKS, level_of_psi
from monitoring.checks.checks import overall_level, run_checks
from monitoring.checks.false_alarms import read_false_alarms
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.report.decisions import overrides_of
from monitoring.report.files import HTML_FILE, JSON_FILE, SUMMARY_FILE, check_report_folder, written_report
from monitoring.report.history import append_history, blind_in_a_row, row_of, since_when
from monitoring.report.result import DriftReport, ModelIdentity, json_bytes
from monitoring.report.summary import summary
from monitoring.report.verdict import heading_of, verdicts_of
from monitoring.windows.audit_records import Period
from monitoring.windows.bundle import opened_bundle
from monitoring.windows.from_audit import window_from_audit
from monitoring.windows.log_lines import is_log
from monitoring.windows.parquet import WindowSource, open_window, opened_database
from monitoring.windows.service_log import read_service

if TYPE_CHECKING:
    from collections.abc import Callable

    import duckdb

    from monitoring.checks.checks import CheckResult
    from monitoring.drift.measure import Drift
    from monitoring.windows.audit_records import WindowReading
    from monitoring.windows.parquet import Window
    from scoring.bundle import Bundle


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
    decisions
        Decisions of officers, as the desk exports them.
    false_alarms
        Measured false alarms of the reference (`monitoring.checks.false_alarms`), whose limits hold.
    history
        Table that the report is added to, and that tells since when.
    """

    period: Period = field(default_factory=Period)
    outcomes: Path | None = None
    logs: tuple[Path, ...] = ()
    decisions: Path | None = None
    false_alarms: Path | None = None
    history: Path | None = None


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
        ``MON9xx``: the bundle, a window, its predictions or the output folder cannot be used.
    """
    config, around = config or MonitoringConfig(), surroundings or Surroundings()
    opened = opened_bundle(bundle)
    contract = opened.contract
    check_report_folder(out)
    quiet = None if around.false_alarms is None else read_false_alarms(around.false_alarms, contract)
    log = read_service(around.logs, bundle=opened, period=around.period) if around.logs else None
    overrides = None
    if around.decisions is not None:
        overrides = overrides_of(around.decisions, around.outcomes, period=around.period, policy=contract.decision)
    with (
        opened_database(config.memory_limit) as database,
        tempfile.TemporaryDirectory() as workspace,
        written_report(out) as folder,
    ):
        before, after, reading = _windows(
            database, (reference, current), opened, around, Path(workspace), wanted=config.seeing_rows
        )
        drift = measure_drift(
            contract, before, after, config, log=log, reading=reading, overrides=overrides, advance=advance
        )
        checks = run_checks(
            CHECKS,
            drift,
            config,
            false_alarm_limits=quiet.limits if quiet else None,
            subject_limits=quiet.subject_limits if quiet else None,
        )
        report = _report(opened, drift, checks, config)
        report = replace(
            report,
            since=since_when(report, around.history),
            blind_in_a_row=blind_in_a_row(report, around.history),
        )
        # Imported here: Evidently takes seconds to import, which an error above should not have to wait for.
        from monitoring.report.evidently import write_evidently_report  # noqa: PLC0415

        shown = write_evidently_report(
            contract,
            (before, after),
            config,
            folder / HTML_FILE,
            verdicts=verdicts_of(report),
            heading=heading_of(report),
        )
        report = replace(report, evidently=shown)
        advance(HTML_FILE)
        (folder / JSON_FILE).write_bytes(json_bytes(report))
        (folder / SUMMARY_FILE).write_text(summary(report), encoding="utf-8")
    if around.history is not None:
        append_history(around.history, row_of(report))
    return report


def _windows(
    database: duckdb.DuckDBPyConnection,
    sources: tuple[WindowSource, WindowSource],
    bundle: Bundle,
    around: Surroundings,
    workspace: Path,
    *,
    wanted: int,
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
            period=around.period if is_current else None,
            outcomes=around.outcomes if is_current else None,
            wanted=wanted if is_current else 0,
        )
        tables.append(table)
    before, after = (open_window(database, table, bundle.contract) for table in tables)
    return before, after, reading


def _report(
    bundle: Bundle,
    drift: Drift,
    checks: tuple[CheckResult, ...],
    config: MonitoringConfig,
) -> DriftReport:
    identity = bundle.contract.identity
    in_alert = [item.importance for item in drift.inputs if level_of_psi(checks, item.name) is Level.ALERT]
    return DriftReport(
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        model=ModelIdentity(
            name=identity.model_name,
            version=identity.registry_version or "non enregistrée",
            training_run_id=identity.training_run_id,
            decision_threshold=bundle.contract.decision.threshold,
            seal=bundle.seal,
        ),
        level=overall_level(checks),
        checks=checks,
        since={},
        drift=drift,
        evidently=None,
        config=config,
        importance_in_alert=sum(in_alert),
        share_in_alert=len(in_alert) / len(drift.inputs),
    )
