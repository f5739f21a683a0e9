"""Business cost of decisions, and the threshold that minimises it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from scoring.decision import DecisionCosts, bayes_threshold, refuses

COSTS = DecisionCosts(false_negative=10.0, false_positive=1.0)
RESAMPLES = 500


def costs_per_application(
    default_probability: np.ndarray, default: np.ndarray, *, threshold: float, costs: DecisionCosts = COSTS
) -> np.ndarray:
    """Return what each decision costs once the outcome is known, shape ``(n_applications,)``.

    >>> costs_per_application(np.array([0.5, 0.5, 0.0, 0.0]), np.array([1, 0, 1, 0]), threshold=0.1).tolist()
    [0.0, 1.0, 10.0, 0.0]
    """
    refused = refuses(default_probability, threshold=threshold)
    return np.where(
        default == 1, np.where(refused, 0.0, costs.false_negative), np.where(refused, costs.false_positive, 0.0)
    )


def expected_cost(
    default_probability: np.ndarray, default: np.ndarray, *, threshold: float, costs: DecisionCosts = COSTS
) -> float:
    """Return ``(FN cost * FN + FP cost * FP) / n``.

    >>> expected_cost(np.array([0.5, 0.0]), np.array([0, 1]), threshold=0.1)
    5.5
    """
    return float(costs_per_application(default_probability, default, threshold=threshold, costs=costs).mean())


@dataclass(frozen=True, slots=True)
class ThresholdChoice:
    """The threshold and how firmly the data holds it.

    Attributes
    ----------
    threshold
        Median over resamples of the cost-minimising threshold: steadier than the minimum of one jagged curve.
    interval
        2.5 % and 97.5 % quantiles over resamples.
    empirical_minimiser
        The minimiser on the sample as it is.
    bayes
        The best threshold of a perfectly calibrated model, 1/11 for costs 10 to 1.
    """

    threshold: float
    interval: tuple[float, float]
    empirical_minimiser: float
    bayes: float

    @property
    def bayes_within_interval(self) -> bool:
        """Say whether the data agrees with the theory of calibrated probabilities."""
        low, high = self.interval
        return low <= self.bayes <= high


def choose_threshold(
    default_probability: np.ndarray,
    default: np.ndarray,
    *,
    seed: int,
    costs: DecisionCosts = COSTS,
    resamples: int = RESAMPLES,
) -> ThresholdChoice:
    """Choose the threshold of least cost from out-of-fold probabilities.

    Parameters
    ----------
    default_probability, default
        Out-of-fold and calibrated probabilities, and outcomes; shape ``(n_applications,)``.
    seed
        Of the bootstrap.
    """
    minimisers = minimising_thresholds(default_probability, default, seed=seed, costs=costs, resamples=resamples)
    low, middle, high = np.quantile(minimisers, [0.025, 0.5, 0.975])
    return ThresholdChoice(
        threshold=float(middle),
        interval=(float(low), float(high)),
        empirical_minimiser=least_cost_threshold(default_probability, default, costs=costs),
        bayes=bayes_threshold(costs),
    )


def least_cost(score: np.ndarray, default: np.ndarray, costs: DecisionCosts = COSTS) -> float:
    """Return the cost per application at the threshold that suits these very rows best.

    >>> least_cost(np.array([0.9, 0.8, 0.1]), np.array([1, 0, 0]))
    0.0
    """
    order = rankdata(score)  # only the order matters, and a threshold is looked for among positive numbers
    threshold = least_cost_threshold(order, default, costs=costs)
    return expected_cost(order, default, threshold=threshold, costs=costs)


def minimising_thresholds(
    default_probability: np.ndarray,
    default: np.ndarray,
    *,
    seed: int,
    costs: DecisionCosts = COSTS,
    resamples: int = RESAMPLES,
) -> np.ndarray:
    """Return the threshold of least cost of each bootstrap resample, shape ``(resamples,)``."""
    order = np.argsort(-default_probability, kind="stable")
    probability, outcome = default_probability[order], default[order]
    generator = np.random.default_rng(seed)
    size = len(order)
    weights = (np.bincount(generator.integers(size, size=size), minlength=size) for _ in range(resamples))
    return np.array([_minimiser(probability, outcome, weight, costs) for weight in weights])


def least_cost_threshold(
    default_probability: np.ndarray, default: np.ndarray, *, costs: DecisionCosts = COSTS
) -> float:
    """Return the threshold of least cost on the rows as they are."""
    order = np.argsort(-default_probability, kind="stable")
    return _minimiser(default_probability[order], default[order], np.ones(len(order)), costs)


def _minimiser(probability: np.ndarray, outcome: np.ndarray, weight: np.ndarray, costs: DecisionCosts) -> float:
    """Return the threshold of least cost; `probability` falls, and the first k rows are refused."""
    gain = weight * np.where(outcome == 1, costs.false_negative, -costs.false_positive)
    # Rows of equal probability are refused together: a cut is possible only where the probability changes.
    last_of_its_value = np.append(probability[1:] != probability[:-1], True)
    saved = np.where(last_of_its_value, np.cumsum(gain), -np.inf)
    best = int(np.argmax(saved))
    if saved[best] <= 0:  # refusing nobody is best
        return float(np.nextafter(probability[0], np.inf))
    below = probability[best + 1] if best + 1 < len(probability) else 0.0
    return float((probability[best] + below) / 2)
