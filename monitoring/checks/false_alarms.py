"""The quiet zone: what the reference says of itself, so that an alarm is more than the noise of drawing a window."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from metrics.intervals import upper_limit
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import overall_level, run_checks
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from monitoring.checks.checks import CheckResult
    from monitoring.windows.arrays import ArrayWindow
    from scoring.contract import Contract

QUIET_QUANTILE = 0.99


@dataclass(frozen=True, slots=True)
class QuietZone:
    """What pairs of windows drawn from one population say.

    Attributes
    ----------
    alerts, not_stable
        Reports that gave the alarm, and that said anything but *stable*.
    false_alarm_rate, false_alarm_rate_below
        Share of the reports that gave the alarm, and its upper 95 % limit (Clopper and Pearson, 1934).
    limits
        By code, the 99th percentile of the check's worst figure.
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


def measure_quiet_zone(
    contract: Contract,
    pool: ArrayWindow,
    *,
    rows: tuple[int, int],
    reports: int,
    seed: int,
    config: MonitoringConfig | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> QuietZone:
    """Draw two windows without a common application from one population, again and again, and judge each pair.

    Parameters
    ----------
    rows
        Applications of the reference window and of the current one.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    config = config or MonitoringConfig()
    if pool.n_applications < sum(rows):
        detail = f"{pool.n_applications:,} applications, {sum(rows):,} needed for two windows apart"
        raise MonitoringError("MON916", f"the reference is too short: {detail}; ask for fewer rows")
    generator = np.random.default_rng(seed)
    judged = []
    for _ in range(reports):
        order = generator.permutation(pool.n_applications)
        before, after = pool.take(order[: rows[0]]), pool.take(order[rows[0] : sum(rows)])
        judged.append(run_checks(CHECKS, measure_drift(contract, before, after, config), config))
        advance(1)
    return _zone(contract, pool, rows, judged)


def _zone(
    contract: Contract, pool: ArrayWindow, rows: tuple[int, int], judged: list[tuple[CheckResult, ...]]
) -> QuietZone:
    levels = [overall_level(results) for results in judged]
    alerts = levels.count(Level.ALERT)
    worst = {
        check.code: [item.worst for results in judged for item in results if item.code == check.code]
        for check in CHECKS
    }
    loud = Counter(item.code for results in judged for item in results if item.level in (Level.WATCH, Level.ALERT))
    return QuietZone(
        training_run_id=contract.identity.training_run_id,
        reference_rows=rows[0],
        current_rows=rows[1],
        pool_rows=pool.n_applications,
        reports=len(judged),
        alerts=alerts,
        not_stable=alerts + levels.count(Level.WATCH),
        false_alarm_rate=alerts / len(judged),
        false_alarm_rate_below=upper_limit(alerts, len(judged)),
        limits={
            code: float(np.quantile([value for value in values if value is not None], QUIET_QUANTILE))
            for code, values in worst.items()
            if any(value is not None for value in values)
        },
        loud=dict(loud),
    )


def quiet_bytes(zone: QuietZone) -> bytes:
    """Return the JSON form of a quiet zone."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(zone, indent=1) + b"\n"


def read_quiet_limits(path: Path, contract: Contract) -> dict[str, float]:
    """Return the limits of a measured quiet zone.

    Raises
    ------
    MonitoringError
        ``MON917`` when the file is absent or no quiet zone, or was measured with another model.
    """
    try:
        zone = TypeAdapter(QuietZone).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise MonitoringError(
            "MON917", f"{path} is no quiet zone; make it with `python -m monitoring quiet`"
        ) from error
    if zone.training_run_id != contract.identity.training_run_id:
        raise MonitoringError("MON917", f"{path} was measured with another model; measure it again with this bundle")
    return zone.limits
