"""The proof that what is exported never turns the wrong way: on its own trees, not on the flags it was trained with.

A sum of trees moves in one direction along a feature when each of its trees does. A tree does when no two of its leaves
that some row could reach by a change of this feature alone are in the wrong order. Leaves are boxes, so that is a
comparison of boxes, exact and over all values, not a sample of them. That features follow their inputs is shown on the
derivations themselves (`training.compiler.trends`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from onnx import helper, load_model_from_string, numpy_helper

from training.compiler.ensembles import LEAF, Tree
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_TREES = "TreeEnsemble"


@dataclass(frozen=True, slots=True)
class WrongTurn:
    """A place where a tree goes against a declared direction.

    Attributes
    ----------
    feature, tree
        Column and number of the tree.
    below, above
        Two values of the feature, the second larger, between which the score moves the wrong way.
    size
        By how much, in the unit of the leaves.
    """

    feature: int
    tree: int
    below: float
    above: float
    size: float


def prove_directions(
    graph: bytes, tables: Mapping[str, np.ndarray], directions: np.ndarray, feature_names: Sequence[str]
) -> None:
    """Stop an export that turns the wrong way.

    Parameters
    ----------
    graph
        The serialised graph; its trees are what is proved.
    tables
        The attribution tables beside it: of a linear model they hold the slopes of the graph's terms.
    directions
        1 where the score may only rise with a feature, -1 where it may only fall, 0 where nothing is declared; shape
        ``(n_features,)``.

    Raises
    ------
    ParityError
        ``TRN406`` naming the feature, by how much the margin moves the wrong way, and an example.
    """
    declared = {index: int(direction) for index, direction in enumerate(directions) if direction}
    if "slope" in tables:
        _check_slopes(tables["slope"], declared, feature_names)
    for turn in wrong_turns(trees_of(graph), declared):
        raise ParityError(
            "TRN406",
            f"the exported graph goes against what is declared of {feature_names[turn.feature]}: tree {turn.tree} "
            f"moves the score by {turn.size:.3g} the wrong way from {turn.below:g} to {turn.above:g}; train with a way "
            "that keeps directions",
        )


def _check_slopes(slopes: np.ndarray, declared: Mapping[int, int], feature_names: Sequence[str]) -> None:
    for feature, direction in declared.items():
        if slopes[feature] * direction < 0:
            raise ParityError(
                "TRN406",
                f"the exported graph goes against what is declared of {feature_names[feature]}: from 0 to 1 its term "
                f"moves the margin by {slopes[feature]:.3g}; train with a way that keeps directions",
            )


def trees_of(graph: bytes) -> tuple[Tree, ...]:
    """Read the trees back from a serialised graph; none where it holds no ``TreeEnsemble`` of ai.onnx.ml 5.

    `Tree.cover` is not in a graph: it is 1 throughout.
    """
    for node in load_model_from_string(graph).graph.node:
        if node.op_type == _TREES:
            return _trees({attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute})
    return ()


def _trees(attributes: Mapping[str, object]) -> tuple[Tree, ...]:
    def whole(name: str) -> np.ndarray:
        return np.array(attributes[name], np.int64)

    features, missing = whole("nodes_featureids"), whole("nodes_missing_value_tracks_true")
    splits = numpy_helper.to_array(attributes["nodes_splits"])  # type: ignore[arg-type]
    weights = numpy_helper.to_array(attributes["leaf_weights"])  # type: ignore[arg-type]
    children = [
        (whole("nodes_truenodeids"), whole("nodes_trueleafs")),
        (whole("nodes_falsenodeids"), whole("nodes_falseleafs")),
    ]

    def read(root: int) -> Tree:
        rows: list[list[float]] = []

        def visit(index: int, *, leaf: bool) -> int:
            place = len(rows)
            if leaf:
                rows.append([LEAF, 0.0, 0, 0, 0, weights[index]])
                return place
            rows.append([])
            left, right = (visit(int(ids[index]), leaf=bool(leaves[index])) for ids, leaves in children)
            rows[place] = [features[index], splits[index], missing[index], left, right, 0.0]
            return place

        visit(root, leaf=False)
        feature, threshold, default_left, left, right, value = np.array(rows, np.float64).T
        return Tree(
            feature=feature.astype(np.int64),
            threshold=threshold,
            default_left=default_left.astype(bool),
            left=left.astype(np.int64),
            right=right.astype(np.int64),
            value=value,
            cover=np.ones(len(value)),
        )

    return tuple(read(int(root)) for root in whole("tree_roots"))


def wrong_turns(trees: Sequence[Tree], directions: Mapping[int, int]) -> list[WrongTurn]:
    """Return where trees go against declared directions; empty proves that their sum never does.

    Parameters
    ----------
    directions
        By column: 1 where a larger value may only raise the score, -1 where it may only lower it.

    Notes
    -----
    Values are compared among themselves: a missing value of the feature is a case of its own, which no change of a
    known value leads to.
    """
    found = (
        _wrong_turn(number, boxes, feature, directions[feature])
        for number, boxes in enumerate(map(_Boxes.of, trees))
        for feature in boxes.features.tolist()
        if feature in directions
    )
    return [turn for turn in found if turn]


@dataclass(frozen=True, slots=True)
class _Boxes:
    """The leaves of a tree as boxes ``low < value <= high``.

    Attributes
    ----------
    features
        The columns that the tree reads.
    low, high
        Shape ``(n_leaves, n_features)``.
    missing
        Whether a missing value gets through, the same shape.
    value
        Shape ``(n_leaves,)``.
    """

    features: np.ndarray
    low: np.ndarray
    high: np.ndarray
    missing: np.ndarray
    value: np.ndarray

    @classmethod
    def of(cls, tree: Tree) -> _Boxes:
        features = np.unique(tree.feature[tree.feature != LEAF])
        place = {int(feature): index for index, feature in enumerate(features)}
        found: list[tuple[np.ndarray, np.ndarray, np.ndarray, float]] = []

        def visit(node: int, low: np.ndarray, high: np.ndarray, missing: np.ndarray) -> None:
            if tree.feature[node] == LEAF:
                found.append((low, high, missing, float(tree.value[node])))
                return
            at, threshold = place[int(tree.feature[node])], float(tree.threshold[node])
            for child, goes_left in ((int(tree.left[node]), True), (int(tree.right[node]), False)):
                lower, upper, through = low.copy(), high.copy(), missing.copy()
                if goes_left:
                    upper[at] = min(upper[at], threshold)
                else:
                    lower[at] = max(lower[at], threshold)
                through[at] &= bool(tree.default_left[node]) == goes_left
                visit(child, lower, upper, through)

        n = len(features)
        visit(0, np.full(n, -np.inf), np.full(n, np.inf), np.ones(n, bool))
        lows, highs, through, values = zip(*found, strict=True)
        return cls(features, np.array(lows), np.array(highs), np.array(through), np.array(values))


def _wrong_turn(number: int, boxes: _Boxes, feature: int, direction: int) -> WrongTurn | None:
    """Return the worst pair of leaves that stand the wrong way round along a feature; None where there is none."""
    at = int(np.flatnonzero(boxes.features == feature)[0])
    others = np.arange(len(boxes.features)) != at
    low, high, missing = boxes.low[:, others], boxes.high[:, others], boxes.missing[:, others]
    # Some row is in both boxes but for this feature: along each other one the intervals meet, or both take a missing.
    meets = np.maximum(low[:, None], low[None]) < np.minimum(high[:, None], high[None])
    together = (meets | (missing[:, None] & missing[None])).all(axis=2)
    # Beyond the largest double there is no value, only what is missing.
    reachable = (boxes.low[:, at] < boxes.high[:, at]) & (boxes.low[:, at] < np.finfo(np.float64).max)
    below = boxes.high[:, None, at] <= boxes.low[None, :, at]
    fall = direction * (boxes.value[:, None] - boxes.value[None, :])
    wrong = np.where(together & below & reachable[:, None] & reachable[None, :], fall, 0.0)
    worst = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
    if wrong[worst] <= 0:
        return None
    first, second = (int(one) for one in worst)
    return WrongTurn(
        feature=feature,
        tree=number,
        below=_inside(boxes.low[first, at], boxes.high[first, at]),
        above=_inside(boxes.low[second, at], boxes.high[second, at]),
        size=float(wrong[worst]),
    )


def _inside(low: float, high: float) -> float:
    """Return a value of ``low < value <= high``."""
    if np.isfinite(high):
        return float(high)
    return float(np.nextafter(low, np.inf)) if np.isfinite(low) else 0.0
