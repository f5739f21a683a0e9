"""False alarms: what the reference says of itself, so that an alarm is more than the noise of drawing a window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from metrics.intervals import upper_limit
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.checks.trials import TrialPlan
    from scoring.contract import Contract

LIMIT_QUANTILE = 0.99


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """What pairs of windows drawn from one population say.

    Attributes
    ----------
    alerts, not_stable
        Reports that gave the alarm, and that said anything but *stable*.
    false_alarm_rate, false_alarm_rate_below
        Share of the reports that gave the alarm, and its upper 95 % limit (Clopper and Pearson, 1934).
    limits
        By code, the 99th percentile of the check's worst value: its false-alarm limit.
    loud
        By code, the reports in which the check was not stable.
    """

    training_run_id: str
    reference_rows: int
    current_rows: int
    pool_rows: int
    reports: int
    alerts: int
    not_stable: int
    false_alarm_rate: float
    false_alarm_rate_below: float
    limits: dict[str, float]
    loud: dict[str, int]


def measure_false_alarms(plan: TrialPlan, *, seed: int) -> FalseAlarms:
    """Count the alarms that windows of one population raise, and how far chance alone moves each check.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    trials = plan.run(np.random.default_rng(seed))
    return FalseAlarms(
        training_run_id=plan.contract.identity.training_run_id,
        reference_rows=plan.rows[0],
        current_rows=plan.rows[1],
        pool_rows=plan.pool.n_applications,
        reports=len(trials),
        alerts=trials.alerts,
        not_stable=trials.raised,
        false_alarm_rate=trials.alerts / len(trials),
        false_alarm_rate_below=upper_limit(trials.alerts, len(trials)),
        limits={
            code: float(np.quantile(values, LIMIT_QUANTILE)) for code, values in trials.worst_by_code.items() if values
        },
        loud=dict(trials.raised_by_code),
    )


def false_alarms_bytes(measured: FalseAlarms) -> bytes:
    """Return the JSON form of measured false alarms."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(measured, indent=1) + b"\n"


def read_false_alarm_limits(path: Path, contract: Contract) -> dict[str, float]:
    """Return the largest value of each check that the reference shows against itself, by code.

    Raises
    ------
    MonitoringError
        ``MON917`` when the file is absent or holds no such limits, or was measured with another model.
    """
    try:
        measured = TypeAdapter(FalseAlarms).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise MonitoringError(
            "MON917", f"{path} holds no false-alarm limits; make it with `python -m monitoring quiet`"
        ) from error
    if measured.training_run_id != contract.identity.training_run_id:
        raise MonitoringError("MON917", f"{path} was measured with another model; measure it again with this bundle")
    return measured.limits
