"""Reports on windows drawn again and again from one population: what false alarms and power are counted in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import overall_level, run_checks
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from monitoring.checks.checks import CheckResult
    from monitoring.windows.arrays import ArrayWindow
    from scoring.contract import Contract


@dataclass(frozen=True, slots=True)
class Trials:
    """What every check said of every pair of windows, shape ``(n_reports, n_checks)``."""

    results: tuple[tuple[CheckResult, ...], ...]

    def __len__(self) -> int:
        return len(self.results)

    @property
    def alerts(self) -> int:
        """Return the reports that gave the alarm."""
        return self._levels().count(Level.ALERT)

    @property
    def raised(self) -> int:
        """Return the reports that said *watch* or louder."""
        return sum(level.is_raised for level in self._levels())

    def _levels(self) -> list[Level]:
        return [overall_level(report) for report in self.results]

    @property
    def raised_by_code(self) -> Counter[str]:
        """Return the reports in which each check said *watch* or louder."""
        return Counter(item.code for report in self.results for item in report if item.level.is_raised)

    @property
    def worst_by_code(self) -> dict[str, list[float]]:
        """Return the worst value of each check in every report where it has one."""
        return {
            check.code: [
                item.worst
                for report in self.results
                for item in report
                if item.code == check.code and item.worst is not None
            ]
            for check in CHECKS
        }


def run_trials(
    contract: Contract,
    pool: ArrayWindow,
    *,
    rows: tuple[int, int],
    reports: int,
    generator: np.random.Generator,
    config: MonitoringConfig | None = None,
    change: Callable[[ArrayWindow], ArrayWindow] = lambda window: window,
    advance: Callable[[int], object] = lambda _: None,
) -> Trials:
    """Draw two windows without a common application from one population, again and again, and judge each pair.

    Parameters
    ----------
    rows
        Applications of the reference window and of the current one.
    change
        What happens to the current window before it is judged.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    config = config or MonitoringConfig()
    if pool.n_applications < sum(rows):
        detail = f"{pool.n_applications:,} applications, {sum(rows):,} needed for two windows apart"
        raise MonitoringError("MON916", f"the reference is too short: {detail}; ask for fewer rows")
    results = []
    for _ in range(reports):
        order = generator.permutation(pool.n_applications)
        before, after = pool.take(order[: rows[0]]), pool.take(order[rows[0] : sum(rows)])
        results.append(run_checks(CHECKS, measure_drift(contract, before, change(after), config), config))
        advance(1)
    return Trials(tuple(results))
