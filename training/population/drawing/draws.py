"""Conditional draws: a small tree finds the row's cell, the cell's distribution gives the value's rank."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.marginals import CODE_SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.marginals import Marginal


@dataclass(frozen=True)
class Tree:
    """A binary tree over 16-bit codes, as flat arrays; a leaf points to itself.

    Parameters
    ----------
    predictor
        Index of the predictor compared at each node.
    threshold
        Rows whose code is at most the threshold go left.
    left, right
        Next node on each side.
    leaf
        Leaf number of each node; -1 inside the tree.
    """

    predictor: NDArray[np.int16]
    threshold: NDArray[np.uint16]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    leaf: NDArray[np.int16]

    @cached_property
    def depth(self) -> int:
        """Return how many comparisons the longest path makes."""
        reached, n_steps = {0}, 0
        while inner := {node for node in reached if self.leaf[node] < 0}:
            reached = {int(side[node]) for node in inner for side in (self.left, self.right)}
            n_steps += 1
        return n_steps

    def leaves(self, codes: NDArray[np.uint16]) -> NDArray[np.int16]:
        """Return the leaf of each row.

        Parameters
        ----------
        codes
            Codes of the predictors, shape ``(n_predictors, n_rows)``.
        """
        n_rows = codes.shape[1]
        flat, row = codes.reshape(-1), np.arange(n_rows)
        start = self.predictor.astype(np.int64) * n_rows
        node = np.zeros(n_rows, dtype=np.int16)
        for _ in range(self.depth):
            goes_left = flat[start[node] + row] <= self.threshold[node]
            node = np.where(goes_left, self.left[node], self.right[node])
        return self.leaf[node]


@dataclass(frozen=True)
class Draw:
    """The distribution of one column in each leaf of a tree.

    Parameters
    ----------
    tree
        Finds the leaf from the columns drawn before.
    table
        Shape ``(n_leaves, n_heavy + n_levels)``, 16-bit: the cumulative shares of the column's heavy pieces, then the
        light ranks at equally spaced levels of probability (no levels for a discrete column).
    """

    tree: Tree
    table: NDArray[np.uint16]

    def ranks(self, marginal: Marginal, codes: NDArray[np.uint16], levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rank of each row, given codes of the predictors and a level of probability in its leaf."""
        leaf = self.tree.leaves(codes).astype(np.int64)
        heavy = marginal.heavy
        shares = self.table[:, : len(heavy)]
        piece = (levels[:, None] * CODE_SCALE >= shares[leaf]).sum(axis=1)
        if marginal.is_discrete:
            return marginal.middles[heavy][np.minimum(piece, len(heavy) - 1)]
        known = shares[:, -1].astype(np.float64) / CODE_SCALE if len(heavy) else np.zeros(len(shares))
        rest = np.clip((levels - known[leaf]) / np.maximum(1.0 - known[leaf], 1e-12), 0.0, 1.0)
        light = np.interp(self._light_ranks(leaf, rest, len(heavy)), marginal.light_edges, marginal.edges)
        return np.where(piece < len(heavy), np.append(marginal.middles[heavy], 0.0)[piece], light)

    def _light_ranks(self, leaf: NDArray[np.int64], levels: NDArray[np.float64], n_heavy: int) -> NDArray[np.float64]:
        """Return the rank among light pieces at each level, between the two nearest points of the grid."""
        width = self.table.shape[1]
        n_steps = width - n_heavy - 1
        flat = self.table.reshape(-1)
        place = levels * n_steps
        below = np.minimum(place.astype(np.int64), n_steps - 1)
        first = leaf * width + n_heavy + below
        start = flat[first].astype(np.float64)
        ranks: NDArray[np.float64] = (start + (flat[first + 1] - start) * (place - below)) / CODE_SCALE
        return np.minimum(ranks, 1 - 1e-9)
