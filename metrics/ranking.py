"""How well probabilities rank outcomes, known or expected."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from metrics.intervals import normal_interval
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from scoring.contract import Estimate


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
    return normal_interval(area, variance, low=0.0, high=1.0)


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
