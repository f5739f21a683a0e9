"""What a report is: the value that its pages, its history and its alarms are written from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

if TYPE_CHECKING:
    from monitoring.checks.checks import CheckResult
    from monitoring.config import Level, MonitoringConfig
    from monitoring.drift.measure import Drift
    from monitoring.report.evidently import EvidentlyResult


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model answered."""

    name: str
    version: str
    training_run_id: str
    decision_threshold: float
    seal: str = ""


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


def report_bytes(report: DriftReport) -> bytes:
    """Return the JSON form of a report."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(report, indent=1) + b"\n"
