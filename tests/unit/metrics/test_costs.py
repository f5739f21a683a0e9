"""Business cost and the threshold that minimises it."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.costs import choose_threshold, costs_per_application, expected_cost
from scoring.decision import DecisionCosts


def calibrated_sample(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw probabilities and outcomes that follow them."""
    generator = np.random.default_rng(0)
    probability = generator.beta(1.0, 11.0, count)
    return probability, (generator.random(count) < probability).astype(int)


def test_costs_per_application_names_all_four_outcomes() -> None:
    """A default granted costs 10, a good applicant declined 1, a right decision nothing."""
    costs = costs_per_application(np.array([0.9, 0.9, 0.0, 0.0]), np.array([1, 0, 1, 0]), threshold=0.5)

    assert costs.tolist() == [0.0, 1.0, 10.0, 0.0]


def test_expected_cost_refuses_at_the_threshold() -> None:
    """A probability equal to the threshold is refused, as in service."""
    assert expected_cost(np.array([0.1]), np.array([1]), threshold=0.1) == 0.0


def test_choose_threshold_finds_one_eleventh_when_calibrated() -> None:
    """On calibrated probabilities the choice agrees with theory, and says so."""
    choice = choose_threshold(*calibrated_sample(40_000), seed=1)

    assert choice.bayes_within_interval
    assert choice.threshold == pytest.approx(1 / 11, abs=0.02)


def test_choose_threshold_sees_probabilities_that_are_not() -> None:
    """Probabilities twice too high move the threshold away from 1/11, and the check says so."""
    probability, default = calibrated_sample(40_000)
    choice = choose_threshold(np.minimum(2 * probability, 1.0), default, seed=1)

    assert not choice.bayes_within_interval
    assert choice.threshold > 0.13


def test_choose_threshold_costs_no_more_than_any_other() -> None:
    """On the sample itself no threshold costs less than the empirical minimiser."""
    probability, default = calibrated_sample(3_000)
    choice = choose_threshold(probability, default, seed=1, resamples=20)
    least = expected_cost(probability, default, threshold=choice.empirical_minimiser)

    assert all(least <= expected_cost(probability, default, threshold=t) for t in np.linspace(0, 1, 400))


def test_choose_threshold_never_splits_equal_probabilities() -> None:
    """Applications of one probability are all refused or all accepted."""
    probability = np.array([0.2] * 50 + [0.1] * 50)
    default = np.array([1] * 30 + [0] * 20 + [0] * 50)
    choice = choose_threshold(probability, default, seed=0, resamples=50)

    assert 0.1 < choice.empirical_minimiser < 0.2


def test_choose_threshold_can_accept_everybody() -> None:
    """Where no refusal pays, the threshold lies above every probability."""
    choice = choose_threshold(np.array([0.3, 0.2]), np.array([0, 0]), seed=0, resamples=10)

    assert choice.empirical_minimiser > 0.3


def test_choose_threshold_follows_the_costs() -> None:
    """Dearer defaults lower the threshold."""
    sample = calibrated_sample(20_000)
    harsh = choose_threshold(*sample, seed=0, costs=DecisionCosts(false_negative=30, false_positive=1), resamples=40)
    mild = choose_threshold(*sample, seed=0, costs=DecisionCosts(false_negative=3, false_positive=1), resamples=40)

    assert harsh.threshold < mild.threshold
