"""Libraries that compare in single precision are read so that no value, however close to a split, goes elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import xgboost
from hypothesis import given
from hypothesis import strategies as st
from sklearn.tree import DecisionTreeClassifier

from scoring.model import INPUT, open_session
from training.candidates.families import candidate_of
from training.compiler.columns import Columns
from training.compiler.derivations import Column
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble
from training.compiler.graph import build_graph
from training.compiler.tree_reading import from_sklearn, from_xgboost, threshold_of_rounded_values

if TYPE_CHECKING:
    from training.candidates import Candidate, Settings
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

SMALL: dict[str, Settings] = {
    "decision_tree": {"max_depth": 4, "min_samples_leaf": 20},
    "random_forest": {"n_estimators": 8, "max_depth": 4, "min_samples_leaf": 10, "max_features": 0.5},
    "xgboost": {"n_trees": 15, "max_depth": 3, "learning_rate": 0.2},
    "lightgbm": {"n_trees": 15, "max_depth": 3, "num_leaves": 8, "learning_rate": 0.2},
}
FINITE = st.floats(allow_nan=False, allow_infinity=False)
LARGEST = float(np.finfo(np.float32).max)
IN_RANGE = st.floats(-LARGEST, LARGEST)


@given(threshold=IN_RANGE, steps=st.integers(-3, 3))
def test_threshold_routes_as_rounding_first(threshold: float, steps: int) -> None:
    """A double next to the boundary, on either side, goes where its float32 would go."""
    boundary = float(threshold_of_rounded_values(np.array(threshold)))
    value = float(np.clip(boundary, -LARGEST, LARGEST))
    for _ in range(abs(steps)):
        value = float(np.clip(np.nextafter(value, np.inf * np.sign(steps)), -LARGEST, LARGEST))

    assert (float(np.float32(value)) <= threshold) == (value <= boundary)


@given(threshold=FINITE, value=IN_RANGE)
def test_threshold_routes_any_value_as_rounding_first(threshold: float, value: float) -> None:
    """So does any double that float32 can hold, whatever the threshold."""
    boundary = float(threshold_of_rounded_values(np.array(threshold)))

    assert (float(np.float32(value)) <= threshold) == (value <= boundary)


def test_infinite_threshold_sends_every_known_value_left() -> None:
    """scikit-learn splits known from missing at infinity; the neutral form has finite thresholds only."""
    assert threshold_of_rounded_values(np.array([np.inf]))[0] == np.finfo(np.float64).max


def rows_at_splits(ensemble: TreeEnsemble, rows: np.ndarray) -> np.ndarray:
    """Return rows that hold, one feature at a time, a split's threshold, its neighbours and nothing."""
    splits = [
        (int(feature), float(threshold))
        for tree in ensemble.trees
        for feature, threshold in zip(tree.feature, tree.threshold, strict=True)
        if feature != LEAF and abs(threshold) < 1e300
    ]
    variants = []
    for number, (feature, threshold) in enumerate(splits):
        below, above = np.nextafter(threshold, -np.inf), np.nextafter(threshold, np.inf)
        for value in (threshold, below, above, float(np.float32(threshold)), np.nan):
            row = rows[number % len(rows)].copy()
            row[feature] = value
            variants.append(row)
    return np.vstack([rows, *variants])


def graph_scores(ensemble: TreeEnsemble, rows: np.ndarray) -> np.ndarray:
    """Score rows with the exported graph of an ensemble alone."""
    names = [f"c{number}" for number in range(rows.shape[1])]
    graph = build_graph(names, [Column(name) for name in names], ensemble)
    return np.asarray(open_session(graph.SerializeToString()).run(["margin"], {INPUT: rows})[0])


@pytest.fixture(params=SMALL)
def candidate(request: pytest.FixtureRequest) -> Candidate:
    """Return each tree family with small settings."""
    return candidate_of(request.param, SMALL[request.param], seed=0)


def test_graph_routes_values_at_every_split_as_the_library(
    candidate: Candidate, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """At each threshold, one step beside it and without a value, graph and library give the same score."""
    features = small_space.compute(small_dataset.rows)
    fitted = candidate.fit(features, small_dataset.default, small_space.columns)
    form = fitted.neutral_form()
    assert isinstance(form, TreeEnsemble)
    rows = rows_at_splits(form, features[:200])

    np.testing.assert_allclose(graph_scores(form, rows), fitted.score(rows), rtol=0, atol=1e-14)


def test_sklearn_tree_without_missing_values_in_training_still_routes_them() -> None:
    """A value that is missing for the first time goes where scikit-learn sends it."""
    generator = np.random.default_rng(1)
    rows = generator.normal(size=(500, 3))
    tree = DecisionTreeClassifier(max_depth=4, random_state=0).fit(rows, (rows[:, 0] + rows[:, 1] > 0.3).astype(int))
    asked = rows[:100].copy()
    asked[::2, 0] = np.nan
    asked[::3, 1] = np.nan
    read = from_sklearn([tree.tree_], n_features=3)

    np.testing.assert_allclose(graph_scores(read, asked), tree.predict_proba(asked)[:, 1], rtol=0, atol=1e-15)


def test_sklearn_tree_that_splits_known_from_missing_is_read() -> None:
    """Where only being known matters, the split is at infinity."""
    generator = np.random.default_rng(2)
    rows = generator.normal(size=(400, 1))
    rows[:150] = np.nan
    tree = DecisionTreeClassifier(max_depth=1).fit(rows, np.isnan(rows[:, 0]).astype(int))
    asked = np.array([[np.nan], [0.0], [1e30], [-1e30]])

    np.testing.assert_array_equal(graph_scores(from_sklearn([tree.tree_], n_features=1), asked), [1, 0, 0, 0])


def test_xgboost_margin_is_the_sum_of_its_leaves(small_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """Base score and leaves in double precision are XGBoost's own margin but for its single precision."""
    features = small_space.compute(small_dataset.rows)
    fitted = candidate_of("xgboost", SMALL["xgboost"], seed=0).fit(features, small_dataset.default, small_space.columns)
    booster: xgboost.Booster = fitted.booster  # type: ignore[attr-defined]
    margin = booster.predict(xgboost.DMatrix(features), output_margin=True)
    contributions = booster.predict(xgboost.DMatrix(features[:200]), pred_contribs=True)

    np.testing.assert_allclose(fitted.score(features), margin, atol=1e-5)
    np.testing.assert_allclose(fitted.contributions(features[:200]), contributions, atol=1e-5)


def test_xgboost_is_read_from_its_own_file_format() -> None:
    """A hand-made model: 0.25 is not below 0.25, so it goes right; missing goes where default_left says."""
    model = {
        "learner": {
            "learner_model_param": {"base_score": "[5E-1]"},
            "objective": {"name": "binary:logistic"},
            "gradient_booster": {
                "name": "gbtree",
                "model": {"gbtree_model_param": {"num_parallel_tree": "1"}, "trees": [A_STUMP]},
            },
        }
    }
    read = from_xgboost(str(model).replace("'", '"').encode(), n_features=1)
    rows = np.array([[0.25], [np.nextafter(0.25, 0)], [0.2], [np.nan]])

    np.testing.assert_array_equal(graph_scores(read, rows), [2.0, 2.0, 1.0, 1.0])


A_STUMP = {
    "left_children": [1, -1, -1],
    "right_children": [2, -1, -1],
    "split_indices": [0, 0, 0],
    "split_conditions": [0.25, 1.0, 2.0],
    "default_left": [1, 0, 0],
    "sum_hessian": [10.0, 4.0, 6.0],
    "categories_nodes": [],
}


def test_lightgbm_reads_almost_zero_as_zero() -> None:
    """At LightGBM's own minus-almost-zero bound, the value itself goes right: it is zero to LightGBM."""
    rows = np.repeat(np.array([-1.0, 0.0, 1.0]), 100)[:, None]
    candidate = candidate_of("lightgbm", {"n_trees": 2, "min_data_in_leaf": 5, "num_leaves": 3}, seed=0)
    fitted = candidate.fit(rows, (rows[:, 0] < 0).astype(int), Columns.free(np.zeros(1, np.int64)))
    form = fitted.neutral_form()
    assert isinstance(form, TreeEnsemble)
    bound = float(np.float32(1e-35))
    asked = np.array([[-bound], [np.nextafter(-bound, -1)], [np.nextafter(-bound, 0)], [0.0], [bound]])

    np.testing.assert_array_equal(graph_scores(form, asked), fitted.score(asked))


def test_trees_keep_their_rows_as_cover() -> None:
    """A parent's cover is that of its children: attributions weigh by it."""
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(300, 2))
    tree = DecisionTreeClassifier(max_depth=3).fit(rows, (rows[:, 0] > 0).astype(int))
    read: Tree = from_sklearn([tree.tree_], n_features=2).trees[0]
    inner = read.feature != LEAF

    np.testing.assert_array_equal(read.cover[inner], read.cover[read.left[inner]] + read.cover[read.right[inner]])
