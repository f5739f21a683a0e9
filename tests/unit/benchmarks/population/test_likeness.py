"""A classifier that tells real rows from drawn ones is judged on applicants it has not met."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.population.likeness import tell_apart


def months(seed: int, *, mean: float = 0.0) -> pd.DataFrame:
    """Return months of cards, each card with a value of its own that all its months share."""
    rng = np.random.default_rng(seed)
    card = np.repeat(np.arange(200), 20)
    return pd.DataFrame({"SK_ID_CURR": card, "LIMIT": rng.normal(mean, size=200)[card], "USE": rng.random(4_000)})


def test_rows_of_one_card_are_not_told_by_heart() -> None:
    """Two draws of one population are alike although every card can be recognised by its limit."""
    assert abs(tell_apart(months(0), months(1)).auc - 0.5) < 0.1


def test_a_shifted_column_is_found_and_named() -> None:
    """What really differs is seen, and the column that gives it away stands first."""
    found = tell_apart(months(0), months(1, mean=2.0))

    assert found.auc > 0.8
    assert found.giveaways.index[0] == "LIMIT"
