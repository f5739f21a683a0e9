"""Chains: what depends on what survives the fit, the file and the draw."""

from __future__ import annotations

import numpy as np
import pytest

from training.population.drawing.chain import Chain, Lean
from training.population.drawing.packing import packed_chain, unpacked_chain
from training.population.fitting.chain import ChainSettings, _light_grid, fit_chain
from training.population.fitting.marginals import NumberSpec, number_marginal

N = 6_000


@pytest.fixture(scope="module")
def chain() -> Chain:
    """Return a chain of an age, an income that grows with it, and a car age known to owners only."""
    rng = np.random.default_rng(0)
    age = rng.uniform(20, 70, N)
    income = 1_000 * age + rng.normal(0, 5_000, N)
    car_age = np.where(income > 45_000, rng.integers(0, 30, N).astype(float), np.nan)
    values = {"AGE": age, "INCOME": income, "CAR_AGE": car_age}
    marginals = [number_marginal(name, column, NumberSpec()) for name, column in values.items()]
    return fit_chain("test", marginals, values, {}, ChainSettings(n_leaves=30, min_leaf=100, n_levels=9))


def test_dependence_survives(chain: Chain) -> None:
    """Columns that go together in the data go together in the draw."""
    drawn = chain.draw(np.random.default_rng(1), N, {}).values

    assert np.corrcoef(drawn["AGE"], drawn["INCOME"])[0, 1] > 0.9


def test_missing_follows_its_cause(chain: Chain) -> None:
    """A value that is missing for a reason is missing for that reason in the draw."""
    drawn = chain.draw(np.random.default_rng(1), N, {}).values
    has_car = ~np.isnan(drawn["CAR_AGE"])

    assert has_car[drawn["INCOME"] > 50_000].mean() > 0.97
    assert has_car[drawn["INCOME"] < 40_000].mean() < 0.03


def test_a_chain_comes_back_from_its_arrays(chain: Chain) -> None:
    """A chain that was packed and unpacked draws the same rows."""
    again = unpacked_chain("test", packed_chain(chain))
    first, second = (side.draw(np.random.default_rng(2), 500, {}).values for side in (chain, again))

    for name, column in first.items():
        np.testing.assert_array_equal(column, second[name])


def test_a_grid_follows_groups_of_rows_not_one() -> None:
    """A single row at the end of a cell moves no point of its grid by more than its share of a group."""
    rows = np.linspace(0.4, 0.6, 200)
    usual = _light_grid(rows, 9)
    moved = _light_grid(np.r_[rows[:-1], 1.0], 9)

    np.testing.assert_allclose(usual, np.linspace(0.4, 0.6, 9), atol=0.002)
    # The last group has two hundred rows over nine; its mean moves by 0.4 of one row's share, the end by half more.
    assert np.abs(moved - usual).max() < 1.5 * 0.4 / (200 // 9) + 1e-9


def test_a_lean_moves_rows_but_not_the_distribution(chain: Chain) -> None:
    """A trait makes some rows higher and others lower; all together they stay as they were."""
    rng = np.random.default_rng(3)
    trait = rng.standard_normal(N)
    plain = chain.draw(np.random.default_rng(4), N, {}).values["INCOME"]
    leaning = chain.draw(np.random.default_rng(4), N, {}, {"INCOME": Lean(trait, 0.6)}).values["INCOME"]

    assert np.corrcoef(trait, leaning)[0, 1] > np.corrcoef(trait, plain)[0, 1] + 0.1
    assert abs(np.median(leaning) - np.median(plain)) < 0.03 * np.median(plain)
