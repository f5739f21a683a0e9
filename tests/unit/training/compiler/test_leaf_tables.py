"""Attribution tables: exact Shapley values, checked against LightGBM and against the definition."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest

from scoring.explanation import TreeExplainer
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble
from training.compiler.leaf_tables import leaf_tables


def tree_of(
    feature: list[int],
    threshold: list[float],
    left: list[int],
    right: list[int],
    value: list[float],
    cover: list[float],
) -> Tree:
    """Build a tree; missing values go left."""
    n_nodes = len(feature)
    return Tree(
        np.array(feature),
        np.array(threshold),
        np.ones(n_nodes, bool),
        np.array(left),
        np.array(right),
        np.array(value),
        np.array(cover),
    )


# x0 <= 0 ? (x1 <= 1 ? 1 : 2) : (x0 <= 5 ? 4 : 8), the feature x0 twice on one path.
TWICE = tree_of(
    [0, 1, LEAF, LEAF, 0, LEAF, LEAF],
    [0, 1, 0, 0, 5, 0, 0],
    [1, 2, 0, 0, 5, 0, 0],
    [4, 3, 0, 0, 6, 0, 0],
    [0, 0, 1, 2, 0, 4, 8],
    [100, 60, 45, 15, 40, 30, 10],
)


def value_of_subset(tree: Tree, row: np.ndarray, known: set[int], node: int = 0) -> float:
    """Return the path-dependent expectation given the features in `known` (Lundberg et al., algorithm 1)."""
    feature = int(tree.feature[node])
    if feature == LEAF:
        return float(tree.value[node])
    left, right = int(tree.left[node]), int(tree.right[node])
    if feature in known:
        missing = np.isnan(row[feature])
        goes_left = tree.default_left[node] if missing else row[feature] <= tree.threshold[node]
        return value_of_subset(tree, row, known, left if goes_left else right)
    share = tree.cover[left] / tree.cover[node]
    return float(
        share * value_of_subset(tree, row, known, left) + (1 - share) * value_of_subset(tree, row, known, right)
    )


def shapley(tree: Tree, row: np.ndarray, feature: int, n_features: int) -> float:
    """Return the Shapley value by its definition: every subset of the other features."""
    others = [other for other in range(n_features) if other != feature]
    total = 0.0
    for size in range(n_features):
        weight = factorial(size) * factorial(n_features - size - 1) / factorial(n_features)
        for subset in combinations(others, size):
            gain = value_of_subset(tree, row, {*subset, feature}) - value_of_subset(tree, row, set(subset))
            total += weight * gain
    return total


@pytest.mark.parametrize("row", [[-1, 0], [-1, 3], [2, 0], [9, 9], [0, 1], [5, 1], [np.nan, 2], [3, np.nan]])
def test_leaf_tables_equal_the_definition(row: list[float]) -> None:
    """On a tree that asks one feature twice, the look-up is the Shapley value of the definition."""
    explainer = TreeExplainer(leaf_tables(TreeEnsemble((TWICE,), n_features=2)))
    expected = [shapley(TWICE, np.array(row, float), feature, 2) for feature in (0, 1)]

    assert explainer.contributions(np.array(row, float)).tolist() == pytest.approx(expected, abs=1e-12)


def test_leaf_tables_base_value_is_the_mean_over_training_rows() -> None:
    """The base value weighs each leaf by the rows that reached it."""
    arrays = leaf_tables(TreeEnsemble((TWICE,), n_features=2))

    assert float(arrays["base_value"]) == pytest.approx((45 * 1 + 15 * 2 + 30 * 4 + 10 * 8) / 100)


def test_leaf_tables_follow_the_calibration() -> None:
    """Scale multiplies attributions and base value, offset moves the base value alone."""
    ensemble, row = TreeEnsemble((TWICE, TWICE), n_features=2), np.array([2.0, 0.0])
    plain, scaled = TreeExplainer(leaf_tables(ensemble)), TreeExplainer(leaf_tables(ensemble, scale=3.0, offset=1.0))

    assert scaled.contributions(row).tolist() == pytest.approx((3 * plain.contributions(row)).tolist())
    assert scaled.base_value == pytest.approx(3 * plain.base_value + 1)


def test_leaf_tables_of_a_single_leaf_attribute_nothing() -> None:
    """A tree that never splits moves the base value and no feature."""
    stump = tree_of([LEAF], [0], [0], [0], [0.7], [10])
    explainer = TreeExplainer(leaf_tables(TreeEnsemble((stump, TWICE), n_features=2)))

    assert explainer.base_value == pytest.approx(0.7 + 2.75)
    assert explainer.contributions(np.array([2.0, 0.0])).sum() + explainer.base_value == pytest.approx(4.7)


def test_leaf_tables_of_trees_that_never_split() -> None:
    """An ensemble of single leaves is its base value for everybody."""
    stump = tree_of([LEAF], [0], [0], [0], [0.7], [10])
    explainer = TreeExplainer(leaf_tables(TreeEnsemble((stump, stump), n_features=2)))

    assert explainer.base_value == pytest.approx(1.4)
    assert explainer.contributions(np.array([2.0, np.nan])).tolist() == [0.0, 0.0]
