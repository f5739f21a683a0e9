"""Distributions of single columns: values, ranks and what the fit keeps."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from training.population.fitting.marginals import (
    MIN_CELL,
    NumberSpec,
    category_marginal,
    category_numbers,
    number_marginal,
)


def amounts() -> np.ndarray:
    """Return amounts with a heavy round value, missing values and a continuous rest."""
    rng = np.random.default_rng(0)
    rest = np.round(rng.uniform(1e5, 9e5, 6_000) / 4.5) * 4.5
    return np.concatenate([np.full(3_000, 450_000.0), np.full(1_000, np.nan), rest])


def test_atoms_and_missing_keep_their_shares() -> None:
    """A value that many rows share is drawn exactly as often as it was seen, and so is missing."""
    marginal = number_marginal("AMT", amounts(), NumberSpec(step=4.5))
    drawn = marginal.values(np.linspace(0, 1, 10_000, endpoint=False))

    assert abs((drawn == 450_000.0).mean() - 0.3) < 0.002
    assert abs(np.isnan(drawn).mean() - 0.1) < 0.002


def test_drawn_values_stay_on_the_step() -> None:
    """Values between atoms are multiples of the column's step."""
    drawn = number_marginal("AMT", amounts(), NumberSpec(step=4.5)).values(np.linspace(0, 0.999, 999))
    known = drawn[~np.isnan(drawn)]

    assert np.allclose(known / 4.5, np.round(known / 4.5))


def test_no_piece_rests_on_few_rows() -> None:
    """Every piece holds enough rows to hide each of them, the ends of the distribution too."""
    values = amounts()
    marginal = number_marginal("AMT", values, NumberSpec())
    known = np.sort(values[~np.isnan(values)])

    assert (marginal.shares * len(values) >= MIN_CELL - 0.01).all()
    assert np.nanmin(marginal.low) >= known[MIN_CELL - 1] - 1e-5
    assert np.nanmax(marginal.high) <= known[-MIN_CELL] + 1e-5


def test_a_value_of_one_applicant_is_no_atom() -> None:
    """A value that one applicant repeats is kept in an interval; one that many share is drawn as it is."""
    rest = np.random.default_rng(0).uniform(0, 100, 2_000)
    values = np.concatenate([rest, np.full(200, 33.25), np.full(200, 66.75)])
    owners = np.concatenate([np.arange(2_000), np.full(200, 7), np.arange(200)])
    marginal = number_marginal("AMT", values, NumberSpec(), owners)
    is_atom = marginal.low == marginal.high

    assert 66.75 in marginal.low[is_atom]
    assert 33.25 not in marginal.low[is_atom]


def test_rare_categories_are_left_out() -> None:
    """A category seen fewer times than the smallest cell is not in the vocabulary."""
    values = pd.Series(["a"] * 50 + ["b"] * 30 + ["rare"] * (MIN_CELL - 1))
    marginal = category_marginal("NAME", values, pd.Series(np.arange(len(values), dtype=float)))

    assert marginal.labels == ("a", "b")
    assert np.isnan(category_numbers(pd.Series(["rare"]), marginal)).all()


AMOUNTS = number_marginal("AMT", amounts(), NumberSpec())


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_a_rank_comes_back_from_its_value(rank: float) -> None:
    """Going from rank to value and back lands in the same piece."""
    ranks = np.array([rank])
    back = AMOUNTS.ranks(AMOUNTS.values(ranks), np.random.default_rng(0))

    assert abs(int(AMOUNTS.pieces(back)[0]) - int(AMOUNTS.pieces(ranks)[0])) <= 1
