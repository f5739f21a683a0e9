"""Fit a chain: for each column a tree of cells over the columns before it, and its distribution in each cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np
from sklearn.tree import DecisionTreeRegressor
from tqdm import tqdm

from training.population.drawing.chain import Chain
from training.population.drawing.draws import Draw, Tree
from training.population.drawing.marginals import CODE_SCALE, Marginal
from training.population.fitting.marginals import MIN_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes

# Shares and ranks are kept to one part in this: coarser than a row of the real data, and it compresses well.
_TABLE_LEVELS = 2047

# Known from the start of a chain of applications: 0 for training, the highest code for test.
IS_TEST = "IS_TEST"
# Largest distance between the distributions of the two sets that one tree for both may blur.
_SHIFT = 0.012


@dataclass(frozen=True)
class ChainSettings:
    """How fine a chain is fitted.

    Parameters
    ----------
    n_leaves
        Most cells of a continuous column.
    min_leaf
        Fewest rows in a cell.
    n_levels
        Points of the quantile grid of a cell.
    n_predictors
        Most columns a tree may compare.
    n_rows
        Rows used to choose cells; all rows fill them.
    """

    n_leaves: int = 130
    min_leaf: int = 250
    n_levels: int = 17
    n_predictors: int = 16
    n_rows: int = 50_000


def fit_chain(
    name: str,
    marginals: Sequence[Marginal],
    values: Mapping[str, NDArray[np.float64]],
    given: Mapping[str, Codes],
    settings: ChainSettings,
    strata: Mapping[str, str] | None = None,
) -> Chain:
    """Fit the columns of `marginals`, in that order, each on those before it and on `given`.

    Parameters
    ----------
    strata
        For a column that only makes sense within another one's value (the reason of a refusal), the name of that other
        column: each of its values then has a tree of its own, and nothing is drawn that a value never has.
    """
    rng = np.random.default_rng(0)
    codes = dict(given)
    predictors, draws = [], []
    for marginal in tqdm(marginals, desc=f"fit {name}", unit="column", disable=None):
        ranks = marginal.ranks(values[marginal.name], rng)
        stratum = (strata or {}).get(marginal.name) or (IS_TEST if _differs_by_set(codes, ranks) else None)
        chosen = _strongest(codes, ranks, settings, rng)
        if stratum:
            chosen = (stratum, *(name for name in chosen if name != stratum))
        predictors.append(chosen)
        cuts = _cuts(codes[stratum]) if stratum else ()
        draws.append(_fit_draw(marginal, ranks, [codes[c] for c in chosen], settings, cuts))
        codes[marginal.name] = marginal.codes(ranks)
    return Chain(name, tuple(given), tuple(marginals), tuple(predictors), tuple(draws))


def _cuts(codes: Codes) -> tuple[int, ...]:
    """Return codes halfway between the values of a column that has few."""
    found = np.unique(codes).astype(np.int64)
    return tuple(int(cut) for cut in (found[:-1] + found[1:]) // 2)


def _strongest(
    codes: Mapping[str, Codes], ranks: NDArray[np.float64], settings: ChainSettings, rng: np.random.Generator
) -> tuple[str, ...]:
    """Return the columns that tell most about a column's rank."""
    names = list(codes)
    if len(names) <= settings.n_predictors:
        return tuple(names)
    rows = rng.permutation(len(ranks))[:30_000]
    table = lgb.Dataset(np.column_stack([codes[n][rows] for n in names]).astype(np.float32), ranks[rows])
    booster = lgb.train(
        {"num_leaves": 15, "learning_rate": 0.3, "verbose": -1, "num_threads": 1, "min_data_in_leaf": 100, "seed": 0},
        table,
        num_boost_round=15,
    )
    gain = booster.feature_importance("gain")
    best = sorted(np.argsort(-gain)[: settings.n_predictors])
    return tuple(names[i] for i in best if gain[i] > 0)


def _fit_draw(
    marginal: Marginal,
    ranks: NDArray[np.float64],
    codes: Sequence[Codes],
    settings: ChainSettings,
    cuts: Sequence[int],
) -> Draw:
    """Return cells and the distribution of the column in each; no cell crosses a cut of the first predictor."""
    known = np.stack(codes) if codes else np.zeros((1, len(ranks)), dtype=np.uint16)
    tree = _fit_tree_per_part(known, _above(marginal, ranks), settings, cuts)
    leaf = tree.leaves(known)
    order = np.argsort(leaf, kind="stable")
    cells = np.split(ranks[order], np.searchsorted(leaf[order], np.arange(1, int(tree.leaf.max()) + 1)))
    table = [_cell(marginal, cell, settings.n_levels) for cell in cells]
    # A cell without light rows of its own takes the distribution over all cells.
    usual = _light_grid(_light(marginal, ranks), settings.n_levels)
    rows = np.stack([np.r_[shares, usual if grid is None else grid] for shares, grid in table])
    return Draw(tree, (np.round(rows * _TABLE_LEVELS) * (CODE_SCALE / _TABLE_LEVELS)).astype(np.uint16))


def _above(marginal: Marginal, ranks: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return indicators of the rank passing each of a few levels.

    The squared error of these indicators is the (discretised) ranked probability score, so a tree grown on them
    separates whole distributions, atoms and missing included, not just means.
    """
    edges = marginal.edges[1:-1]
    if marginal.is_discrete and len(edges) <= 12:  # noqa: PLR2004
        levels = edges
    else:
        levels = np.unique(np.r_[np.linspace(0.1, 0.9, 9), edges[_is_wide(marginal)]])
    if not len(levels):
        levels = np.array([0.5])
    return (ranks[:, None] >= levels).astype(np.float32)


def _is_wide(marginal: Marginal) -> NDArray[np.bool_]:
    """Tell which inner edges end a piece so wide that it deserves a level of its own."""
    widths = np.diff(marginal.edges)
    wide: NDArray[np.bool_] = np.maximum(widths[:-1], widths[1:]) > 0.1  # noqa: PLR2004
    return wide


def _fit_tree(known: Codes, above: NDArray[np.float32], settings: ChainSettings) -> Tree:
    """Grow a tree best cell first."""
    rows = np.random.default_rng(0).permutation(known.shape[1])[: settings.n_rows]
    share = len(rows) / known.shape[1]
    grown = DecisionTreeRegressor(
        max_leaf_nodes=settings.n_leaves,
        # A cell found on a part of the rows must still hold enough of all of them.
        min_samples_leaf=max(MIN_CELL, int(settings.min_leaf * share)),
        max_depth=11,
        random_state=0,
    ).fit(known[:, rows].T.astype(np.float32), above[rows])
    nodes = grown.tree_
    return as_tree(nodes.feature, nodes.threshold, nodes.children_left, nodes.children_right)


def _fit_tree_per_part(known: Codes, above: NDArray[np.float32], settings: ChainSettings, cuts: Sequence[int]) -> Tree:
    """Grow a tree for each part between cuts of the first predictor, joined by roots that compare it."""
    if not len(cuts):
        return _fit_tree(known, above, settings)
    middle = len(cuts) // 2
    is_right = known[0] > cuts[middle]
    share = float(is_right.mean())
    left, right = (
        _fit_tree_per_part(
            known[:, side], above[side], replace(settings, n_leaves=max(8, int(settings.n_leaves * part))), rest
        )
        for side, part, rest in (
            (~is_right, 1.0 - share, cuts[:middle]),
            (is_right, share, cuts[middle + 1 :]),
        )
    )
    return _joined(left, right, cuts[middle])


def _joined(left: Tree, right: Tree, cut: int) -> Tree:
    """Return a tree whose root sends rows with a first predictor up to `cut` to `left`."""
    at_left, at_right = 1, 1 + len(left.leaf)
    n_left_leaves = int(left.leaf.max()) + 1
    return Tree(
        predictor=np.r_[0, left.predictor, right.predictor].astype(np.int16),
        threshold=np.r_[cut, left.threshold, right.threshold].astype(np.uint16),
        left=np.r_[at_left, left.left + at_left, right.left + at_right].astype(np.int16),
        right=np.r_[at_right, left.right + at_left, right.right + at_right].astype(np.int16),
        leaf=np.r_[-1, left.leaf, np.where(right.leaf < 0, -1, right.leaf + n_left_leaves)].astype(np.int16),
    )


def _differs_by_set(codes: Mapping[str, Codes], ranks: NDArray[np.float64]) -> bool:
    """Tell whether a column's distribution differs between training and test applications."""
    if IS_TEST not in codes:
        return False
    is_test = codes[IS_TEST] > 0
    levels = np.linspace(0.0, 1.0, 101)
    shares = [np.searchsorted(np.sort(ranks[side]), levels) / side.sum() for side in (is_test, ~is_test)]
    return bool(np.max(np.abs(shares[0] - shares[1])) > _SHIFT)


def as_tree(
    feature: NDArray[np.int64],
    threshold: NDArray[np.float64],
    left: NDArray[np.int64],
    right: NDArray[np.int64],
) -> Tree:
    """Return flat arrays in which a negative `left` marks a leaf."""
    is_leaf = left < 0
    own = np.arange(len(left))
    return Tree(
        predictor=np.where(is_leaf, 0, feature).astype(np.int16),
        threshold=np.where(is_leaf, 0, np.clip(np.floor(threshold), 0, CODE_SCALE)).astype(np.uint16),
        left=np.where(is_leaf, own, left).astype(np.int16),
        right=np.where(is_leaf, own, right).astype(np.int16),
        leaf=np.where(is_leaf, np.cumsum(is_leaf) - 1, -1).astype(np.int16),
    )


def _cell(
    marginal: Marginal, ranks: NDArray[np.float64], n_levels: int
) -> tuple[NDArray[np.float64], NDArray[np.float64] | None]:
    """Return the cumulative shares of heavy pieces in a cell, and the grid of the others (None: too few rows)."""
    counts = np.bincount(marginal.pieces(ranks), minlength=len(marginal.shares))[marginal.heavy]
    shares = np.cumsum(counts) / len(ranks)
    light = _light(marginal, ranks)
    return shares, _light_grid(light, n_levels) if marginal.is_discrete or len(light) >= MIN_CELL else None


def _light(marginal: Marginal, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the rows outside heavy pieces, as ranks among light pieces."""
    is_light = ~np.isin(marginal.pieces(ranks), marginal.heavy)
    return np.interp(ranks[is_light], marginal.edges, marginal.light_edges)


def _light_grid(light: NDArray[np.float64], n_levels: int) -> NDArray[np.float64]:
    """Return ranks at equally spaced levels, each read off the mean of enough rows around it."""
    if not len(light):
        return np.zeros(0)
    n_own = min(n_levels, len(light) // MIN_CELL + 1)
    if n_own < 3:  # noqa: PLR2004 - two groups of rows give a slope
        return np.full(n_levels, light.mean())
    means = [group.mean() for group in np.array_split(np.sort(light), n_own)]
    # The ends lie half a group beyond the means of the outer groups; no single row is kept.
    ends = [1.5 * means[0] - 0.5 * means[1], 1.5 * means[-1] - 0.5 * means[-2]]
    places = np.r_[0.0, (np.arange(n_own) + 0.5) / n_own, 1.0]
    grid = np.interp(np.linspace(0.0, 1.0, n_levels), places, [ends[0], *means, ends[1]])
    return np.clip(grid, 0.0, 1.0)
