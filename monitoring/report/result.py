"""What a report is: the value that its pages, its history and its alarms are written from."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter

from monitoring.checks.checks import CheckResult
from monitoring.config import MonitoringConfig
from monitoring.drift.measure import Drift
from scoring.contract import CalibrationBin

if TYPE_CHECKING:
    from monitoring.config import Level
    from monitoring.report.evidently_values import EvidentlyResult

# The keys of report.json outlive the names of the code: by type, those that its readers know by another word.
KEYS: dict[type, dict[str, str]] = {
    CheckResult: {"false_alarm_limit": "quiet_limit"},
    Drift: {"predictions": "answers"},
    CalibrationBin: {"mean_probability": "foretold", "default_rate": "observed"},
    MonitoringConfig: {"domain_classifier": "discriminator"},
}


@dataclass(frozen=True, slots=True)
class ModelIdentity:
    """Which model decided."""

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
    importance_in_alert
        Share of the model's importance that rests on inputs whose PSI is in alert (MON001).
    share_in_alert
        Share of the inputs whose PSI is in alert.
    blind_in_a_row
        Reports in a row, this one the last, whose windows were too small to see an alarm; 0 where this one sees.
    """

    created_at: str
    model: ModelIdentity
    level: Level
    checks: tuple[CheckResult, ...]
    since: dict[str, str]
    drift: Drift
    evidently: EvidentlyResult | None
    config: MonitoringConfig
    importance_in_alert: float = 0.0
    share_in_alert: float = 0.0
    blind_in_a_row: int = 0


def json_bytes(value: object) -> bytes:
    """Return the JSON form of a report, or of a part of one."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(_content(value), indent=1) + b"\n"


def _content(value: Any) -> Any:  # noqa: ANN401  whatever a report is made of
    """Return a value with every object in it as a mapping from the keys of the file."""
    if isinstance(value, tuple | list):
        return [_content(one) for one in value]
    if isinstance(value, dict):
        return {key: _content(one) for key, one in value.items()}
    if is_dataclass(value):
        named = {item.name: getattr(value, item.name) for item in fields(value)}
    elif isinstance(value, BaseModel):
        named = dict(value)
    else:
        return value
    keys = KEYS.get(type(value), {})
    return {keys.get(name, name): _content(one) for name, one in named.items()}
