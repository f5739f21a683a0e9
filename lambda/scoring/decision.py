"""The decision: what it costs to be wrong, and where to refuse."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Decision(StrEnum):
    """The answer to an application, in the words of the API."""

    ACCEPT = "accepte"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class DecisionCosts:
    """Cost of each wrong decision, in any one unit.

    Attributes
    ----------
    false_negative
        Cost of a default granted.
    false_positive
        Cost of a good applicant declined.
    """

    false_negative: float
    false_positive: float


def bayes_threshold(costs: DecisionCosts) -> float:
    """Return the probability of default at which both decisions cost the same.

    Valid only for calibrated probabilities. Source: Elkan (2001), "The foundations of cost-sensitive learning", eq. 2.

    >>> round(bayes_threshold(DecisionCosts(false_negative=10, false_positive=1)), 4)
    0.0909
    """
    return costs.false_positive / (costs.false_positive + costs.false_negative)


def decide(default_probability: float, *, threshold: float) -> Decision:
    """Refuse at or above the threshold, accept below it.

    >>> decide(0.2, threshold=0.2).value
    'refuse'
    """
    return Decision.REFUSE if default_probability >= threshold else Decision.ACCEPT
