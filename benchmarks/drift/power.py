"""How honest the drift alarms are: false alarms and power, on the sample population.

It sits here because injected drifts are scored by the model itself, which the monitoring room may not load.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from tqdm import tqdm

from benchmarks.drift.windows import SAMPLE_POPULATION, read_pool, windows_in
from monitoring.checks.false_alarms import measure_false_alarms
from monitoring.checks.power import measure_power
from monitoring.checks.trials import TrialPlan
from scoring.bundle import Bundle
from scoring.model import Model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmarks.drift.windows import DriftWindows
    from monitoring.checks.false_alarms import FalseAlarms
    from monitoring.checks.power import Detection
    from monitoring.windows.arrays import Columns


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is drawn and how often.

    Attributes
    ----------
    rows
        Applications of the reference window and of the current one.
    reports
        Per drift and strength.
    """

    rows: tuple[int, int] = (5_000, 3_000)
    quiet_reports: int = 300
    reports: int = 10
    seed: int = 0


def measure_drift_power(folder: Path = SAMPLE_POPULATION, sizes: Sizes | None = None) -> dict[str, Any] | None:
    """Measure false alarms and power on what ``make report`` left in `folder`; ``None`` when it has not been there."""
    windows = windows_in(folder)
    if windows is None:
        return None
    measured, found = _measured(windows, sizes or Sizes())
    return {
        "pool_rows": measured.pool_rows,
        "reference_rows": measured.reference_rows,
        "current_rows": measured.current_rows,
        "quiet_reports": measured.reports,
        "false_alarms": measured.alerts,
        "not_stable": measured.not_stable,
        "false_alarm_rate_below": measured.false_alarm_rate_below,
        "reports": found[0].reports,
        "drifts": _by_drift(found),
    }


def _by_drift(found: Sequence[Detection]) -> dict[str, dict[str, Any]]:
    """Return by drift and strength how often it was noticed and alarmed, and which checks were often loud."""
    drifts: dict[str, dict[str, Any]] = {}
    for one in found:
        told = {"noticed": one.noticed, "alarmed": one.alarmed, "codes": list(one.codes)}
        drifts.setdefault(one.key, {})[f"{one.strength:g}"] = told
    return drifts


def _measured(windows: DriftWindows, sizes: Sizes) -> tuple[FalseAlarms, Sequence[Detection]]:
    """Return the quiet measured of one population, and what injected drifts set off."""
    bundle = Bundle.open(windows.bundle)
    contract = bundle.contract
    pool = read_pool(windows, contract)
    with tqdm(desc="false alarms", total=sizes.quiet_reports, disable=None) as bar:
        plan = TrialPlan(contract, pool, sizes.rows, sizes.quiet_reports, advance=bar.update)
        measured = measure_false_alarms(plan, seed=sizes.seed)
    with tqdm(desc="power", disable=None) as bar:
        plan = TrialPlan(contract, pool, sizes.rows, sizes.reports, advance=bar.update)
        found = measure_power(plan, scorer(bundle), seed=sizes.seed)
    return measured, found


def scorer(bundle: Bundle) -> Callable[[Columns], np.ndarray]:
    """Return the model as a function of columns; a category it does not know is missing to it."""
    model = Model.of(bundle)

    def score(columns: Columns) -> np.ndarray:
        encoded = [_encoded(columns[item.name], item.categories) for item in bundle.contract.inputs]
        return np.asarray(model.score(np.column_stack(encoded)).default_probability)

    return score


def _encoded(values: np.ndarray, categories: Sequence[str]) -> np.ndarray:
    if not categories:
        return values.astype(float)
    order: dict[Any, float] = {category: float(place) for place, category in enumerate(categories)}
    return np.array([order.get(value, np.nan) for value in values])
