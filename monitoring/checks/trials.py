"""Reports on windows drawn again and again from one population: what false alarms and power are counted in."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class TrialPlan:
    """From which population windows are drawn, how large, and how often.

    Attributes
    ----------
    pool
        Applications with predictions.
    rows
        Applications of the reference window and of the current one.
    advance
        Called with 1 after each report.
    """

    contract: Contract
    pool: ArrayWindow
    rows: tuple[int, int]
    reports: int
    config: MonitoringConfig = field(default_factory=MonitoringConfig)
    advance: Callable[[int], object] = lambda _: None

    def run(
        self, generator: np.random.Generator, change: Callable[[ArrayWindow], ArrayWindow] = lambda window: window
    ) -> Trials:
        """Draw two windows without a common application, again and again, and judge each pair.

        Parameters
        ----------
        change
            What happens to the current window before it is judged.

        Raises
        ------
        MonitoringError
            ``MON916`` when the pool holds too few applications for two windows apart.
        """
        n, needed = self.pool.n_applications, sum(self.rows)
        if n < needed:
            detail = f"{n:,} applications, {needed:,} needed for two windows apart"
            raise MonitoringError("MON916", f"the reference is too short: {detail}; ask for fewer rows")
        results = []
        for _ in range(self.reports):
            order = generator.permutation(n)
            before, after = self.pool.take(order[: self.rows[0]]), self.pool.take(order[self.rows[0] : needed])
            drift = measure_drift(self.contract, before, change(after), self.config)
            results.append(run_checks(CHECKS, drift, self.config))
            self.advance(1)
        return Trials(tuple(results))
