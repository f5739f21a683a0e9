"""What the answers cost and how well they rank: estimated without labels, or realised with them, by one formula.

Where outcomes are known, they are 0 or 1. Where they are not, the probability of default stands in for the outcome:
confidence-based estimation. It is valid only for calibrated probabilities, and blind to a change of the relation
between inputs and default (a concept change), which only labels can show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.intervals import normal_interval, share_estimate
from metrics.ranking import area_under_curve, auc_standard_error
from metrics.values import NotApplicable

if TYPE_CHECKING:
    from monitoring.windows.answers import Answers
    from scoring.contract import DecisionPolicy, Estimate


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
    return normal_interval(mean, variance / len(outcome))


def rate(outcome: np.ndarray) -> Estimate:
    """Return the mean of outcomes, or of their chances, as a share.

    >>> rate(np.array([True, False])).value
    0.5
    """
    return share_estimate(float(np.mean(outcome)), len(outcome))
