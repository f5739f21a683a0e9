"""Promises of the intervals: each holds what it is about 95 times in 100, and none leaves its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.intervals import (
    bootstrap_mean,
    bootstrap_means,
    counted_share,
    expected_share,
    normal_interval,
    normal_mean,
    paired_difference,
    upper_limit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Estimate

DRAWS = 200
# Of 200 intervals of 95 %, 190 hold the truth; fewer than 180 would be a chance of one in a thousand.
LEAST_HITS = 180


def hits(interval: Callable[[np.random.Generator], Estimate], truth: float) -> int:
    """Return how many of the intervals of many draws hold the truth."""
    drawn = [interval(np.random.default_rng(seed)) for seed in range(DRAWS)]
    return sum(one.low <= truth <= one.high for one in drawn)


def test_a_mean_is_held_by_both_of_its_intervals() -> None:
    """The bootstrap and the normal error agree where applications are many."""
    assert hits(lambda rng: bootstrap_mean(rng.exponential(2.0, 300), seed=0), 2.0) >= LEAST_HITS
    assert hits(lambda rng: normal_mean(rng.exponential(2.0, 300)), 2.0) >= LEAST_HITS


def test_means_side_by_side_are_those_of_each_column() -> None:
    """One set of resamples serves all columns, and changes none of them."""
    columns = np.random.default_rng(0).exponential(size=(200, 3))
    together, each = (
        bootstrap_means(columns, seed=7),
        [bootstrap_mean(column, seed=7) for column in columns.T],
    )

    for one, other in zip(together, each, strict=True):
        assert (one.value, one.low, one.high) == pytest.approx((other.value, other.low, other.high))


def test_a_counted_share_is_held_where_cases_are_rare() -> None:
    """Three cases among a hundred: the interval around the counted share alone would miss one time in ten."""
    assert hits(lambda rng: counted_share(int(rng.binomial(100, 0.03)), 100), 0.03) >= LEAST_HITS


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_a_counted_share_stays_a_share(counted: tuple[int, int]) -> None:
    """It lies in its interval, which is never empty and never leaves 0 and 1: no case seen is not no case."""
    share = counted_share(*counted)

    assert 0 <= share.low <= share.value <= share.high <= 1
    assert share.low < share.high


def test_an_expected_share_says_where_the_counted_one_will_fall() -> None:
    """Of windows of such applicants, about 95 in 100 have a share of defaults within it."""
    probability = np.random.default_rng(0).beta(1, 11, 2_000)
    expected = expected_share(float(probability.mean()), 2_000)
    counted = [(np.random.default_rng(seed).random(2_000) < probability).mean() for seed in range(DRAWS)]

    assert sum(expected.low <= share <= expected.high for share in counted) >= LEAST_HITS
    assert expected_share(0.001, 10).low == 0.0


def test_an_interval_is_kept_within_its_bounds() -> None:
    """No area under a curve is above one."""
    assert normal_interval(0.9, 0.5, low=0.0, high=1.0).high == 1.0


def test_a_constant_gap_has_no_error() -> None:
    """A gap that is the same on every application is known exactly."""
    assert paired_difference(np.array([2.0, 3.0]), np.array([1.0, 2.0])) == (1.0, 0.0)


def test_an_upper_limit_is_rarely_passed() -> None:
    """At a rate of its upper limit, so few events would be seen one time in twenty."""
    assert upper_limit(0, 59) == pytest.approx(1 - 0.05 ** (1 / 59))
    assert upper_limit(5, 5) == 1.0
