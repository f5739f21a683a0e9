"""Attribution tables of a tree ensemble: what `scoring.explanation` looks up.

For a leaf reached through d distinct features, let ``z_j`` say whether the row satisfies the leaf's interval on
feature j and ``r_j`` be the share of training rows that do, along the path. The path-dependent value function of a
subset S is ``v(S) = leaf * prod_{j in S} z_j * prod_{j not in S} r_j`` and the Shapley value of feature j is

    leaf * (z_j - r_j) * sum over S without j of |S|! (d - |S| - 1)! / d! * prod_{i in S} z_i * prod_{i not in S} r_i

Source: Lundberg et al. (2020), eq. 3 and algorithm 1, summed over leaves instead of walked.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import product
from math import factorial, inf

import numpy as np

from training.ensembles import LEAF, Tree, TreeEnsemble

HIGHEST_RANK = np.iinfo(np.int16).max


@dataclass(frozen=True, slots=True)
class _Interval:
    """What a path asks of one feature: ``low < value <= high``, and the share of rows that went along."""

    low: float = -inf
    high: float = inf
    takes_missing: bool = True
    ratio: float = 1.0


@dataclass(frozen=True, slots=True)
class _Leaf:
    features: tuple[int, ...]
    intervals: tuple[_Interval, ...]
    value: float


def leaf_tables(ensemble: TreeEnsemble, *, scale: float = 1.0, offset: float = 0.0) -> dict[str, np.ndarray]:
    """Return the arrays of `scoring.explanation.TreeExplainer`.

    Parameters
    ----------
    ensemble
        The trees; their score ``s`` gives the margin ``scale * s + offset``.
    scale, offset
        The calibration: it is linear in the score, so attributions scale and the base value shifts.
    """
    leaves = [leaf for tree in ensemble.trees for leaf in _leaves(tree)]
    by_depth: dict[int, list[_Leaf]] = defaultdict(list)
    for leaf in leaves:
        by_depth[len(leaf.features)].append(leaf)
    by_depth.pop(0, None)
    ordered = [leaf for depth in sorted(by_depth) for leaf in by_depth[depth]]
    arrays = _interval_arrays(ordered, ensemble.n_features)
    arrays |= {f"table_{depth}": _tables(by_depth[depth], scale) for depth in sorted(by_depth)}
    arrays["depths"] = np.array(sorted(by_depth), np.int64)
    arrays["base_value"] = np.array(scale * _expected_score(leaves) + offset)
    arrays["n_features"] = np.array(ensemble.n_features)
    arrays["kind"] = np.array("tree")
    return arrays


def _leaves(tree: Tree) -> list[_Leaf]:
    found: list[_Leaf] = []

    def visit(node: int, path: dict[int, _Interval]) -> None:
        feature = int(tree.feature[node])
        if feature == LEAF:
            found.append(_Leaf(tuple(path), tuple(path.values()), float(tree.value[node])))
            return
        for child, goes_left in ((int(tree.left[node]), True), (int(tree.right[node]), False)):
            share = float(tree.cover[child] / tree.cover[node])
            narrowed = _narrow(path.get(feature, _Interval()), tree, node, share, goes_left=goes_left)
            visit(child, path | {feature: narrowed})

    visit(0, {})
    return found


def _narrow(interval: _Interval, tree: Tree, node: int, share: float, *, goes_left: bool) -> _Interval:
    threshold = float(tree.threshold[node])
    return _Interval(
        low=interval.low if goes_left else max(interval.low, threshold),
        high=min(interval.high, threshold) if goes_left else interval.high,
        takes_missing=interval.takes_missing and bool(tree.default_left[node]) == goes_left,
        ratio=interval.ratio * share,
    )


def _expected_score(leaves: list[_Leaf]) -> float:
    """Return the mean score over training rows: each leaf weighs what share of rows reached it."""
    return float(sum(leaf.value * np.prod([interval.ratio for interval in leaf.intervals]) for leaf in leaves))


def _interval_arrays(leaves: list[_Leaf], n_features: int) -> dict[str, np.ndarray]:
    """Lay all intervals flat, as ranks among the thresholds of their feature."""
    thresholds: list[set[float]] = [set() for _ in range(n_features)]
    for leaf in leaves:
        for feature, interval in zip(leaf.features, leaf.intervals, strict=True):
            thresholds[feature] |= {interval.low, interval.high} - {-inf, inf}
    ordered = [sorted(values) for values in thresholds]
    rank = [{value: index for index, value in enumerate(values)} for values in ordered]
    flat = [(f, i) for leaf in leaves for f, i in zip(leaf.features, leaf.intervals, strict=True)]
    return {
        "thresholds": np.array([value for values in ordered for value in values], np.float64),
        "threshold_feature": np.repeat(np.arange(n_features), [len(values) for values in ordered]),
        "feature": np.array([f for f, _ in flat], np.int64),
        # A value above k thresholds has rank k: value > t_i is rank >= i + 1, value <= t_i is rank <= i.
        "low": np.array([rank[f][i.low] + 1 if i.low > -inf else 0 for f, i in flat], np.int16),
        "high": np.array([rank[f][i.high] if i.high < inf else HIGHEST_RANK for f, i in flat], np.int16),
        "takes_missing": np.array([i.takes_missing for _, i in flat], bool),
    }


def _tables(leaves: list[_Leaf], scale: float) -> np.ndarray:
    """Return the Shapley values of every outcome, shape ``(n_leaves * 2^d, d)``; outcome bit j is ``z_j``."""
    depth = len(leaves[0].features)
    values = np.array([leaf.value * scale for leaf in leaves])
    ratios = np.array([[interval.ratio for interval in leaf.intervals] for leaf in leaves])
    outcomes = np.array(list(product((0.0, 1.0), repeat=depth)))[:, ::-1]
    weights = [factorial(size) * factorial(depth - size - 1) / factorial(depth) for size in range(depth)]
    table = np.empty((len(leaves), len(outcomes), depth))
    for j in range(depth):
        others = [i for i in range(depth) if i != j]
        subsets = _sums_by_subset_size(ratios[:, None, others], outcomes[None, :, others])
        weighted = subsets @ np.array(weights)
        table[:, :, j] = values[:, None] * (outcomes[None, :, j] - ratios[:, None, j]) * weighted
    return table.reshape(-1, depth)


def _sums_by_subset_size(ratios: np.ndarray, outcomes: np.ndarray) -> np.ndarray:
    """Expand ``prod_i (r_i + z_i t)``: the coefficient of ``t^k`` sums the subsets of size k.

    `ratios` and `outcomes` broadcast to ``(n_leaves, n_outcomes, n)``; the result has shape
    ``(n_leaves, n_outcomes, n + 1)``.
    """
    shape = np.broadcast_shapes(ratios.shape, outcomes.shape)
    coefficients = np.zeros((*shape[:-1], shape[-1] + 1))
    coefficients[..., 0] = 1.0
    for i in range(shape[-1]):
        longer = coefficients * ratios[..., i, None]
        longer[..., 1:] += coefficients[..., :-1] * outcomes[..., i, None]
        coefficients = longer
    return coefficients
