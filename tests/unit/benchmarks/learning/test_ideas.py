"""Columns of ideas that are measured and not kept, on payments made by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from benchmarks.learning.ideas import developments_with_ideas, last_payments, slopes
from benchmarks.learning.models import development_of
from tests.builders.home_credit import small_tables
from training.features.learning_data import read_learning_data

if TYPE_CHECKING:
    from pathlib import Path


def _payments(delay: list[float], overpaid: list[float]) -> pd.DataFrame:
    """Return the payments of applicant 1, the newest first."""
    return pd.DataFrame({"SK_ID_CURR": 1, "recency": range(len(delay)), "delay": delay, "overpaid": overpaid})


def test_last_payments_are_the_newest() -> None:
    """The mean of the last two does not know the third."""
    found = last_payments(_payments([4.0, 2.0, 60.0], [0.0, 0.5, 0.7])).loc[1]

    assert found["delay_LAST2_PAYMENTS"] == 3.0
    assert found["delay_LAST3_PAYMENTS"] == 22.0
    assert found["overpaid_LAST2_PAYMENTS"] == 0.25


def test_slope_rises_where_more_and_more_is_paid() -> None:
    """Least squares over a straight line is its slope; one payment has none."""
    found = slopes(_payments([0.0] * 4, [0.3, 0.2, 0.1, 0.0])).loc[1]

    assert found["OVERPAID_SLOPE_LAST12_PAYMENTS"] == pytest.approx(0.1)
    assert np.isnan(slopes(_payments([0.0], [0.3])).loc[1, "OVERPAID_SLOPE_LAST60_PAYMENTS"])


def test_each_idea_adds_its_columns(tmp_path: Path) -> None:
    """Every idea keeps the applications and their outcomes, and reads more than the features, in no direction."""
    for name, rows in small_tables().items():
        rows.to_parquet(tmp_path / f"{name}.parquet")
    learning = read_learning_data(tmp_path, tmp_path / "cache")
    ours = development_of(learning, learning.space)
    ids = learning.applications.ids[: len(ours.default)]

    found = dict(developments_with_ideas(ours, ids, tmp_path))
    added = {name: len(one.space.inputs) - len(ours.space.inputs) for name, one in found.items()}
    n_own = len(ours.space.inputs)

    assert all((one.space.columns.directions[n_own : len(one.space.inputs)] == 0).all() for one in found.values())
    assert added == {
        "last payments": 6,
        "slopes of overpayment": 3,
        "number of missing fields": 1,
        "region as a level": 1,
    }
