"""Power: how often a known drift of known strength is detected, and by which checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring.checks.injection import INJECTIONS
from monitoring.checks.trials import run_trials
from monitoring.windows.arrays import ArrayWindow
from monitoring.windows.predictions import Predictions
from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.checks.injection import Injection
    from monitoring.checks.trials import Trials
    from monitoring.config import MonitoringConfig
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
        Applications with predictions; windows without a common application are drawn from it.
    score
        Gives the model's probabilities of default for columns, as the service would; called on the changed ones.
    rows
        Applications of the reference window and of the current one.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    found: list[Detection] = []
    for injection in INJECTIONS:
        for strength in injection.strengths:
            generator = np.random.default_rng([seed, len(found)])
            change = _injecting(contract, score, injection, strength, generator)
            trials = run_trials(
                contract,
                pool,
                rows=rows,
                reports=reports,
                generator=generator,
                config=config,
                change=change,
                advance=advance,
            )
            found.append(_detection(injection, strength, trials))
    return found


def _injecting(
    contract: Contract,
    score: Callable[[Columns], np.ndarray],
    injection: Injection,
    strength: float,
    generator: np.random.Generator,
) -> Callable[[ArrayWindow], ArrayWindow]:
    """Return what puts a drift into a window and lets the model score what comes out."""

    def change(window: ArrayWindow) -> ArrayWindow:
        columns = injection.change(contract, window.columns, strength, generator)
        probability = score(columns)
        outcome = _outcomes(probability, strength, generator) if injection.outcome_odds else None
        refused = refuses(probability, threshold=contract.decision.threshold)
        return ArrayWindow(columns, Predictions(probability, refused, outcome))

    return change


def _outcomes(probability: np.ndarray, factor: float, generator: np.random.Generator) -> np.ndarray:
    """Draw what becomes of applicants whose odds of default are so many times what the model says."""
    odds = factor * probability / (1 - probability)
    return np.asarray(generator.random(len(probability)) < odds / (1 + odds), float)


def _detection(injection: Injection, strength: float, trials: Trials) -> Detection:
    often = OFTEN * len(trials)
    return Detection(
        key=injection.key,
        title=injection.title,
        strength=strength,
        reports=len(trials),
        noticed=trials.raised / len(trials),
        alarmed=trials.alerts / len(trials),
        codes=tuple(sorted(code for code, count in trials.raised_by_code.items() if count >= often)),
    )
