"""How often officers decide against the proposal, and who was right once the outcome is known."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_of, decision_costs
from metrics.intervals import counted_share, normal_mean
from metrics.significance import difference_p_value
from metrics.values import Measured, NotApplicable
from scoring.decision import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from monitoring.windows.decision_files import DecisionReading, OfficerDecision
    from scoring.contract import DecisionPolicy, Estimate

# Fewer decisions, or fewer known outcomes, say nothing of a habit.
FEWEST = 30


@dataclass(frozen=True, slots=True)
class GrantedAgainst:
    """Credits granted against a proposal to refuse, with outcome and probability known.

    Attributes
    ----------
    default_rate
        Of these credits: where officers know better, it lies below what the model expected.
    expected
        Mean probability of default that the model gave them.
    """

    n: int
    default_rate: Estimate
    expected: float


@dataclass(frozen=True, slots=True)
class Overrides:
    """Decisions against the proposal, in both directions.

    An *override* is against the proposal to grant or to refuse. A *departure* is other than the model's class, which
    is there even where the case was put to a person without a proposal; it judges nothing.

    Attributes
    ----------
    n_decisions, n_reviews
        Cases that a person decided; those of them in which the system had no proposal but to look.
    rate
        Share of overridden proposals.
    departure_rate
        Share of the decisions that are not the model's class, of those whose file tells it.
    countersigned
        Overrides that two people signed.
    granted_against, refused_against
        Overrides that granted what was to be refused, and the other way round.
    by_reason
        Overrides by the officers' reason codes, the most frequent first.
    n_known
        Overrides whose outcome is known; a refusal hardly ever has one.
    officer_right
        Share of them in which the outcome bears the officer out.
    excess_cost
        What they cost above the proposals, per override with a known outcome; negative where officers save.
    excess_p_value
        Chance of as much where neither is better.
    granted_known
        How the credits fared that were granted against a proposal to refuse.
    """

    n_decisions: int
    n_reviews: int
    rate: Estimate | NotApplicable
    granted_against: int
    refused_against: int
    by_reason: dict[str, int]
    n_known: int
    officer_right: Estimate | NotApplicable
    excess_cost: Estimate | NotApplicable
    excess_p_value: float | None
    reading: DecisionReading
    departure_rate: Estimate | NotApplicable
    countersigned: int
    granted_known: GrantedAgainst | NotApplicable

    @property
    def override_rate(self) -> Measured:
        """Return the share of overridden proposals, where there are enough."""
        return self.rate if isinstance(self.rate, NotApplicable) else self.rate.value


def measure_overrides(
    decisions: Sequence[OfficerDecision],
    reading: DecisionReading,
    outcomes: Mapping[str, float],
    policy: DecisionPolicy,
) -> Overrides:
    """Return what officers' decisions come to.

    Parameters
    ----------
    outcomes
        1 for a default and 0 for none, by the reference of the decision.
    """
    proposed = [one for one in decisions if one.proposal is not Outcome.REVIEW]
    against = [one for one in proposed if one.is_override]
    known = [one for one in against if one.reference in outcomes]
    excess, p_value = _excess(known, outcomes, policy)
    return Overrides(
        n_decisions=len(decisions),
        n_reviews=len(decisions) - len(proposed),
        rate=counted_share(len(against), len(proposed)) if len(proposed) >= FEWEST else _too_few(len(proposed)),
        granted_against=sum(one.granted for one in against),
        refused_against=sum(not one.granted for one in against),
        by_reason=dict(Counter(one.reason or "sans code" for one in against).most_common()),
        n_known=len(known),
        officer_right=counted_share(sum(one.granted != outcomes[one.reference] for one in known), len(known))
        if known
        else NotApplicable("aucune issue connue d’une décision contraire à la proposition"),
        excess_cost=excess,
        excess_p_value=p_value,
        reading=reading,
        departure_rate=_departures(decisions),
        countersigned=sum(one.countersigned for one in against),
        granted_known=_granted_known(known, outcomes),
    )


def _departures(decisions: Sequence[OfficerDecision]) -> Estimate | NotApplicable:
    told = [one.departs_from_class for one in decisions if one.departs_from_class is not None]
    return counted_share(sum(told), len(told)) if len(told) >= FEWEST else _too_few(len(told))


def _granted_known(known: list[OfficerDecision], outcomes: Mapping[str, float]) -> GrantedAgainst | NotApplicable:
    granted = [
        (outcomes[one.reference], one.default_probability)
        for one in known
        if one.granted and one.default_probability is not None
    ]
    if not granted:
        return NotApplicable(
            "aucun crédit accordé contre un refus proposé dont l’issue et la probabilité soient connues"
        )
    return GrantedAgainst(
        n=len(granted),
        default_rate=counted_share(sum(int(outcome) for outcome, _ in granted), len(granted)),
        expected=sum(probability for _, probability in granted) / len(granted),
    )


def _excess(
    known: list[OfficerDecision], outcomes: Mapping[str, float], policy: DecisionPolicy
) -> tuple[Estimate | NotApplicable, float | None]:
    if len(known) < FEWEST:
        return _too_few(len(known)), None
    default, refused = (
        np.array([outcomes[one.reference] for one in known]),
        np.array([not one.granted for one in known]),
    )
    costs = costs_of(policy)
    paid = decision_costs(refused, default, costs=costs) - decision_costs(~refused, default, costs=costs)
    error = float(paid.std(ddof=1) / np.sqrt(len(paid)))
    return normal_mean(paid), difference_p_value(float(paid.mean()), error)


def _too_few(n: int) -> NotApplicable:
    return NotApplicable(f"{n} décisions connues, il en faut {FEWEST}")
