"""Distributions of single columns: the way between a value and its rank in the population."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Ranks are kept as 16-bit codes where trees compare them: finer than any profile distinguishes.
CODE_SCALE = 65535


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

    @property
    def edges(self) -> NDArray[np.float64]:
        """Return the ranks at which pieces begin and end, shape ``(n_pieces + 1,)``."""
        return np.concatenate([[0.0], np.cumsum(self.shares) / self.shares.sum()])

    @property
    def is_discrete(self) -> bool:
        """Tell whether every piece is an atom."""
        return bool(np.all(np.isnan(self.low) | (self.low == self.high)))

    def pieces(self, ranks: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the piece in which each rank falls."""
        inner = self.edges[1:-1]
        found: NDArray[np.int64] = np.searchsorted(inner, ranks, side="right")
        return found

    def values(self, ranks: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at each rank; missing is NaN, a category is its number in `labels`."""
        piece = self.pieces(ranks)
        edges = self.edges
        inside = np.clip((ranks - edges[piece]) / np.diff(edges)[piece], 0.0, 1.0)
        low, high = self.low[piece], self.high[piece]
        found = low + (high - low) * inside
        if self.step:
            found = np.where(low == high, low, np.round(found / self.step) * self.step)
        return found

    def codes(self, ranks: NDArray[np.float64]) -> NDArray[np.uint16]:
        """Return ranks as 16-bit codes, all rows of an atom at the middle of it."""
        edges = self.edges
        piece = self.pieces(ranks)
        middle = (edges[:-1] + edges[1:]) / 2
        is_interval = (self.high > self.low)[piece]
        found: NDArray[np.uint16] = (np.where(is_interval, ranks, middle[piece]) * CODE_SCALE).astype(np.uint16)
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
