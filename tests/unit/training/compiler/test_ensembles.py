"""Trees in neutral form route every value as their library does."""

from __future__ import annotations

import lightgbm
import numpy as np
import pytest

from training.compiler.ensembles import LEAF, TreeEnsemble, from_lightgbm
from training.errors import ModelError


def walk(ensemble: TreeEnsemble, row: np.ndarray) -> float:
    """Follow one row through every tree, in plain Python."""
    total = 0.0
    for tree in ensemble.trees:
        node = 0
        while tree.feature[node] != LEAF:
            value = row[tree.feature[node]]
            left = tree.default_left[node] if np.isnan(value) else value <= tree.threshold[node]
            node = tree.left[node] if left else tree.right[node]
        total += tree.value[node]
    return total


def boosted(rows: np.ndarray, default: np.ndarray) -> lightgbm.Booster:
    """Train a small booster."""
    settings = {"objective": "binary", "verbose": -1, "min_data_in_leaf": 20, "num_threads": 1, "max_depth": 4}
    return lightgbm.train(settings, lightgbm.Dataset(rows, default), num_boost_round=20)


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    """Return rows with a column that is sometimes missing, one that never is, and one of small integers."""
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(2_000, 3))
    rows[generator.random(2_000) < 0.3, 0] = np.nan
    rows[:, 2] = generator.integers(-2, 3, 2_000)
    signal = np.nan_to_num(rows[:, 0], nan=1.5) + rows[:, 1] * rows[:, 2]
    return rows, (signal + generator.normal(size=2_000) > 1).astype(int)


def test_from_lightgbm_scores_every_row_as_the_booster(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """Sums of leaves are the raw scores, bit for bit, missing values included."""
    booster = boosted(*sample)
    rows = sample[0][:300]
    ensemble = from_lightgbm(booster)

    assert [walk(ensemble, row) for row in rows] == booster.predict(rows, raw_score=True).tolist()


def test_from_lightgbm_routes_exact_threshold_values(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """A value equal to a threshold goes where the booster sends it."""
    booster = boosted(*sample)
    ensemble = from_lightgbm(booster)
    thresholds = np.concatenate([tree.threshold[tree.feature == 1] for tree in ensemble.trees])
    rows = np.column_stack([np.zeros(len(thresholds)), thresholds, np.ones(len(thresholds))])

    assert [walk(ensemble, row) for row in rows] == booster.predict(rows, raw_score=True).tolist()


def test_from_lightgbm_routes_a_missing_value_never_seen_in_training(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """A column that was always known reads a missing value as the booster does."""
    booster = boosted(*sample)
    rows = np.where(np.eye(3, dtype=bool)[[1, 2] * 50], np.nan, sample[0][:100])

    assert [walk(from_lightgbm(booster), row) for row in rows] == booster.predict(rows, raw_score=True).tolist()


def test_from_lightgbm_refuses_native_categories(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """A split the neutral form cannot say is refused, not approximated."""
    rows, default = sample
    settings = {"objective": "binary", "verbose": -1, "num_threads": 1, "min_data_per_group": 1, "cat_smooth": 1}
    codes = np.column_stack([rows[:, 2] + 2, rows[:, 1]])
    booster = lightgbm.train(settings, lightgbm.Dataset(codes, default, categorical_feature=[0]), num_boost_round=5)

    with pytest.raises(ModelError, match=r"TRN205.*only numeric splits"):
        from_lightgbm(booster)
