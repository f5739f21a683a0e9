"""Power: how often a known drift of known strength is detected, and by which checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring.checks.injection import INJECTIONS
from monitoring.windows.arrays import ArrayWindow
from monitoring.windows.predictions import Predictions
from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.checks.injection import Injection
    from monitoring.checks.trials import TrialPlan, Trials
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


def measure_power(plan: TrialPlan, score: Callable[[Columns], np.ndarray], *, seed: int) -> list[Detection]:
    """Put every drift at every strength into windows of one population, and judge them.

    Parameters
    ----------
    score
        Gives the model's probabilities of default for columns, as the service would; called on the changed ones.

    Raises
    ------
    MonitoringError
        ``MON916`` when the pool holds too few applications for two windows apart.
    """
    found: list[Detection] = []
    for injection in INJECTIONS:
        for strength in injection.strengths:
            generator = np.random.default_rng([seed, len(found)])
            trials = plan.run(generator, _injecting(plan.contract, score, injection, strength, generator))
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
        window = window if injection.rows is None else window.take(np.arange(injection.rows))
        columns = injection.change(contract, window.columns, strength, generator)
        probability = score(columns)
        outcomes, weights = injection.outcomes, injection.weights
        outcome = None if outcomes is None else outcomes(probability, strength, generator)
        weight = None if weights is None else weights(probability, strength, generator)
        refused = refuses(probability, threshold=contract.decision.threshold)
        changed = ArrayWindow(columns, Predictions(probability, refused, outcome, weights=weight), weights=weight)
        if weight is not None:
            return changed.take(np.flatnonzero(weight))
        return changed if injection.places is None else changed.take(injection.places(probability, strength, generator))

    return change


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
