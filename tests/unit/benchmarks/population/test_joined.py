"""Months side by side, and what the order of them gives away."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.population.joined import in_sequence
from benchmarks.population.likeness import tell_apart


def months(seed: int, *, falling: bool) -> pd.DataFrame:
    """Return fifteen months of cards that run in one direction or in the other; a month alone tells nothing."""
    rng = np.random.default_rng(seed)
    n_cards, n_months = 300, 15
    rank = np.tile(np.arange(n_months), n_cards)
    return pd.DataFrame(
        {
            "SK_ID_CURR": np.repeat(np.arange(n_cards), n_months),
            "SK_ID_PREV": np.repeat(np.arange(n_cards) + 9_000, n_months),
            "MONTHS_BALANCE": rank - n_months,
            "BALANCE": (n_months - 1 - rank if falling else rank) + rng.random(len(rank)),
        }
    )


def test_the_last_month_comes_first() -> None:
    """A credit is one row of twelve months, counted from its own last one; months that are absent stay empty."""
    rows = pd.DataFrame(
        {
            "SK_ID_CURR": [7, 7, 7, 8],
            "SK_ID_PREV": [1, 1, 1, 2],
            "MONTHS_BALANCE": [-20, -5, -3, -40],
            "BALANCE": [9, 20, 30, 50],
        }
    )

    wide = in_sequence(rows, "SK_ID_PREV").set_index("SK_ID_PREV")

    assert wide.loc[1, "BALANCE_0_BEFORE"] == 30
    assert wide.loc[1, "BALANCE_2_BEFORE"] == 20
    assert np.isnan(wide.loc[2, "BALANCE_2_BEFORE"])
    assert "BALANCE_17_BEFORE" not in wide


def test_an_order_is_found_that_no_single_month_shows() -> None:
    """Every month has the same balances on both sides; only their order differs, and gives one side away."""
    rising, falling = (months(seed, falling=bool(seed)) for seed in (0, 1))

    assert tell_apart(*(side.drop(columns="MONTHS_BALANCE") for side in (rising, falling))).auc < 0.6
    assert tell_apart(*(in_sequence(side, "SK_ID_PREV") for side in (rising, falling))).auc > 0.95
