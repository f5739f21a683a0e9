"""Ranks among the reference applications."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.applications.reference import most_frequent, quantile, share_below

EDGES = [0.0, 1.0, 4.0]
BINS: dict[str, Any] = {"edges": EDGES, "shares": [0.1, 0.2, 0.3, 0.2], "missing_share": 0.2}


@given(st.floats(0.001, 0.999))
def test_quantile_and_share_undo_each_other(rank: float) -> None:
    """The share below the value of a rank is that rank, missing values aside."""
    value = quantile(BINS, rank, low=-2.0, high=9.0)

    assert share_below(BINS, value, low=-2.0, high=9.0) == pytest.approx(rank, abs=1e-9)


@pytest.mark.parametrize(("value", "expected"), [(-100.0, 0.0), (100.0, 1.0)])
def test_values_beyond_the_reference_are_first_or_last(value: float, expected: float) -> None:
    """No share leaves [0, 1]."""
    assert expected == share_below(BINS, value, low=-2.0, high=9.0)


def test_the_last_rank_is_the_upper_end() -> None:
    """Rounding never steps over the end."""
    assert quantile(BINS, 1.0, low=-2.0, high=9.0) == pytest.approx(9.0)


def test_an_open_bin_ends_at_the_farther_bound() -> None:
    """A usual range inside the edges does not turn a bin round."""
    assert quantile(BINS, 1.0, low=2.0, high=3.0) == pytest.approx(4.0)


def test_the_commonest_category_is_the_largest_share() -> None:
    """Mode, by share."""
    assert most_frequent({"shares": {"a": 0.2, "b": 0.5}}) == "b"
