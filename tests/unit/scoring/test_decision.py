"""The decision: refuse at the threshold and above it."""

from __future__ import annotations

import math

import pytest

from scoring.decision import Decision, DecisionCosts, bayes_threshold, decide


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
