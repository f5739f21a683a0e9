"""What decisions cost and how well predictions rank: estimated without labels or realised with them, by one formula.

Where outcomes are known, they are 0 or 1. Where they are not, the probability of default stands in for the outcome:
confidence-based estimation. It is valid only for calibrated probabilities, and blind to a change of the relation
between inputs and default (a concept change), which only labels can show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_of, decision_costs, mean_cost
from metrics.intervals import counted_share, expected_share, weighted_share
from metrics.ranking import auc_standard_error, delong_auc
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from monitoring.windows.predictions import Predictions
    from scoring.contract import DecisionPolicy, Estimate


@dataclass(frozen=True, slots=True)
class Performance:
    """Performance over one window, each value with the 95 % interval that the outcomes would give.

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
    n_effective
        Applications by weight.
    """

    n_applications: int
    cost: Estimate
    auc: Estimate | NotApplicable
    default_rate: Estimate
    cost_error: float
    auc_error: float
    n_effective: float

    @property
    def n_defaults(self) -> float:
        """Return the defaults among the applications, counted by weight."""
        return self.default_rate.value * self.n_effective


def estimated_performance(predictions: Predictions, policy: DecisionPolicy) -> Performance:
    """Return the performance to expect if the probabilities are calibrated."""
    probability = predictions.probability
    default_rate = expected_share(
        float(np.average(probability, weights=predictions.weight)), float(predictions.weight.sum())
    )
    return _performance(predictions, probability, policy, default_rate)


def realised_performance(predictions: Predictions, policy: DecisionPolicy) -> Performance | NotApplicable:
    """Return the performance on the applications whose outcome is known."""
    if predictions.outcome is None:
        return NotApplicable("aucune issue connue (la colonne TARGET est absente ou vide)")
    known = ~np.isnan(predictions.outcome)
    if not known.any():
        return NotApplicable("aucune issue connue (la colonne TARGET est absente ou vide)")
    rows, outcome = predictions.at(known), predictions.outcome[known]
    return _performance(rows, outcome, policy, share_of(outcome, rows.weights))


def _performance(rows: Predictions, outcome: np.ndarray, policy: DecisionPolicy, default_rate: Estimate) -> Performance:
    """Return the performance where `outcome` is what became of each application, or the chance of it."""
    costs, weight = costs_of(policy), rows.weight
    each = decision_costs(rows.refused, outcome, costs=costs)
    spread = np.average((each - np.average(each, weights=weight)) ** 2, weights=weight)
    return Performance(
        n_applications=len(outcome),
        cost=mean_cost(rows.refused, outcome, costs=costs, weight=weight),
        auc=delong_auc(rows.probability, outcome, weight),
        default_rate=default_rate,
        cost_error=float(np.sqrt(spread / weight.sum())),
        auc_error=auc_standard_error(rows.probability, outcome, weight),
        n_effective=float(weight.sum()),
    )


def share_of(cases: np.ndarray, weights: np.ndarray | None = None) -> Estimate:
    """Return the share of cases that are true, or 1.

    >>> share_of(np.array([True, False])).value
    0.5
    """
    return counted_share(int(cases.sum()), len(cases)) if weights is None else weighted_share(cases, weights)
