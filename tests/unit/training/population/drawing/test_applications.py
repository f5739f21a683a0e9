"""Relations between columns of an application that hold exactly."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from training.population.drawing.applicants import drawn_applicants
from training.population.drawing.applications import Follower
from training.population.drawing.profile import load_profile


@pytest.fixture(scope="module")
def applications() -> pd.DataFrame:
    """Return drawn training applications."""
    n = 4_000
    ids, is_test = 100_001 + np.arange(n), np.zeros(n, dtype=bool)
    return pd.DataFrame(drawn_applicants(load_profile(), np.random.default_rng(0), ids, is_test).values)


def test_followers_give_the_measure_back() -> None:
    """Base and ratio of a building measure give the measure back, listed or not, years too."""
    base, value = np.array([0.1, 0.2, 0.3, np.nan]), np.array([0.11, 0.2, 0.9, 0.05])
    for is_complemented in (False, True):
        follower = Follower("A_MODE", "A_AVG", is_complemented, 1.02, np.array([0.1]), np.array([0.11]))

        assert np.allclose(value, follower.value(base, follower.ratio(base, value)), atol=0.0002)


def test_amounts_are_multiples_of_the_money_step(applications: pd.DataFrame) -> None:
    """Credit and annuity are on the grid of the data set, and credit covers the goods within its usual ratios."""
    for name in ("AMT_CREDIT", "AMT_ANNUITY"):
        assert np.allclose(applications[name].dropna() % 4.5, 0.0, atol=1e-6)
        assert applications[name].isna().mean() < 0.001
    ratio = (applications["AMT_CREDIT"] / applications["AMT_GOODS_PRICE"]).dropna()
    assert (ratio >= 1.0).mean() > 0.9


def test_families_add_up(applications: pd.DataFrame) -> None:
    """A family holds its children and one or two adults."""
    adults = (applications["CNT_FAM_MEMBERS"] - applications["CNT_CHILDREN"]).dropna()

    assert adults.isin([1.0, 2.0]).all()


def test_a_car_has_an_age(applications: pd.DataFrame) -> None:
    """The age of the car is missing for those without one and known to nearly all others."""
    labels = next(m.labels for m in load_profile().application.marginals if m.name == "FLAG_OWN_CAR")
    owns = applications["FLAG_OWN_CAR"] == labels.index("Y")

    assert applications.loc[~owns, "OWN_CAR_AGE"].isna().mean() > 0.995
    assert applications.loc[owns, "OWN_CAR_AGE"].isna().mean() < 0.005


def test_building_columns_are_missing_together(applications: pd.DataFrame) -> None:
    """Average, mode and median of a measure are missing for the same applicants."""
    average = applications["APARTMENTS_AVG"].isna()

    assert 0.4 < average.mean() < 0.6
    for scene in ("MODE", "MEDI"):
        assert (applications[f"APARTMENTS_{scene}"].isna() == average).mean() > 0.99
