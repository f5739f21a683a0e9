"""One neutral form for every family's trees: export, explanation and merging read it and nothing else.

A node sends a row left when ``value <= threshold`` in double precision; a missing value goes where `default_left` says.
What a library does otherwise (float32 inputs, ``<``) is turned into this form when its model is read, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from training.compiler.unproved import refuse_unproved_lightgbm
from training.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import lightgbm

LEAF = -1
# LightGBM reads what is closer to zero than this, the end included, as zero.
_LIGHTGBM_ZERO = float(np.float32(1e-35))


@dataclass(frozen=True, slots=True)
class Tree:
    """One binary tree; node 0 is the root.

    Attributes
    ----------
    feature
        Column a node reads, `LEAF` for a leaf; shape ``(n_nodes,)`` as all others.
    threshold, default_left
        The split.
    left, right
        Children.
    value
        Leaf value, in the unit of the family's score.
    cover
        Training rows that reached the node: the weights of path-dependent TreeSHAP.
    """

    feature: np.ndarray
    threshold: np.ndarray
    default_left: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray
    cover: np.ndarray


@dataclass(frozen=True, slots=True)
class TreeEnsemble:
    """A sum of trees.

    Attributes
    ----------
    trees
        Their leaf values add up to the family's score, in this order.
    n_features
        Number of columns the trees may read.
    """

    trees: tuple[Tree, ...]
    n_features: int


def single_leaf(value: float) -> Tree:
    """Return a tree that gives every row the same value."""
    return Tree(
        feature=np.array([LEAF]),
        threshold=np.zeros(1),
        default_left=np.zeros(1, bool),
        left=np.zeros(1, np.int64),
        right=np.zeros(1, np.int64),
        value=np.array([value], np.float64),
        cover=np.ones(1),
    )


def mean_of(ensembles: Sequence[TreeEnsemble]) -> TreeEnsemble:
    """Merge ensembles over the same columns into one whose score is the mean of theirs."""
    trees = [replace(tree, value=tree.value / len(ensembles)) for ensemble in ensembles for tree in ensemble.trees]
    return TreeEnsemble(tuple(trees), ensembles[0].n_features)


def from_lightgbm(booster: lightgbm.Booster) -> TreeEnsemble:
    """Read a trained LightGBM booster without native categorical splits.

    Raises
    ------
    ModelError
        ``TRN205`` when the booster was trained in a way whose export is not proved.
    """
    refuse_unproved_lightgbm(booster)
    dump = booster.dump_model()
    trees = tuple(_lightgbm_tree(info["tree_structure"]) for info in dump["tree_info"])
    return TreeEnsemble(trees, n_features=booster.num_feature())


def _lightgbm_tree(root: dict[str, Any]) -> Tree:
    rows: list[tuple[float, ...]] = []

    def visit(node: dict[str, Any]) -> int:
        index = len(rows)
        rows.append(())
        if "leaf_value" in node:
            cover = node.get("leaf_count", 0)
            rows[index] = (LEAF, 0.0, 0, 0, 0, node["leaf_value"], cover)
            return index
        left, right = visit(node["left_child"]), visit(node["right_child"])
        cover = node["internal_count"]
        threshold = _lightgbm_threshold(node["threshold"])
        rows[index] = (node["split_feature"], threshold, _missing_goes_left(node), left, right, 0.0, cover)
        return index

    visit(root)
    feature, threshold, default_left, left, right, value, cover = (
        np.array(column) for column in zip(*rows, strict=True)
    )
    return Tree(
        feature=feature.astype(np.int64),
        threshold=threshold.astype(np.float64),
        default_left=default_left.astype(bool),
        left=left.astype(np.int64),
        right=right.astype(np.int64),
        value=value.astype(np.float64),
        cover=cover.astype(np.float64),
    )


def _lightgbm_threshold(threshold: float) -> float:
    """Return the threshold that plain comparison needs: minus almost-zero is zero to LightGBM, and goes right."""
    return float(np.nextafter(threshold, -np.inf)) if threshold == -_LIGHTGBM_ZERO else threshold


def _missing_goes_left(node: dict[str, Any]) -> bool:
    """Say where a missing value goes; a feature never missing in training reads it as zero."""
    if node["decision_type"] != "<=" or node["missing_type"] == "Zero":
        raise ModelError("TRN205", "only numeric splits with NaN as missing are exported; train on ranked categories")
    if node["missing_type"] == "NaN":
        return bool(node["default_left"])
    return bool(node["threshold"] >= 0)
