"""Business cost and the threshold that minimises it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.costs import (
    choose_threshold,
    costs_per_application,
    decision_costs,
    expected_cost,
    least_cost_threshold,
    mean_cost,
    minimising_thresholds,
)
from scoring.decision import DecisionCosts

# Few distinct values, some of them neighbours that no float lies between: ties are the rule.
NEIGHBOURS = (0.1, float(np.nextafter(0.1, 1)), float(np.nextafter(0.1, 0)))
tied = st.lists(
    st.tuples(st.sampled_from([0.0, 0.02, 0.3, 0.7, 1.0, *NEIGHBOURS]), st.booleans()), min_size=1, max_size=40
)
prices = st.builds(DecisionCosts, false_negative=st.floats(0.5, 50), false_positive=st.floats(0.5, 5))


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


@given(tied, prices)
def test_no_cut_between_distinct_values_costs_less(rows: list[tuple[float, bool]], costs: DecisionCosts) -> None:
    """The threshold found costs the least of all cuts: above every value, and at or below each, ties and all."""
    probability, default = (np.array(column, float) for column in zip(*rows, strict=True))
    found = least_cost_threshold(probability, default, costs=costs)
    cuts = [*np.unique(probability), np.nextafter(probability.max(), np.inf)]
    least = min(expected_cost(probability, default, threshold=float(cut), costs=costs) for cut in cuts)

    assert expected_cost(probability, default, threshold=found, costs=costs) == pytest.approx(least, rel=1e-12)


@given(tied, prices)
def test_the_order_of_tied_rows_does_not_matter(rows: list[tuple[float, bool]], costs: DecisionCosts) -> None:
    """Rows of one probability are decided together, so that turning them round changes no threshold."""
    probability, default = (np.array(column, float) for column in zip(*rows, strict=True))

    assert least_cost_threshold(probability, default, costs=costs) == least_cost_threshold(
        probability[::-1], default[::-1], costs=costs
    )


def test_a_cut_inside_a_tie_would_refuse_all_of_it() -> None:
    """A threshold set at one of three predictions refuses all who have it: 0.604 an application in place of 0.533."""
    generator = np.random.default_rng(0)
    probability = generator.choice([0.02, 0.07, 0.2], 20_000, p=[0.4, 0.4, 0.2])
    default = (generator.random(20_000) < probability).astype(float)
    choice = choose_threshold(probability, default, seed=0, resamples=50)

    assert choice.threshold == pytest.approx(0.135)
    assert expected_cost(probability, default, threshold=choice.threshold) == pytest.approx(0.533, abs=0.01)
    assert expected_cost(probability, default, threshold=0.07) == pytest.approx(0.604, abs=0.01)


def test_a_bootstrap_goes_on_from_a_generator() -> None:
    """Given a generator, the next resamples are others; given a seed, they are the same again."""
    sample, generator = calibrated_sample(500), np.random.default_rng(3)
    first, second = (minimising_thresholds(*sample, seed=generator, resamples=5).tolist() for _ in range(2))

    assert first != second
    assert first == minimising_thresholds(*sample, seed=3, resamples=5).tolist()


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


def test_each_application_may_have_a_threshold_of_its_own() -> None:
    """Folds are decided at thresholds that were chosen without them."""
    costs = costs_per_application(np.array([0.2, 0.2]), np.array([1, 1]), threshold=np.array([0.1, 0.3]))

    assert costs.tolist() == [0.0, 10.0]


def test_unknown_outcomes_cost_what_is_to_be_expected() -> None:
    """A probability in place of the outcome prices both errors by their chance."""
    assert decision_costs(np.array([False, True]), np.array([0.3, 0.3])) == pytest.approx([3.0, 0.7])


def test_mean_cost_prices_each_wrong_decision() -> None:
    """A default granted costs 10, a good applicant declined 1, a right decision nothing."""
    refused, default = np.array([False, True, True, False]), np.array([1.0, 1.0, 0.0, 0.0])

    assert mean_cost(refused, default).value == (10 + 1) / 4


def test_mean_cost_foresees_where_the_outcomes_put_it() -> None:
    """Estimated from right probabilities, its interval holds the cost that comes about 95 times in 100."""
    generator = np.random.default_rng(2)
    hits = 0
    for _ in range(200):
        probability = generator.beta(1.0, 11.0, 1_000)
        refused, default = probability >= 1 / 11, generator.random(1_000) < probability
        foreseen = mean_cost(refused, probability)
        hits += foreseen.low <= decision_costs(refused, default.astype(float)).mean() <= foreseen.high

    assert hits >= 180


def test_costs_without_spread_have_no_interval() -> None:
    """Rounding cannot make the variance of a constant negative."""
    constant = mean_cost(np.ones(3, bool), np.zeros(3))

    assert (constant.low, constant.high) == (1.0, 1.0)
