"""Promises of estimated and realised performance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.ranking import area_under_curve
from metrics.values import NotApplicable
from monitoring.drift.performance import cost_per_application, estimated_performance, realised_performance
from monitoring.windows.answers import Answers
from scoring.contract import Estimate
from tests.builders.contracts import a_policy

pairs = st.lists(
    st.tuples(st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.9]), st.floats(0.01, 0.99)), min_size=2, max_size=12
)


def calibrated_answers(n: int, *, seed: int) -> Answers:
    """Return answers whose outcomes happen with exactly the probability they give."""
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 10, n)
    return Answers(probability, probability >= a_policy().threshold, (rng.random(n) < probability).astype(float))


@given(pairs)
def test_area_under_curve_counts_every_pair(applications: list[tuple[float, float]]) -> None:
    """The weighted AUC equals the sum over all ordered pairs of two applications; ties count half."""
    probability, outcome = (np.array(column) for column in zip(*applications, strict=True))
    weight = outcome[:, None] * (1 - outcome[None, :]) * (1 - np.eye(len(outcome)))
    wins = (probability[:, None] > probability[None, :]) + (probability[:, None] == probability[None, :]) / 2

    area = area_under_curve(probability, outcome)

    assert isinstance(area, Estimate)
    assert area.value == pytest.approx((weight * wins).sum() / weight.sum())


def test_area_under_curve_needs_both_outcomes() -> None:
    """With defaults only there is nothing to rank, and no number is made up."""
    assert isinstance(area_under_curve(np.array([0.1, 0.2]), np.ones(2)), NotApplicable)


def test_cost_prices_each_wrong_decision() -> None:
    """A default granted costs 10, a good applicant declined 1, a right decision nothing."""
    outcome, refused = np.array([1.0, 1.0, 0.0, 0.0]), np.array([False, True, True, False])

    assert cost_per_application(outcome, refused, a_policy()).value == (10 + 1) / 4


def test_the_estimate_foresees_what_is_realised() -> None:
    """For calibrated answers the realised cost and AUC lie in the interval about 95 times in 100."""
    policy = a_policy()
    cost_hits = auc_hits = 0
    for seed in range(100):
        answers = calibrated_answers(3_000, seed=seed)
        estimated, realised = estimated_performance(answers, policy), realised_performance(answers, policy)
        assert not isinstance(realised, NotApplicable)
        assert isinstance(estimated.auc, Estimate)
        assert isinstance(realised.auc, Estimate)
        cost_hits += estimated.cost.low <= realised.cost.value <= estimated.cost.high
        auc_hits += estimated.auc.low <= realised.auc.value <= estimated.auc.high

    assert cost_hits >= 88
    assert auc_hits >= 88


def test_only_known_outcomes_are_realised() -> None:
    """Applications whose outcome is not known yet are left out, not counted as good."""
    answers = Answers(np.array([0.05, 0.05]), np.array([False, False]), np.array([1.0, np.nan]))

    realised = realised_performance(answers, a_policy())

    assert not isinstance(realised, NotApplicable)
    assert realised.n_applications == 1
    assert realised.cost.value == 10
