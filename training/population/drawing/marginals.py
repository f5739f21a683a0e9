"""Distributions of single columns: the way between a value and its rank in the population."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Ranks are kept as 16-bit codes where trees compare them: finer than any profile distinguishes.
CODE_SCALE = 65535

# An atom with at least this share of the rows is drawn by its own share in every cell, not by its place in a grid.
_HEAVY_SHARE = 0.02
# Up to this many atoms are all drawn by share; a finer lattice is drawn like a continuous column.
_MAX_SHARES = 150


@dataclass(frozen=True)
class Marginal:
    """One column's distribution as pieces laid end to end on the rank axis [0, 1].

    A piece is an atom (``low == high``: a value that many rows share, or missing as NaN) or an interval of values.
    Categories are atoms numbered in the order of `labels`.

    Parameters
    ----------
    name
        Column the distribution belongs to.
    shares
        Share of the population in each piece.
    low, high
        First and last value of each piece; NaN is missing and comes first.
    step
        Values between `low` and `high` are multiples of it; 0 for any value.
    labels
        Names of the categories; empty for numbers.
    """

    name: str
    shares: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]
    step: float = 0.0
    labels: tuple[str, ...] = ()

    @cached_property
    def edges(self) -> NDArray[np.float64]:
        """Return the ranks at which pieces begin and end, shape ``(n_pieces + 1,)``."""
        return np.concatenate([[0.0], np.cumsum(self.shares) / self.shares.sum()])

    @cached_property
    def middles(self) -> NDArray[np.float64]:
        """Return the rank in the middle of each piece."""
        return (self.edges[:-1] + self.edges[1:]) / 2

    @cached_property
    def is_discrete(self) -> bool:
        """Tell whether every piece is an atom, drawn by its share."""
        return bool(np.all(self._is_atom)) and len(self.shares) <= _MAX_SHARES

    @cached_property
    def heavy(self) -> NDArray[np.int64]:
        """Return the pieces that are drawn by share: all of a discrete column, else the heaviest atoms."""
        shares = self.shares / self.shares.sum()
        return np.flatnonzero(self._is_atom & (self.is_discrete | (shares >= _HEAVY_SHARE)))

    @cached_property
    def light_edges(self) -> NDArray[np.float64]:
        """Return `edges` of the distribution without its heavy pieces, which get no width."""
        shares = self.shares.copy()
        shares[self.heavy] = 0.0
        return np.concatenate([[0.0], np.cumsum(shares) / max(float(shares.sum()), 1e-12)])

    @cached_property
    def _is_atom(self) -> NDArray[np.bool_]:
        is_atom: NDArray[np.bool_] = np.isnan(self.low) | (self.low == self.high)
        return is_atom

    def pieces(self, ranks: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the piece in which each rank falls."""
        inner = self.edges[1:-1]
        found: NDArray[np.int64] = np.searchsorted(inner, ranks, side="right")
        return found

    def values(self, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at each rank; missing is NaN, a category is its number in `labels`."""
        piece = self.pieces(ranks)
        inside = np.clip((ranks - self.edges[piece]) / np.diff(self.edges)[piece], 0.0, 1.0)
        low, high = self.low[piece], self.high[piece]
        found = low + (high - low) * inside
        if self.step:
            found = np.where(low == high, low, np.round(found / self.step) * self.step)
        return found

    def codes(self, ranks: NDArray[np.float64]) -> NDArray[np.uint16]:
        """Return ranks as 16-bit codes, all rows of an atom at the middle of it."""
        piece = self.pieces(ranks)
        settled = np.where(self._is_atom[piece], self.middles[piece], ranks)
        found: NDArray[np.uint16] = (settled * CODE_SCALE).astype(np.uint16)
        return found

    def ranks(self, values: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
        """Return a rank for each value; rows of an atom are spread over its piece at random."""
        has_missing = bool(np.isnan(self.low[0]))
        known = self.low[int(has_missing) :]
        piece = np.clip(np.searchsorted(known, values, side="right") - 1, 0, len(known) - 1) + int(has_missing)
        if has_missing:
            piece = np.where(np.isnan(values), 0, piece)
        low, width = self.low[piece], (self.high - self.low)[piece]
        spread = rng.random(len(values))
        with np.errstate(invalid="ignore", divide="ignore"):
            inside = np.where(width > 0, np.clip((values - low) / width, 0.0, 1.0), spread)
        edges = self.edges
        ranks = np.minimum(edges[piece] + inside * np.diff(edges)[piece], np.nextafter(edges[piece + 1], 0.0))
        # Missing values too few for a piece of their own, and rare categories, stand anywhere.
        return np.where(np.isnan(ranks), spread, ranks)
