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

    from monitoring.checks.false_alarms import FalseAlarms
    from monitoring.checks.power import Detection
    from monitoring.windows.arrays import ArrayWindow, Columns


@dataclass(frozen=True, slots=True)
class Quiet:
    """How often windows without drift are compared, and how large they are (reference, current)."""

    rows: tuple[int, int]
    reports: int


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is drawn and how often.

    Attributes
    ----------
    quiet
        Windows without drift, by size.
    rows
        Applications of the reference window and of the current one into which a drift is put.
    reports
        Per drift and strength.
    """

    quiet: tuple[Quiet, ...] = (
        Quiet((5_000, 300), 300),
        Quiet((5_000, 1_000), 300),
        Quiet((5_000, 3_000), 400),
        Quiet((30_000, 30_000), 300),
    )
    rows: tuple[int, int] = (5_000, 3_000)
    reports: int = 10
    seed: int = 0


def measure_drift_power(folder: Path = SAMPLE_POPULATION, sizes: Sizes | None = None) -> dict[str, Any] | None:
    """Measure false alarms and power on what ``make report`` left in `folder`; ``None`` when it has not been there.

    A size of windows that the folder has too few applications for is left out.
    """
    windows, sizes = windows_in(folder), sizes or Sizes()
    if windows is None:
        return None
    bundle = Bundle.open(windows.bundle)
    pool = read_pool(windows, bundle.contract)
    quiet = [one for one in sizes.quiet if sum(one.rows) <= pool.n_applications]
    measured = [_quiet(bundle, pool, one, seed=sizes.seed) for one in quiet]
    with tqdm(desc="power", disable=None) as bar:
        plan = TrialPlan(bundle.contract, pool, sizes.rows, sizes.reports, advance=bar.update)
        found = measure_power(plan, scorer(bundle), seed=sizes.seed)
    return {
        "pool_rows": pool.n_applications,
        "quiet": [_told(one) for one in measured],
        "reference_rows": sizes.rows[0],
        "current_rows": sizes.rows[1],
        "reports": sizes.reports,
        "drifts": _by_drift(found),
    }


def _quiet(bundle: Bundle, pool: ArrayWindow, size: Quiet, *, seed: int) -> FalseAlarms:
    """Return what windows of one population set off."""
    with tqdm(desc=f"false alarms at {size.rows[1]:,}", total=size.reports, disable=None) as bar:
        plan = TrialPlan(bundle.contract, pool, size.rows, size.reports, advance=bar.update)
        return measure_false_alarms(plan, seed=seed)


def _told(measured: FalseAlarms) -> dict[str, Any]:
    return {
        "reference_rows": measured.reference_rows,
        "current_rows": measured.current_rows,
        "reports": measured.reports,
        "false_alarms": measured.alerts,
        "not_stable": measured.not_stable,
        "false_alarm_rate_below": measured.false_alarm_rate_below,
    }


def _by_drift(found: Sequence[Detection]) -> dict[str, dict[str, Any]]:
    """Return by drift and strength how often it was noticed and alarmed, and which checks were often loud."""
    drifts: dict[str, dict[str, Any]] = {}
    for one in found:
        told = {"noticed": one.noticed, "alarmed": one.alarmed, "codes": list(one.codes)}
        drifts.setdefault(one.key, {})[f"{one.strength:g}"] = told
    return drifts


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
