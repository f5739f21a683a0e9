"""What lets training work at the real size changes no model: bins made once, curvature used, rows bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import xgboost
from scipy.special import expit

from training.candidates.forests import MOST_ROWS_A_TREE, RANDOM_FOREST
from training.candidates.gradient_boosting import LIGHTGBM, SHORT
from training.candidates.logistic import fit_signed
from training.candidates.xgboosting import XGBOOST
from training.compiler.columns import Columns

if TYPE_CHECKING:
    from training.candidates.gradient_boosting import BoostedTrees

N, N_COLUMNS = 3000, 6
FREE = Columns(np.zeros(N_COLUMNS, np.int64), np.zeros(N_COLUMNS, np.int64))


@pytest.fixture(scope="module")
def rows() -> tuple[np.ndarray, np.ndarray]:
    """Return features in Fortran order with values missing, and outcomes that follow from them."""
    generator = np.random.default_rng(3)
    features = np.asfortranarray(generator.normal(size=(N, N_COLUMNS)))
    default = (generator.random(N) < expit(features[:, 0] - features[:, 1] - 2)).astype(np.int64)
    features[generator.random((N, N_COLUMNS)) < 0.1] = np.nan
    return features, default


def _text(model: BoostedTrees) -> str:
    return str(model.booster.model_to_string()).partition("\nparameters")[0]


def test_bins_made_once_give_the_trees_of_a_model_of_all_rows(rows: tuple[np.ndarray, np.ndarray]) -> None:
    """A part that is everything is learned from as everything is, to the byte."""
    features, default = rows
    candidate = LIGHTGBM.candidate({**SHORT, "n_trees": 20}, seed=1)
    apart = candidate.on_parts_of(features, default, FREE)(np.arange(N))

    assert _text(apart) == _text(candidate.fit(features, default, FREE))


def test_a_part_is_learned_from_alone(rows: tuple[np.ndarray, np.ndarray]) -> None:
    """Outcomes outside the part do not move its model; those inside do."""
    features, default = rows
    candidate, part = LIGHTGBM.candidate({**SHORT, "n_trees": 10}, seed=1), np.arange(0, N, 2)
    flipped = default.copy()
    flipped[1::2] = 1 - flipped[1::2]
    first, second, other = (
        _text(candidate.on_parts_of(features, outcomes, FREE)(part)) for outcomes in (default, flipped, 1 - default)
    )

    assert first == second != other


def test_matrix_of_bins_gives_the_trees_of_the_plain_matrix(rows: tuple[np.ndarray, np.ndarray]) -> None:
    """XGBoost's smaller matrix changes no byte of the model."""
    features, default = rows
    ours = XGBOOST.candidate({**XGBOOST.settings, "n_trees": 20}, seed=1).fit(features, default, FREE)
    settings = {name: value for name, value in XGBOOST.settings.items() if name != "n_trees"}
    fixed = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "seed": 1}
    fixed["monotone_constraints"] = (0,) * N_COLUMNS
    plain = xgboost.train(fixed | settings, xgboost.DMatrix(features, default), num_boost_round=20)

    assert ours.booster.save_raw("json") == plain.save_raw("json")


def test_small_samples_grow_the_forest_they_always_did(rows: tuple[np.ndarray, np.ndarray]) -> None:
    """The bound on the rows of a tree is felt by larger samples alone."""
    features, default = np.nan_to_num(rows[0]), rows[1]
    settings = {**RANDOM_FOREST.settings, "n_estimators": 3}
    bounded = RANDOM_FOREST.candidate(settings, seed=1).fit(features, default, FREE)
    free = RANDOM_FOREST.candidate({**settings, "max_samples": N}, seed=1).fit(features, default, FREE)

    assert N < MOST_ROWS_A_TREE
    np.testing.assert_array_equal(bounded.score(features), free.score(features))


def test_bounded_regression_is_the_best_that_keeps_its_signs() -> None:
    """The slope of the loss is nought where a coefficient is free, and pushes against its bound elsewhere."""
    generator = np.random.default_rng(5)
    matrix = generator.normal(size=(N, 8))
    default = (generator.random(N) < expit(matrix @ generator.normal(size=8) - 2)).astype(np.int64)
    signs = np.array([1, -1, 1, -1, 0, 0, 1, -1])
    intercept, coefficients = fit_signed(matrix, default, signs, penalty=0.5, weight=None)
    error = expit(matrix @ coefficients + intercept) - default
    slope = matrix.T @ error + coefficients / 0.5
    held = (signs != 0) & (coefficients == 0)

    assert (signs * coefficients >= 0).all()
    assert held.any()
    assert (signs[held] * slope[held] >= 0).all()
    np.testing.assert_allclose([*slope[~held], error.sum()], 0, atol=1e-4)
