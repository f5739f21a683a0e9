"""False alarms: what the reference says of itself, so that an alarm is more than the noise of drawing a window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from metrics.intervals import upper_limit
from monitoring.checks.trials import FEWEST_CHUNKS
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.checks.trials import TrialPlan, Trials
    from scoring.contract import Contract

LIMIT_QUANTILE = 0.99
DRAWN, CHUNKS = "tirages", "tranches"
# Three standard deviations above the mean, as control charts have them since Shewhart (1931).
SPREADS = 3.0


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """What pairs of windows of one population say.

    Attributes
    ----------
    method
        `DRAWN` at random, or `CHUNKS` of the reference, one after the other, each against the rest.
    alerts, not_stable
        Reports that gave the alarm, and that said anything but *stable*.
    false_alarm_rate, false_alarm_rate_below
        Share of the reports that gave the alarm, and its upper 95 % limit (Clopper and Pearson, 1934).
    limits
        By code, the 99th percentile of the check's worst value: its false-alarm limit. Of chunks, the largest of
        `subject_limits`.
    subject_limits
        By code and subject, three standard deviations above the mean over the chunks: seasons, campaigns and drifts
        that the accepted period has had itself are in them.
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
    method: str = DRAWN
    subject_limits: dict[str, dict[str, float]] = field(default_factory=dict)


def measure_false_alarms(plan: TrialPlan, *, seed: int) -> FalseAlarms:
    """Count the alarms that windows of one population raise, and how far chance alone moves each check.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    trials = plan.run(np.random.default_rng(seed))
    return _measured(
        plan,
        trials,
        limits={
            code: float(np.quantile(values, LIMIT_QUANTILE)) for code, values in trials.worst_by_code.items() if values
        },
    )


def measure_chunks(plan: TrialPlan, *, seed: int) -> FalseAlarms:
    """Count the alarms that the reference's own chunks raise, and how far each value strays over them.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few chunks.
    """
    trials = plan.over_chunks(np.random.default_rng(seed))
    limits: dict[str, dict[str, float]] = {}
    for (code, subject), values in trials.values_by_subject.items():
        if len(values) >= FEWEST_CHUNKS:
            limits.setdefault(code, {})[subject] = float(np.mean(values) + SPREADS * np.std(values, ddof=1))
    return _measured(
        plan,
        trials,
        limits={code: max(by_subject.values()) for code, by_subject in limits.items()},
        method=CHUNKS,
        subject_limits=limits,
    )


def _measured(
    plan: TrialPlan,
    trials: Trials,
    *,
    limits: dict[str, float],
    method: str = DRAWN,
    subject_limits: dict[str, dict[str, float]] | None = None,
) -> FalseAlarms:
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
        limits=limits,
        loud=dict(trials.raised_by_code),
        method=method,
        subject_limits=subject_limits or {},
    )


def false_alarms_bytes(measured: FalseAlarms) -> bytes:
    """Return the JSON form of measured false alarms."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(measured, indent=1) + b"\n"


def read_false_alarms(path: Path, contract: Contract) -> FalseAlarms:
    """Return what was measured of the reference, whose limits hold for a model.

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
    return measured
