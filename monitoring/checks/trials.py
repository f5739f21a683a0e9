"""Reports on windows drawn again and again from one population: what false alarms and power are counted in."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from metrics.values import NotApplicable
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import overall_level, run_checks
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from monitoring.checks.checks import CheckResult
    from monitoring.windows.arrays import ArrayWindow
    from scoring.contract import Contract


# Of fewer, the spread of a value over chunks is a guess.
FEWEST_CHUNKS = 5


@dataclass(frozen=True, slots=True)
class Trials:
    """What every check said of every pair of windows.

    Attributes
    ----------
    results
        Shape ``(n_reports, n_checks)``.
    values_by_subject
        By code and subject, the values of all reports, the quiet ones too.
    """

    results: tuple[tuple[CheckResult, ...], ...]
    values_by_subject: Mapping[tuple[str, str], list[float]] = field(default_factory=dict)

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
        orders = (generator.permutation(n) for _ in range(self.reports))
        return self._judged(
            (self.pool.take(order[: self.rows[0]]), change(self.pool.take(order[self.rows[0] : needed])))
            for order in orders
        )

    def over_chunks(self, generator: np.random.Generator) -> Trials:
        """Cut the pool into chunks in its order, and judge each against applications of all others.

        Raises
        ------
        MonitoringError
            ``MON916`` when there are too few chunks.
        """
        n, size = self.pool.n_applications, self.rows[1]
        if n < FEWEST_CHUNKS * size:
            detail = f"{n:,} applications, {FEWEST_CHUNKS} chunks of {size:,} needed"
            raise MonitoringError("MON916", f"the reference is too short: {detail}; ask for fewer rows")
        order = self.pool.by_period()
        chunks = np.array_split(order, n // size)

        def pairs() -> Iterator[tuple[ArrayWindow, ArrayWindow]]:
            for place, chunk in enumerate(chunks):
                rest = np.concatenate([one for other, one in enumerate(chunks) if other != place])
                yield self.pool.take(generator.permutation(rest)[: self.rows[0]]), self.pool.take(chunk)

        return self._judged(pairs())

    def _judged(self, pairs: Iterable[tuple[ArrayWindow, ArrayWindow]]) -> Trials:
        """Judge each pair of a reference window and a current one."""
        results, values = [], defaultdict[tuple[str, str], list[float]](list)
        for before, after in pairs:
            drift = measure_drift(self.contract, before, after, self.config)
            results.append(run_checks(CHECKS, drift, self.config))
            for check in CHECKS:
                found = check.findings(drift)
                for one in [] if isinstance(found, NotApplicable) else found:
                    values[check.code, one.subject].append(one.value)
            self.advance(1)
        return Trials(tuple(results), dict(values))
