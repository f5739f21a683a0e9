"""The decision: what it costs to be wrong, where to refuse, and where a person should decide."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import exp, log
from typing import TYPE_CHECKING, Literal, overload

if TYPE_CHECKING:
    import numpy as np

    from scoring.contract import DecisionPolicy


class Decision(StrEnum):
    """The answer to an application, in the words of the API."""

    ACCEPT = "accepte"
    REFUSE = "refuse"


class Outcome(StrEnum):
    """What a person sees of an answer: granting it, looking at it, or refusing it."""

    GRANT = "accord"
    REVIEW = "examen"
    REFUSE = "refus"


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


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """The rule in force: the contract's, or what the configuration puts in its place.

    Attributes
    ----------
    review_band
        Probabilities too close to the threshold to be decided by machine alone, the ends included.
    origin
        Where the threshold comes from.
    """

    threshold: float
    costs: DecisionCosts
    review_band: tuple[float, float]
    origin: Literal["contrat", "configuration"]

    @overload
    def is_close(self, default_probability: float) -> bool: ...
    @overload
    def is_close(self, default_probability: np.ndarray) -> np.ndarray: ...
    def is_close(self, default_probability: float | np.ndarray) -> bool | np.ndarray:
        """Say whether a probability lies in the band around the threshold; one, or each of an array."""
        low, high = self.review_band
        return (low <= default_probability) & (default_probability <= high)


def bayes_threshold(costs: DecisionCosts) -> float:
    """Return the probability of default at which both decisions cost the same.

    Valid only for calibrated probabilities. Source: Elkan (2001), "The foundations of cost-sensitive learning", eq. 2.

    >>> round(bayes_threshold(DecisionCosts(false_negative=10, false_positive=1)), 4)
    0.0909
    """
    return costs.false_positive / (costs.false_positive + costs.false_negative)


@overload
def refuses(default_probability: float, *, threshold: float) -> bool: ...
@overload
def refuses(default_probability: np.ndarray, *, threshold: float | np.ndarray) -> np.ndarray: ...
def refuses(default_probability: float | np.ndarray, *, threshold: float | np.ndarray) -> bool | np.ndarray:
    """Tell who is refused: at or above the threshold; one probability, or an array of them under one threshold or each.

    >>> refuses(0.2, threshold=0.2), refuses(0.1, threshold=0.2)
    (True, False)
    """
    return default_probability >= threshold


def decide(default_probability: float, *, threshold: float) -> Decision:
    """Return the decision on one application.

    >>> decide(0.2, threshold=0.2).value
    'refuse'
    """
    return Decision.REFUSE if refuses(default_probability, threshold=threshold) else Decision.ACCEPT


def rule_in_force(
    policy: DecisionPolicy, *, threshold: float | None = None, costs: DecisionCosts | None = None
) -> DecisionRule:
    """Return the contract's rule, or the one that another threshold or other costs make of it.

    Other costs move the odds of the threshold by the ratio of the cost ratios (Elkan, 2001), so that what the data
    said beyond theory is kept. The review band moves along with the threshold, as wide in log-odds as before.
    """
    contracts = DecisionCosts(policy.false_negative_cost, policy.false_positive_cost)
    if threshold is None and costs is None:
        return DecisionRule(policy.threshold, contracts, policy.review_band, "contrat")
    valid = costs or contracts
    moved = log(_odds(bayes_threshold(valid)) / _odds(bayes_threshold(contracts)))
    chosen = _shifted(policy.threshold, moved) if threshold is None else threshold
    shift = log(_odds(chosen) / _odds(policy.threshold))
    low, high = (_shifted(edge, shift) for edge in policy.review_band)
    return DecisionRule(chosen, valid, (low, high), "configuration")


def _odds(probability: float) -> float:
    return probability / (1 - probability)


def _shifted(probability: float, log_odds: float) -> float:
    """Move a probability on the scale of log-odds; the ends 0 and 1 stay where they are."""
    if probability in {0.0, 1.0}:
        return probability
    odds = _odds(probability) * exp(log_odds)
    return odds / (1 + odds)
