"""Binning: one trend, bins large enough, special and missing values apart, and silence never pays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.candidates.binning import BinningRule, Bins, bin_categories, bin_numbers

RULE = BinningRule(most_bins=6, least_share=0.05, special_share=0.15)


def drawn(seed: int, n: int = 2_000) -> tuple[np.ndarray, np.ndarray]:
    """Return values with gaps, and defaults that rise with them."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=n)
    default = (rng.random(n) < 1 / (1 + np.exp(2 - values))).astype(float)
    values[rng.random(n) < 0.1] = np.nan
    return values, default


def bins_of(values: np.ndarray, default: np.ndarray, *, direction: int) -> Bins:
    """Bin a column whose applications count one each."""
    return bin_numbers(values, default, np.ones(len(values)), direction=direction, rule=RULE)


@given(seed=st.integers(0, 10_000), direction=st.sampled_from([-1, 0, 1]), turned=st.booleans())
@settings(max_examples=40, deadline=None)
def test_evidence_follows_one_trend(seed: int, direction: int, turned: bool) -> None:  # noqa: FBT001  hypothesis's own
    """Whatever the data says, a declared direction is kept; without one the data chooses a trend."""
    values, default = drawn(seed)
    bins = bins_of(-values if turned else values, default, direction=direction)
    steps = np.diff(bins.evidence)

    assert (steps * (direction or np.sign(steps.sum())) >= 0).all()
    assert len(bins.evidence) <= RULE.most_bins
    assert (np.bincount(bins.numbers(values[~np.isnan(values)])) >= 0).all()


def test_column_that_goes_against_its_direction_says_nothing() -> None:
    """Nothing can be learned the wrong way round: all known values weigh the same."""
    values, default = drawn(3)

    assert len(bins_of(values, default, direction=-1).evidence) == 1


def test_bins_hold_their_least_share() -> None:
    """Every bin of a trend is large enough for its rate to mean something."""
    values, default = drawn(4)
    known = values[~np.isnan(values)]
    bins = bins_of(values, default, direction=1)

    assert len(bins.evidence) > 2
    assert np.bincount(bins.numbers(known)).min() >= RULE.least_share * len(known)


def test_frequent_value_has_a_bin_of_its_own() -> None:
    """Where no direction is declared, nought is "none" and not a little: it follows no trend."""
    values, default = drawn(5)
    rng = np.random.default_rng(0)
    none = rng.random(len(values)) < 0.3
    values[none] = 0.0
    default[none] = (rng.random(none.sum()) < 0.5).astype(float)
    bins = bins_of(values, default, direction=0)
    nought, around = bins.weigh(np.array([0.0]))[0], bins.weigh(np.array([-1e-9, 1e-9]))

    assert nought > around.max() + 0.5


def test_missing_never_weighs_less_than_the_middle_applicant() -> None:
    """Applicants who say nothing and all repay are no reason to reward saying nothing."""
    values, default = drawn(6)
    default[np.isnan(values)] = 0.0
    bins = bins_of(values, default, direction=1)
    middle = np.nanquantile(values, 0.5, method="inverted_cdf")

    assert bins.missing == bins.weigh(np.array([middle]))[0]


def test_missing_weighs_what_became_of_it_where_that_is_worse() -> None:
    """A gap that goes with default is a bad sign, as the data says."""
    values, default = drawn(7)
    default[np.isnan(values)] = 1.0
    bins = bins_of(values, default, direction=1)

    assert bins.missing > bins.evidence.max()


@pytest.mark.parametrize("values", [np.zeros(200), np.full(200, np.nan), np.repeat([0.0, 1.0], 100)])
def test_columns_without_much_in_them_are_binned(values: np.ndarray) -> None:
    """Constant, empty and two-valued columns have finite evidence."""
    default = np.tile([0.0, 0.0, 0.0, 1.0], 50)
    bins = bins_of(values, default, direction=0)

    assert np.isfinite(bins.weigh(values)).all()


def test_categories_alike_share_their_evidence_and_a_new_one_weighs_nothing() -> None:
    """Codes are grouped by risk; a code that training never met is no evidence at all."""
    rng = np.random.default_rng(1)
    codes = rng.integers(0, 3, 3_000).astype(float)
    default = (rng.random(3_000) < np.array([0.1, 0.4, 0.1])[codes.astype(int)]).astype(float)
    bins = bin_categories(codes, default, np.ones(3_000), n_codes=4, rule=RULE)
    low, high, like_low, new = bins.weigh(np.arange(4.0))

    assert low == like_low < 0 < high
    assert new == 0
