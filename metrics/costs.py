"""Business cost of decisions, and the threshold that minimises it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import rankdata

from metrics.intervals import normal_interval, percentile_interval
from scoring.decision import DecisionCosts, bayes_threshold, refuses

if TYPE_CHECKING:
    from scoring.contract import DecisionPolicy, Estimate

COSTS = DecisionCosts(false_negative=10.0, false_positive=1.0)
THRESHOLD_RESAMPLES = 500


def costs_of(policy: DecisionPolicy) -> DecisionCosts:
    """Return the costs that a contract's policy was set for."""
    return DecisionCosts(policy.false_negative_cost, policy.false_positive_cost)


def decision_costs(refused: np.ndarray, default: np.ndarray, *, costs: DecisionCosts = COSTS) -> np.ndarray:
    """Return what each decision costs: a default granted, or a good applicant declined; shape ``(n_applications,)``.

    Parameters
    ----------
    default
        1 or 0 where the outcome is known; its probability where it is not, and the cost is the one to expect.

    Examples
    --------
    >>> decision_costs(np.array([False, True]), np.array([0.1, 0.1])).tolist()
    [1.0, 0.9]
    """
    return np.where(refused, (1 - default) * costs.false_positive, default * costs.false_negative)


def costs_per_application(
    default_probability: np.ndarray,
    default: np.ndarray,
    *,
    threshold: float | np.ndarray,
    costs: DecisionCosts = COSTS,
) -> np.ndarray:
    """Return what each application costs when it is decided at a threshold, the same for all or one each.

    >>> costs_per_application(np.array([0.5, 0.5, 0.0, 0.0]), np.array([1, 0, 1, 0]), threshold=0.1).tolist()
    [0.0, 1.0, 10.0, 0.0]
    """
    return decision_costs(refuses(default_probability, threshold=threshold), default, costs=costs)


def mean_cost(
    refused: np.ndarray, default: np.ndarray, *, costs: DecisionCosts = COSTS, weight: np.ndarray | None = None
) -> Estimate:
    """Return the mean of `decision_costs` with the interval in which the outcomes will put it.

    Parameters
    ----------
    default
        As in `decision_costs`; where it is a probability, the chance of the outcome is in the interval.
    weight
        For how many applications each counts, none for more than 1.
    """
    chance_of_error = np.where(refused, 1 - default, default)
    price = np.where(refused, costs.false_positive, costs.false_negative)
    size = len(default) if weight is None else float(weight.sum())
    mean = float(np.average(chance_of_error * price, weights=weight))
    # Second moment of a cost that is `price` with that chance and 0 otherwise. Rounding may leave the variance of a
    # constant just below zero.
    variance = max(float(np.average(chance_of_error * price**2, weights=weight)) - mean**2, 0.0)
    return normal_interval(mean, (variance / size) ** 0.5)


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
    seed: int | np.random.Generator,
    costs: DecisionCosts = COSTS,
    resamples: int = THRESHOLD_RESAMPLES,
    weight: np.ndarray | None = None,
) -> ThresholdChoice:
    """Choose the threshold of least cost from out-of-fold probabilities.

    Parameters
    ----------
    default_probability, default
        Out-of-fold and calibrated probabilities, and outcomes; shape ``(n_applications,)``.
    seed
        Of the bootstrap, or the generator that it goes on drawing from.
    weight
        For how many applications each counts; 1 where it is not given.
    """
    minimisers = minimising_thresholds(
        default_probability, default, seed=seed, costs=costs, resamples=resamples, weight=weight
    )
    choice = percentile_interval(float(np.quantile(minimisers, 0.5)), minimisers)
    return ThresholdChoice(
        threshold=choice.value,
        interval=(choice.low, choice.high),
        empirical_minimiser=least_cost_threshold(default_probability, default, costs=costs, weight=weight),
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
    seed: int | np.random.Generator,
    costs: DecisionCosts = COSTS,
    resamples: int = THRESHOLD_RESAMPLES,
    weight: np.ndarray | None = None,
) -> np.ndarray:
    """Return the threshold of least cost of each bootstrap resample, shape ``(resamples,)``."""
    order = np.argsort(-default_probability, kind="stable")
    probability, outcome = default_probability[order], default[order]
    each = 1 if weight is None else weight[order]
    generator = np.random.default_rng(seed)
    size = len(order)
    drawn = (np.bincount(generator.integers(size, size=size), minlength=size) for _ in range(resamples))
    return np.array([_minimiser(probability, outcome, each * times, costs) for times in drawn])


def least_cost_threshold(
    default_probability: np.ndarray,
    default: np.ndarray,
    *,
    costs: DecisionCosts = COSTS,
    weight: np.ndarray | None = None,
) -> float:
    """Return the threshold of least cost on the rows as they are, each as often as its weight says.

    Parameters
    ----------
    default
        1 or 0 where the outcome is known; its probability where it is not.
    """
    order = np.argsort(-default_probability, kind="stable")
    each = np.ones(len(order)) if weight is None else weight[order]
    return _minimiser(default_probability[order], default[order], each, costs)


def _minimiser(probability: np.ndarray, outcome: np.ndarray, weight: np.ndarray, costs: DecisionCosts) -> float:
    """Return the threshold of least cost, half way between two distinct values that are told apart there.

    `probability` falls, and the first k rows are refused.
    """
    # Counted apart and priced afterwards: whole numbers add up to the same in any order, prices do not.
    defaults, goods = np.cumsum(weight * outcome), np.cumsum(weight * (1 - outcome))
    # Rows of equal probability are refused together: a cut is possible only where the probability changes.
    last_of_its_value = np.append(probability[1:] != probability[:-1], True)
    saved = np.where(last_of_its_value, costs.false_negative * defaults - costs.false_positive * goods, -np.inf)
    best = int(np.argmax(saved))
    if saved[best] <= 0:  # refusing nobody is best
        return float(np.nextafter(probability[0], np.inf))
    below = probability[best + 1] if best + 1 < len(probability) else 0.0
    middle = float((probability[best] + below) / 2)
    # Between two neighbouring floats there is no middle: it may round to the lower one, which must not be refused.
    return middle if middle > below else float(probability[best])
