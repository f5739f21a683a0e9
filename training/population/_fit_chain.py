"""Fit a chain: for each column a tree of cells over the columns before it, and its distribution in each cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm as lgb
import numpy as np
from sklearn.tree import DecisionTreeRegressor
from tqdm import tqdm

from training.population._fit_marginals import MIN_CELL
from training.population.chain import Chain
from training.population.draws import Draw, Tree
from training.population.marginals import CODE_SCALE, Marginal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.population.chain import Codes


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

    n_leaves: int = 100
    min_leaf: int = 330
    n_levels: int = 17
    n_predictors: int = 16
    n_rows: int = 50_000


def fit_chain(
    name: str,
    marginals: Sequence[Marginal],
    values: Mapping[str, NDArray[np.float64]],
    given: Mapping[str, Codes],
    settings: ChainSettings,
) -> Chain:
    """Fit the columns of `marginals`, in that order, each on those before it and on `given`."""
    rng = np.random.default_rng(0)
    codes = dict(given)
    predictors, draws = [], []
    for marginal in tqdm(marginals, desc=f"fit {name}", unit="column"):
        ranks = marginal.ranks(values[marginal.name], rng)
        chosen = _strongest(codes, ranks, settings, rng)
        predictors.append(chosen)
        draws.append(_fit_draw(marginal, ranks, [codes[c] for c in chosen], settings))
        codes[marginal.name] = marginal.codes(ranks)
    return Chain(name, tuple(given), tuple(marginals), tuple(predictors), tuple(draws))


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


def _fit_draw(marginal: Marginal, ranks: NDArray[np.float64], codes: Sequence[Codes], settings: ChainSettings) -> Draw:
    """Return cells and the distribution of the column in each."""
    known = np.stack(codes) if codes else np.zeros((1, len(ranks)), dtype=np.uint16)
    tree = _fit_tree(known, _above(marginal, ranks), settings)
    leaf = tree.leaves(known)
    n_leaves = int(tree.leaf.max()) + 1
    if marginal.is_discrete:
        return Draw(tree, _cumulative_shares(marginal, ranks, leaf, n_leaves))
    return Draw(tree, _quantile_grid(ranks, leaf, n_leaves, settings.n_levels))


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
    return as_tree(grown.tree_.feature, grown.tree_.threshold, grown.tree_.children_left, grown.tree_.children_right)


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


def _cumulative_shares(
    marginal: Marginal, ranks: NDArray[np.float64], leaf: NDArray[np.int16], n_leaves: int
) -> NDArray[np.uint16]:
    """Return the cumulative shares of pieces per leaf, to a thousandth, the last left out."""
    n_pieces = len(marginal.shares)
    cells = np.bincount(leaf.astype(np.int64) * n_pieces + marginal.pieces(ranks), minlength=n_leaves * n_pieces)
    counts = cells.reshape(n_leaves, n_pieces)
    cumulative = np.round(np.cumsum(counts, axis=1) / counts.sum(axis=1, keepdims=True), 3)
    found: NDArray[np.uint16] = np.round(cumulative[:, : max(1, n_pieces - 1)] * CODE_SCALE).astype(np.uint16)
    return found


def _quantile_grid(
    ranks: NDArray[np.float64], leaf: NDArray[np.int16], n_leaves: int, n_levels: int
) -> NDArray[np.uint16]:
    """Return ranks at equally spaced levels per leaf."""
    levels = np.linspace(0.0, 1.0, n_levels)
    order = np.argsort(leaf, kind="stable")
    parts = np.split(ranks[order], np.searchsorted(leaf[order], np.arange(1, n_leaves)))
    grid = np.stack([np.quantile(part, levels) for part in parts])
    found: NDArray[np.uint16] = np.round(grid * CODE_SCALE).astype(np.uint16)
    return found
