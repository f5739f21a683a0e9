"""Conditional draws: a small tree finds the row's cell, the cell's distribution gives the value's rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.population.marginals import CODE_SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray


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

    @property
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
        Shape ``(n_leaves, width)``, 16-bit: for a discrete column the cumulative shares of its pieces (the last
        left out), else ranks at `width` equally spaced levels of probability.
    """

    tree: Tree
    table: NDArray[np.uint16]

    def pieces(self, codes: NDArray[np.uint16], levels: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the piece of a discrete column at each row's level of probability in its leaf."""
        shares = self.table[self.tree.leaves(codes)]
        found: NDArray[np.int64] = (levels[:, None] * CODE_SCALE >= shares).sum(axis=1)
        return found

    def ranks(self, codes: NDArray[np.uint16], levels: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the rank of a continuous column at each row's level of probability in its leaf."""
        leaf = self.tree.leaves(codes).astype(np.int64)
        width = self.table.shape[1]
        flat = self.table.reshape(-1)
        place = levels * (width - 1)
        below = np.minimum(place.astype(np.int64), width - 2)
        start = flat[leaf * width + below].astype(np.float64)
        end = flat[leaf * width + below + 1]
        return np.minimum((start + (end - start) * (place - below)) / CODE_SCALE, 1 - 1e-9)
