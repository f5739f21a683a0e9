"""What the answers cost and how well they rank: estimated without labels, or realised with them, by one formula.

Where outcomes are known, they are 0 or 1. Where they are not, the probability of default stands in for the outcome:
confidence-based estimation. It is valid only for calibrated probabilities, and blind to a change of the relation
between inputs and default (a concept change), which only labels can show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring.figures import NotApplicable
from scoring.contract import Estimate

if TYPE_CHECKING:
    from monitoring.answers import Answers
    from scoring.contract import DecisionPolicy

# 95 % of a normal distribution.
NORMAL_QUANTILE = 1.959964


@dataclass(frozen=True, slots=True)
class Performance:
    """Figures of one window, each with the 95 % interval that the outcomes would give.

    Attributes
    ----------
    cost
        Business cost per application.
    auc
        Area under the ROC curve.
    default_rate
        Share of defaults.
    cost_error, auc_error
        Standard error of the cost and of the AUC from one window of this population to the next, which is what two
        windows are compared by. For an estimate it is smaller than the interval, in which the outcomes' own chance is.
    """

    n_applications: int
    cost: Estimate
    auc: Estimate | NotApplicable
    default_rate: Estimate
    cost_error: float
    auc_error: float


def estimated_performance(answers: Answers, policy: DecisionPolicy) -> Performance:
    """Return the performance to expect if the probabilities are calibrated."""
    return _performance(answers.probability, answers.probability, answers.refused, policy)


def realised_performance(answers: Answers, policy: DecisionPolicy) -> Performance | NotApplicable:
    """Return the performance on the applications whose outcome is known."""
    if answers.outcome is None:
        return NotApplicable("aucune issue connue (la colonne TARGET est absente ou vide)")
    known = ~np.isnan(answers.outcome)
    return _performance(answers.probability[known], answers.outcome[known], answers.refused[known], policy)


def _performance(
    probability: np.ndarray, outcome: np.ndarray, refused: np.ndarray, policy: DecisionPolicy
) -> Performance:
    return Performance(
        n_applications=len(probability),
        cost=cost_per_application(outcome, refused, policy),
        auc=area_under_curve(probability, outcome),
        default_rate=rate(outcome),
        cost_error=float(np.std(_expected_costs(outcome, refused, policy)) / np.sqrt(len(outcome))),
        auc_error=auc_standard_error(probability, outcome),
    )


def _expected_costs(outcome: np.ndarray, refused: np.ndarray, policy: DecisionPolicy) -> np.ndarray:
    """Return the cost to expect of each application."""
    granted, declined = outcome * policy.false_negative_cost, (1 - outcome) * policy.false_positive_cost
    return np.where(refused, declined, granted)


def cost_per_application(outcome: np.ndarray, refused: np.ndarray, policy: DecisionPolicy) -> Estimate:
    """Return the mean cost: a default granted, or a good applicant declined.

    Parameters
    ----------
    outcome
        Chance of default of each application: 0 or 1 where known, its probability where not.
    refused
        Decisions.
    """
    chance_of_error = np.where(refused, 1 - outcome, outcome)
    price = np.where(refused, policy.false_positive_cost, policy.false_negative_cost)
    mean = float(np.mean(chance_of_error * price))
    # Second moment of a cost that is `price` with that chance and 0 otherwise: the outcomes' own chance is in it.
    variance = float(np.mean(chance_of_error * price**2)) - mean**2
    return _interval(mean, variance / len(outcome))


def rate(outcome: np.ndarray) -> Estimate:
    """Return the mean of outcomes, or of their chances, as a share.

    >>> rate(np.array([True, False])).value
    0.5
    """
    return share_estimate(float(np.mean(outcome)), len(outcome))


def share_estimate(share: float, n_applications: int) -> Estimate:
    """Return a share with its 95 % interval among that many applications."""
    return _interval(share, share * (1 - share) / n_applications, low=0.0, high=1.0)


def area_under_curve(probability: np.ndarray, outcome: np.ndarray) -> Estimate | NotApplicable:
    """Return the chance that a default is given a higher probability than a good application; ties count half.

    Each application counts as a default with weight `outcome` and as good with the rest, never against itself. The
    interval is that of DeLong et al. (1988) with these weights.

    >>> area_under_curve(np.array([0.1, 0.2, 0.9]), np.array([0.0, 1.0, 1.0])).value
    1.0
    """
    good = 1 - outcome
    defaults, goods = float(outcome.sum()), float(good.sum())
    itself = float(np.sum(outcome * good))
    pairs = defaults * goods - itself
    if pairs <= 0:
        return NotApplicable("une seule issue : pas de paire à classer")
    good_below = _weight_below(probability, good)
    default_above = defaults - _weight_below(probability, outcome)
    area = float((np.sum(outcome * good_below) - itself / 2) / pairs)
    variance = (
        _weighted_variance(good_below / goods, outcome) / defaults
        + _weighted_variance(default_above / defaults, good) / goods
    )
    return _interval(area, variance, low=0.0, high=1.0)


def auc_standard_error(probability: np.ndarray, outcome: np.ndarray) -> float:
    """Return how far the area strays from one sample of applications to the next; 0 where there is no pair.

    By the influence of each application on a ratio of two sums over pairs; with outcomes of 0 and 1 it is that of
    DeLong et al. (1988).
    """
    good = 1 - outcome
    defaults, goods = float(outcome.sum()), float(good.sum())
    pairs = defaults * goods
    if pairs <= 0:
        return 0.0
    good_below = _weight_below(probability, good)
    default_above = defaults - _weight_below(probability, outcome)
    ranked = outcome * good_below + good * default_above
    area = float(np.sum(outcome * good_below)) / pairs
    influence = ranked - area * (outcome * goods + good * defaults)
    return float(np.sqrt(np.sum(influence**2)) / pairs)


def _weight_below(probability: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return for each application the weight at lower probabilities plus half of that at its own."""
    _, group = np.unique(probability, return_inverse=True)
    by_group = np.bincount(group, weights=weight)
    return np.asarray((np.cumsum(by_group) - by_group / 2)[group])


def _weighted_variance(values: np.ndarray, weights: np.ndarray) -> float:
    mean = np.average(values, weights=weights)
    return float(np.average((values - mean) ** 2, weights=weights))


def _interval(value: float, variance: float, *, low: float = -np.inf, high: float = np.inf) -> Estimate:
    # Rounding may leave the variance of a constant just below zero.
    margin = NORMAL_QUANTILE * max(variance, 0.0) ** 0.5
    return Estimate(value=value, low=max(value - margin, low), high=min(value + margin, high))
