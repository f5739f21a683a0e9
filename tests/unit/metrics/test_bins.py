"""Promises of the contract's bins: how they are cut, and how a window is counted over them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.bins import (
    category_bins,
    count_categories,
    count_numbers,
    expected_counts,
    flag_bins,
    numeric_bins,
)
from metrics.distances import PSI_ALERT, psi
from scoring.contract import CategoryBins, NumericBins

NUMBERS = NumericBins(kind="number", edges=(1.0, 2.0), shares=(0.2, 0.3, 0.4), missing_share=0.1)
CATEGORIES = CategoryBins(kind="category", shares={"a": 0.5, "b": 0.25}, missing_share=0.25)

NAN = float("nan")
numbers = st.lists(st.sampled_from([NAN, 0.0, 1.0, 1.5]) | st.floats(-1e9, 1e9), min_size=1, max_size=60)
flags = st.lists(st.sampled_from([NAN, 0.0, 1.0]), min_size=1, max_size=60)
codes = st.lists(st.sampled_from([NAN, 0.0, 1.0, 2.0]), min_size=1, max_size=60)


def test_an_edge_belongs_to_the_bin_below_it() -> None:
    """Bins are open below and closed above, as the contract says; infinite values fall in the outer ones."""
    values = np.array([1.0, 1.5, 2.0, 2.5, -np.inf, np.inf])

    assert count_numbers(NUMBERS, values).tolist() == [2, 2, 2, 0]


def test_missing_numbers_have_a_bin_of_their_own() -> None:
    """A value that goes missing moves the distribution."""
    assert count_numbers(NUMBERS, np.array([np.nan, np.nan, 0.0])).tolist() == [1, 0, 0, 2]


def test_unknown_categories_have_a_bin_of_their_own() -> None:
    """Known categories come in the contract's order, then the unknown ones together, then the missing."""
    assert count_categories(CATEGORIES, {"b": 2, "c": 3, "d": 1, None: 5, "a": 7}).tolist() == [7, 2, 4, 5]


def test_expected_counts_come_in_the_order_of_counting() -> None:
    """The contract's shares line up with what a window is counted into."""
    assert expected_counts(NUMBERS, 10).tolist() == [2, 3, 4, 1]
    assert expected_counts(CATEGORIES, 8).tolist() == [4, 2, 0, 2]


@given(numbers)
def test_numbers_are_counted_into_the_shares_they_were_cut_by(values: list[float]) -> None:
    """Development counted over its own bins gives the shares of the contract, ties and missing values included."""
    rows = np.array(values)
    bins = numeric_bins(rows)

    assert count_numbers(bins, rows) / len(rows) == pytest.approx([*bins.shares, bins.missing_share], abs=1e-15)
    assert sum(bins.shares) + bins.missing_share == pytest.approx(1)


@given(flags)
def test_flags_are_counted_into_the_shares_they_were_cut_by(values: list[float]) -> None:
    """A flag has a bin for 0 and one for 1, also where development knew only one of them."""
    rows = np.array(values)
    bins = flag_bins(rows)

    assert len(bins.shares) == 2
    assert count_numbers(bins, rows) / len(rows) == pytest.approx([*bins.shares, bins.missing_share], abs=1e-15)


@given(codes)
def test_categories_are_counted_into_the_shares_they_were_cut_by(values: list[float]) -> None:
    """A window bears words where development bore codes; both are counted alike, and none is unknown."""
    names = ("a", "b", "c")
    bins = category_bins(np.array(values), names)
    words = [None if value != value else names[int(value)] for value in values]  # noqa: PLR0124  NaN
    counted = count_categories(bins, {word: words.count(word) for word in words}) / len(words)

    assert counted == pytest.approx([*bins.shares.values(), 0.0, bins.missing_share], abs=1e-15)


def test_numbers_are_cut_at_their_deciles() -> None:
    """Ten equal bins where values differ; nothing lies above the last edge where they do not."""
    assert numeric_bins(np.arange(1000.0)).shares == pytest.approx([0.1] * 10, abs=0.002)
    assert numeric_bins(np.array([1.0, 1.0, 1.0, 2.0])).edges == (1.5,)
    assert numeric_bins(np.full(5, 3.0)).edges == ()


def amounts(seed: int, *, grid: float = 4_500.0) -> np.ndarray:
    """Return amounts of which two in three are heaped on a few round numbers, the rest on a grid."""
    rng = np.random.default_rng(seed)
    heaps = rng.choice([225_000.0, 450_000.0, 675_000.0, 900_000.0], 4_000, p=[0.3, 0.4, 0.2, 0.1])
    return np.concatenate([heaps, np.round(rng.lognormal(12.9, 0.6, 2_000) / grid) * grid])


def moved(values: np.ndarray, factor: float, cents: float = 0.0) -> float:
    """Return the PSI of values against themselves once all were changed."""
    bins = numeric_bins(values)
    return psi(count_numbers(bins, values), count_numbers(bins, values * factor + cents))


@given(st.integers(0, 200), st.sampled_from([0.5, 4.5, 4_500.0]))
def test_a_cent_on_heaped_amounts_is_no_drift(seed: int, grid: float) -> None:
    """Edges lie between distinct values: nothing changes its bin for a change that nobody would see."""
    assert moved(amounts(seed, grid=grid), 1.0, cents=0.01) < 1e-9


@given(st.integers(0, 200), st.lists(st.sampled_from([1.0, 1.001, 1.05, 1.1, 1.3, 2.0, 10.0]), min_size=2, unique=True))
def test_psi_grows_with_the_size_of_a_change(seed: int, factors: list[float]) -> None:
    """A larger shift of heaped amounts is never a quieter one; beyond the alarm, heaps may land on heaps."""
    found = [min(moved(amounts(seed), factor), PSI_ALERT) for factor in sorted(factors)]

    assert found == sorted(found)


@given(st.integers(0, 200), st.lists(st.floats(0, 1), min_size=2, max_size=4))
def test_psi_grows_with_the_share_that_changed(seed: int, shares: list[float]) -> None:
    """The more applications are ten per cent dearer, the larger the distance."""
    values = amounts(seed)
    order, bins, found = np.random.default_rng(seed).permutation(len(values)), numeric_bins(values), []
    for share in sorted(shares):
        dearer = values.copy()
        dearer[order[: int(share * len(values))]] *= 1.1
        found.append(psi(count_numbers(bins, values), count_numbers(bins, dearer)))

    assert found == pytest.approx(sorted(found), abs=0.01)


def test_a_value_that_fills_a_bin_has_its_own() -> None:
    """Its neighbours do not hide that it has gone."""
    bins = numeric_bins(np.concatenate([np.full(300, 450.0), np.arange(700.0)]))
    (place,) = np.unique(np.searchsorted(bins.edges, [450.0]))

    assert bins.shares[place] == pytest.approx(0.301)


def test_nothing_known_is_one_empty_bin() -> None:
    """A column without values is missing throughout, and cuts nothing."""
    bins = numeric_bins(np.full(4, np.nan))

    assert (bins.edges, bins.shares, bins.missing_share) == ((), (0.0,), 1.0)
