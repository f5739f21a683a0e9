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
from typing import TYPE_CHECKING

import numpy as np

from training.compiler.ensembles import LEAF, Tree, TreeEnsemble
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    tree: int


def leaf_tables(ensemble: TreeEnsemble, *, scale: float = 1.0, offset: float = 0.0) -> dict[str, np.ndarray]:
    """Return the arrays of `scoring.explanation.TreeExplainer`.

    Parameters
    ----------
    ensemble
        The trees; their score ``s`` gives the margin ``scale * s + offset``.
    scale, offset
        The calibration: it is linear in the score, so attributions scale and the base value shifts.
    """
    leaves = [leaf for number, tree in enumerate(ensemble.trees) for leaf in _leaves(tree, number)]
    by_depth: dict[int, list[_Leaf]] = defaultdict(list)
    for leaf in leaves:
        by_depth[len(leaf.features)].append(leaf)
    constant = sum(leaf.value for leaf in by_depth.pop(0, []))
    rank = _ranks(leaves)
    arrays = _threshold_arrays(rank) | _interval_arrays(leaves, by_depth, rank)
    arrays |= {f"table_{depth}": _tables(by_depth[depth], scale) for depth in sorted(by_depth)}
    for depth in sorted(by_depth):
        arrays[f"value_{depth}"] = scale * np.array([leaf.value for leaf in by_depth[depth]])
        arrays[f"tree_{depth}"] = np.array([leaf.tree for leaf in by_depth[depth]], np.int32)
    arrays["constant"] = np.array(scale * constant + offset)
    arrays["depths"] = np.array(sorted(by_depth), np.int64)
    arrays["base_value"] = np.array(scale * _expected_score(leaves) + offset)
    arrays["n_features"] = np.array(ensemble.n_features)
    arrays["kind"] = np.array("tree")
    return arrays


def _leaves(tree: Tree, number: int) -> list[_Leaf]:
    found: list[_Leaf] = []

    def visit(node: int, path: dict[int, _Interval]) -> None:
        feature = int(tree.feature[node])
        if feature == LEAF:
            found.append(_Leaf(tuple(path), tuple(path.values()), float(tree.value[node]), number))
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


def _threshold_arrays(rank: dict[int, dict[float, int]]) -> dict[str, np.ndarray]:
    """Lay the thresholds flat: by feature, then ascending."""
    flat = [(feature, value) for feature in sorted(rank) for value in rank[feature]]
    return {
        "thresholds": np.array([value for _, value in flat], np.float64),
        "threshold_feature": np.array([feature for feature, _ in flat], np.int64),
    }


def _interval_arrays(
    leaves: list[_Leaf], by_depth: dict[int, list[_Leaf]], rank: dict[int, dict[float, int]]
) -> dict[str, np.ndarray]:
    """List the distinct intervals as ranks, and for each depth which of them each leaf asks of its features."""
    # A value above k thresholds has rank k: value > t_i is rank >= i + 1, value <= t_i is rank <= i.
    form = {
        (f, i.low, i.high, i.takes_missing): (
            f,
            rank[f][i.low] + 1 if i.low > -inf else 0,
            rank[f][i.high] if i.high < inf else HIGHEST_RANK,
            i.takes_missing,
        )
        for f, i in _asked(leaves)
    }
    distinct = sorted(form.values())
    place = {interval: index for index, interval in enumerate(distinct)}
    feature, low, high, takes_missing = np.array(distinct, np.int64).reshape(-1, 4).T

    def places(leaf: _Leaf) -> list[int]:
        asked = zip(leaf.features, leaf.intervals, strict=True)
        return [place[form[f, i.low, i.high, i.takes_missing]] for f, i in asked]

    return {
        "interval_feature": feature.copy(),
        "interval_low": low.astype(np.int16),
        "interval_high": high.astype(np.int16),
        "interval_takes_missing": takes_missing.astype(bool),
        **{
            f"intervals_{depth}": np.ascontiguousarray(np.array([places(leaf) for leaf in by_depth[depth]], np.int64).T)
            for depth in sorted(by_depth)
        },
    }


def _asked(leaves: list[_Leaf]) -> Iterator[tuple[int, _Interval]]:
    """Yield every feature a leaf's path reads, with the interval it asks for."""
    for leaf in leaves:
        yield from zip(leaf.features, leaf.intervals, strict=True)


def _ranks(leaves: list[_Leaf]) -> dict[int, dict[float, int]]:
    """Return the place of each threshold among those of its feature, from the lowest up."""
    found: dict[int, set[float]] = defaultdict(set)
    for feature, interval in _asked(leaves):
        found[feature] |= {interval.low, interval.high} - {-inf, inf}
    if max((len(values) for values in found.values()), default=0) >= HIGHEST_RANK:
        raise ParityError("TRN404", f"a feature has {HIGHEST_RANK} thresholds or more; use fewer or shallower trees")
    return {feature: {value: index for index, value in enumerate(sorted(values))} for feature, values in found.items()}


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
