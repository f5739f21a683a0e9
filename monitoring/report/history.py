"""The history of the indicators: one row a report, in a CSV that a person can read and a page can draw."""

from __future__ import annotations

import csv
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING

from metrics.values import NotApplicable
from monitoring.config import Level
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.drift.predictions import PredictionDrift
    from monitoring.report.result import DriftReport
    from monitoring.windows.service_log import ServiceHealth

SEPARATOR = " "
BLIND = "oui"


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """Indicators of one report; an empty text stands for *not applicable*.

    Attributes
    ----------
    period
        What the current window covers: its last moment where the window tells, else when the report was made.
    alerts, watches
        Codes of the checks, separated by spaces.
    """

    created_at: str
    period: str
    window: str
    version: str
    seal: str
    n_applications: str
    level: str
    alerts: str
    watches: str
    share_in_alert: str
    importance_in_alert: str
    weighted_psi: str
    score_psi: str
    refusal_rate: str
    expected_cost: str
    expected_cost_low: str
    expected_cost_high: str
    realised_cost: str
    expected_auc: str
    separation_auc: str
    availability: str
    realised_auc: str = ""
    blind: str = ""


def row_of(report: DriftReport) -> HistoryRow:
    """Return the row of a report."""
    drift, predictions = report.drift, report.drift.predictions
    codes = {
        level: SEPARATOR.join(item.code for item in report.checks if item.level is level)
        for level in (Level.ALERT, Level.WATCH)
    }
    told = {} if isinstance(predictions, NotApplicable) else _of_predictions(predictions)
    return HistoryRow(
        created_at=report.created_at,
        period=drift.reading.last if drift.reading else report.created_at,
        window=drift.current.source,
        version=report.model.version,
        seal=report.model.seal,
        n_applications=str(drift.current.n_applications),
        level=report.level.value,
        alerts=codes[Level.ALERT],
        watches=codes[Level.WATCH],
        share_in_alert=_text(report.share_in_alert),
        importance_in_alert=_text(report.importance_in_alert),
        weighted_psi=_text(drift.weighted_psi),
        score_psi=_text(told.get("psi")),
        refusal_rate=_text(told.get("refusal_rate")),
        expected_cost=_text(told.get("cost")),
        expected_cost_low=_text(told.get("cost_low")),
        expected_cost_high=_text(told.get("cost_high")),
        realised_cost=_text(told.get("realised_cost")),
        expected_auc=_text(told.get("auc")),
        separation_auc=_text(getattr(drift.separation, "auc", None)),
        availability=_text(_availability(drift.service)),
        realised_auc=_text(told.get("realised_auc")),
        blind=BLIND if is_blind(report) else "",
    )


def _of_predictions(predictions: PredictionDrift) -> dict[str, float]:
    """Return the indicators of the predictions that there are."""
    estimated = predictions.current.estimated
    told = {
        "psi": predictions.psi,
        "refusal_rate": predictions.current.refusal_rate.value,
        "cost": estimated.cost.value,
        "cost_low": estimated.cost.low,
        "cost_high": estimated.cost.high,
    }
    if not isinstance(predictions.judgement, NotApplicable):
        realised = predictions.judgement.realised
        told["realised_cost"] = realised.cost.value
        if not isinstance(realised.auc, NotApplicable):
            told["realised_auc"] = realised.auc.value
    if not isinstance(estimated.auc, NotApplicable):
        told["auc"] = estimated.auc.value
    return told


def _availability(service: ServiceHealth | NotApplicable) -> float | None:
    if isinstance(service, NotApplicable) or isinstance(service.error_share, NotApplicable):
        return None
    return 1 - service.error_share


def _text(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def read_history(path: Path) -> list[HistoryRow]:
    """Return the rows of a history, in the order of their periods; none where there is no file yet.

    Raises
    ------
    MonitoringError
        ``MON918`` when the file is something else.
    """
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [HistoryRow(**row) for row in csv.DictReader(stream)]
    except (OSError, TypeError, UnicodeDecodeError, csv.Error) as error:
        raise MonitoringError("MON918", f"{path} is no history of reports; name another with --history") from error
    return sorted(rows, key=lambda row: row.period)


def append_history(path: Path, row: HistoryRow) -> None:
    """Add a report to the history; the file is made where there is none.

    A file of an earlier version, which lacks columns of today, is written anew with them.

    Raises
    ------
    MonitoringError
        ``MON918`` when the file is something else, or cannot be written.
    """
    rows = [*read_history(path), row]
    names = [item.name for item in fields(HistoryRow)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = not path.exists() or _header(path) != names
        with path.open("w" if whole else "a", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, names)
            if whole:
                writer.writeheader()
            writer.writerows(asdict(one) for one in (rows if whole else rows[-1:]))
    except OSError as error:
        raise MonitoringError("MON918", f"{path} cannot be written ({error.strerror}); name another") from error


def _header(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as stream:
        return next(csv.reader(stream), [])


def since_when(report: DriftReport, path: Path | None) -> dict[str, str]:
    """Return for each check that is not stable the first report in a row that said so, this one included."""
    rows = [] if path is None else read_history(path)
    now = report.drift.reading.last if report.drift.reading else report.created_at
    raised = [item.code for item in report.checks if item.level.is_raised]
    return {code: _first_in_a_row(code, rows) or now for code in raised}


def is_blind(report: DriftReport) -> bool:
    """Tell whether a window was too small for an effect of the size of an alarm to be seen."""
    sizes = (report.drift.reference.n_effective, report.drift.current.n_effective)
    return min(sizes) < report.config.seeing_rows


def blind_in_a_row(report: DriftReport, path: Path | None) -> int:
    """Return how many reports in a row were blind, this one included; 0 where this one sees."""
    if not is_blind(report):
        return 0
    before = [] if path is None else read_history(path)
    return 1 + next((count for count, row in enumerate(reversed(before)) if row.blind != BLIND), len(before))


def _first_in_a_row(code: str, rows: list[HistoryRow]) -> str:
    first = ""
    for row in reversed(rows):
        if code not in (row.alerts + SEPARATOR + row.watches).split():
            break
        first = row.period
    return first
