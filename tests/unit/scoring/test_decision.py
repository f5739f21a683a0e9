"""The decision: refuse at the threshold and above it."""

from __future__ import annotations

import math

import pytest

from scoring.decision import Decision, DecisionCosts, bayes_threshold, decide, rule_in_force
from tests.builders.contracts import a_policy


def test_decide_refuses_at_the_threshold() -> None:
    """A probability that reaches the threshold is refused: the rule says "at or above"."""
    assert Decision.REFUSE is decide(0.09, threshold=0.09)


def test_decide_accepts_just_below_the_threshold() -> None:
    """The next smaller double is accepted: no tolerance blurs the rule."""
    assert Decision.ACCEPT is decide(math.nextafter(0.09, 0), threshold=0.09)


@pytest.mark.parametrize(("probability", "threshold"), [(0.0, 0.0), (1.0, 1.0), (1.0, 0.0)])
def test_decide_refuses_at_the_ends(probability: float, threshold: float) -> None:
    """A threshold of 0 refuses everybody, and certainty of default is refused by any threshold."""
    assert Decision.REFUSE is decide(probability, threshold=threshold)


def test_decision_is_worded_as_the_api_words_it() -> None:
    """Clients read ``accepte`` and ``refuse``."""
    assert [decision.value for decision in Decision] == ["accepte", "refuse"]


@pytest.mark.parametrize(("false_negative", "false_positive", "expected"), [(10, 1, 1 / 11), (1, 1, 0.5), (1, 3, 0.75)])
def test_bayes_threshold_follows_the_costs(false_negative: float, false_positive: float, expected: float) -> None:
    """The dearer a granted default, the lower the probability that is still accepted."""
    costs = DecisionCosts(false_negative=false_negative, false_positive=false_positive)

    assert expected == bayes_threshold(costs)


POLICY = a_policy()


def test_rule_is_the_contracts_unless_told_otherwise() -> None:
    """Without configuration, every number is the contract's, bit for bit."""
    rule = rule_in_force(POLICY)

    assert (rule.threshold, rule.review_band, rule.origin) == (0.1, (0.08, 0.12), "contrat")
    assert rule.costs == DecisionCosts(10.0, 1.0)


def test_configured_threshold_is_taken_as_it_is_and_the_band_moves_along() -> None:
    """The band stays around the threshold, as wide in log-odds as it was."""
    rule = rule_in_force(POLICY, threshold=0.2)
    low, high = rule.review_band

    assert (rule.threshold, rule.origin) == (0.2, "configuration")
    assert low / (1 - low) * 4 == pytest.approx(0.2 / 0.8 * 4 * (0.08 / 0.92) / (0.1 / 0.9))
    assert low < 0.2 < high


def test_other_costs_move_the_odds_of_the_threshold_by_their_ratio() -> None:
    """Five to one instead of ten to one: the odds at which to refuse double."""
    rule = rule_in_force(POLICY, costs=DecisionCosts(5.0, 1.0))

    assert rule.threshold / (1 - rule.threshold) == pytest.approx(2 * 0.1 / 0.9)


def test_the_same_costs_keep_the_threshold() -> None:
    """Only the ratio counts: twenty to two is ten to one."""
    assert rule_in_force(POLICY, costs=DecisionCosts(20.0, 2.0)).threshold == pytest.approx(0.1, abs=1e-15)


def test_threshold_wins_over_costs() -> None:
    """Who sets both means the threshold that is written."""
    rule = rule_in_force(POLICY, threshold=0.3, costs=DecisionCosts(5.0, 1.0))

    assert (rule.threshold, rule.costs.false_negative) == (0.3, 5.0)


def test_band_without_an_end_keeps_none() -> None:
    """Ends at 0 and 1 have no odds to move."""
    policy = POLICY.model_copy(update={"review_band": (0.0, 1.0)})

    assert rule_in_force(policy, threshold=0.3).review_band == (0.0, 1.0)


@pytest.mark.parametrize(("probability", "close"), [(0.0799, False), (0.08, True), (0.12, True), (0.1201, False)])
def test_band_includes_its_ends(probability: float, *, close: bool) -> None:
    """What lies on an end is close."""
    assert close is rule_in_force(POLICY).is_close(probability)
