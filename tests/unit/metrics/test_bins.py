"""Promises of counting over the contract's bins."""

from __future__ import annotations

import numpy as np

from metrics.bins import count_categories, count_numbers, expected_counts
from scoring.contract import CategoryBins, NumericBins

NUMBERS = NumericBins(kind="number", edges=(1.0, 2.0), shares=(0.2, 0.3, 0.4), missing_share=0.1)
CATEGORIES = CategoryBins(kind="category", shares={"a": 0.5, "b": 0.25}, missing_share=0.25)


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
