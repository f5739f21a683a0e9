"""Attributions of trees whose library has none of its own, or only in single precision: the shap package's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.compiler.ensembles import LEAF

if TYPE_CHECKING:
    from training.compiler.ensembles import Tree, TreeEnsemble


def tree_contributions(ensemble: TreeEnsemble, features: np.ndarray) -> np.ndarray:
    """Return path-dependent TreeSHAP in double precision and, last, the base value.

    Source: Lundberg et al. (2020), algorithm 2, as the shap package implements it. It walks the trees, where
    `training.compiler.leaf_tables` sums over leaves: the one proves the other.
    """
    import shap  # noqa: PLC0415  takes seconds to import, and only the winner needs it

    trees = [_as_shap(tree) for tree in ensemble.trees if len(tree.feature) > 1]
    constant = sum(float(tree.value[0]) for tree in ensemble.trees if len(tree.feature) == 1)
    if not trees:
        return np.hstack([np.zeros_like(features), np.full((len(features), 1), constant)])
    explainer = shap.TreeExplainer(
        {"trees": trees, "internal_dtype": np.float64, "input_dtype": np.float64},
        feature_perturbation="tree_path_dependent",
    )
    values = np.asarray(explainer.shap_values(features, check_additivity=False)).reshape(features.shape)
    base = float(np.ravel(explainer.expected_value)[0]) + constant
    return np.column_stack([values, np.full(len(features), base)])


def _as_shap(tree: Tree) -> dict[str, Any]:
    inner = tree.feature != LEAF
    return {
        "children_left": np.where(inner, tree.left, LEAF),
        "children_right": np.where(inner, tree.right, LEAF),
        "children_default": np.where(inner, np.where(tree.default_left, tree.left, tree.right), LEAF),
        "features": tree.feature,
        "thresholds": tree.threshold,
        "values": tree.value[:, None],
        "node_sample_weight": tree.cover,
    }
