"""Power: how often a known drift of known strength is detected, and by which checks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from commandline.markdown import table
from monitoring.checks.catalogue import CHECKS
from monitoring.checks.checks import overall_level, run_checks
from monitoring.checks.injection import INJECTIONS
from monitoring.config import Level, MonitoringConfig
from monitoring.drift.measure import measure_drift
from monitoring.report.wording import number, percent
from monitoring.windows.answers import Answers
from monitoring.windows.arrays import ArrayWindow
from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring.checks.checks import CheckResult
    from monitoring.checks.injection import Injection
    from monitoring.windows.arrays import Columns
    from scoring.contract import Contract

OFTEN = 0.5


@dataclass(frozen=True, slots=True)
class Detection:
    """What the reports said of one drift at one strength.

    Attributes
    ----------
    noticed, alarmed
        Share of the reports that said *watch* or louder, and *alert*.
    codes
        Checks that were not stable in half of the reports or more.
    """

    key: str
    title: str
    strength: float
    reports: int
    noticed: float
    alarmed: float
    codes: tuple[str, ...]


def measure_power(
    contract: Contract,
    pool: ArrayWindow,
    score: Callable[[Columns], np.ndarray],
    *,
    rows: tuple[int, int],
    reports: int,
    seed: int,
    config: MonitoringConfig | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> list[Detection]:
    """Put every drift at every strength into windows of one population, and judge them.

    Parameters
    ----------
    pool
        Applications with answers; windows without a common application are drawn from it.
    score
        Gives the model's probabilities of default for columns, as the service would; called on the changed ones.
    rows
        Applications of the reference window and of the current one.
    """
    config = config or MonitoringConfig()
    found: list[Detection] = []
    for injection in INJECTIONS:
        for strength in injection.strengths:
            generator = np.random.default_rng([seed, len(found)])
            judged = []
            for _ in range(reports):
                windows = _apart(pool, rows, generator)
                judged.append(_judged(contract, windows, score, injection, strength, generator, config))
                advance(1)
            found.append(_detection(injection, strength, judged))
    return found


def _judged(
    contract: Contract,
    windows: tuple[ArrayWindow, ArrayWindow],
    score: Callable[[Columns], np.ndarray],
    injection: Injection,
    strength: float,
    generator: np.random.Generator,
    config: MonitoringConfig,
) -> tuple[CheckResult, ...]:
    before, drawn = windows
    columns = injection.change(contract, drawn.columns, strength, generator)
    probability = score(columns)
    outcome = _outcomes(probability, strength, generator) if injection.outcome_odds else None
    answers = Answers(probability, refuses(probability, threshold=contract.decision.threshold), outcome)
    return run_checks(CHECKS, measure_drift(contract, before, ArrayWindow(columns, answers), config), config)


def _apart(pool: ArrayWindow, rows: tuple[int, int], generator: np.random.Generator) -> tuple[ArrayWindow, ArrayWindow]:
    """Draw two windows without a common application."""
    order = generator.permutation(pool.n_applications)
    return pool.take(order[: rows[0]]), pool.take(order[rows[0] : sum(rows)])


def _outcomes(probability: np.ndarray, factor: float, generator: np.random.Generator) -> np.ndarray:
    """Draw what becomes of applicants whose odds of default are so many times what the model says."""
    odds = factor * probability / (1 - probability)
    return np.asarray(generator.random(len(probability)) < odds / (1 + odds), float)


def _detection(injection: Injection, strength: float, judged: list[tuple[CheckResult, ...]]) -> Detection:
    levels = [overall_level(results) for results in judged]
    loud = Counter(item.code for results in judged for item in results if item.level in (Level.WATCH, Level.ALERT))
    return Detection(
        key=injection.key,
        title=injection.title,
        strength=strength,
        reports=len(judged),
        noticed=sum(level in (Level.WATCH, Level.ALERT) for level in levels) / len(levels),
        alarmed=levels.count(Level.ALERT) / len(levels),
        codes=tuple(sorted(code for code, count in loud.items() if count >= OFTEN * len(judged))),
    )


def power_table(found: Sequence[Detection]) -> str:
    """Return the table for people, in French."""
    head = ("dérive injectée", "force", "remarquée", "en alerte", "contrôles (dans la moitié des rapports ou plus)")
    return table(
        head,
        [
            (
                item.title,
                number(item.strength, 3).rstrip("0").rstrip(","),
                percent(item.noticed),
                percent(item.alarmed),
                ", ".join(item.codes) or "–",
            )
            for item in found
        ],
    )
