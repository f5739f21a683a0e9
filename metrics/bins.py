"""The reference bins of the contract: how they are cut on development, and how a window is counted over them.

The two stand side by side because they have to agree: what development is counted into is what the contract says of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scoring.contract import CategoryBins, NumericBins

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

N_BINS = 10
# How far from a quantile an edge may lie, as a part of a bin, and how much wider than its neighbours a gap has to be
# for that: of thousands of values without any heaps the widest gap is some twelve times the median one.
REACH, GRID = 0.25, 20.0


def numeric_bins(values: np.ndarray) -> NumericBins:
    """Cut a number near its deciles, always between two distinct values; a value that fills a bin has its own.

    Parameters
    ----------
    values
        NaN for missing.
    """
    return _with_shares(edges_between(values, N_BINS), values)


def edges_between(values: np.ndarray, n_bins: int) -> np.ndarray:
    """Return edges half way between neighbouring distinct values, near the quantiles of so many bins.

    Amounts heap on round numbers: an edge on such a value would send a tenth of all applications into another bin for a
    change of one cent. Near a quantile the widest gap is taken where values lie on a grid, and a value that fills a
    bin on its own is held between two edges.

    Parameters
    ----------
    values
        NaN for missing; infinite values cut nothing.

    Examples
    --------
    >>> edges_between(np.array([1.0, 1.0, 2.0, 2.0]), 2).tolist()
    [1.5]
    """
    distinct, counts = np.unique(values[np.isfinite(values)], return_counts=True)
    if len(distinct) < 2:  # noqa: PLR2004  between two values there is an edge
        return np.empty(0)
    shares = counts / counts.sum()
    below, gaps = np.cumsum(shares)[:-1], np.diff(distinct)
    chosen = {_gap_near(quantile, below, gaps, reach=REACH / n_bins) for quantile in np.arange(1, n_bins) / n_bins}
    heaped = np.flatnonzero(shares >= 1 / n_bins)
    chosen |= {int(gap) for value in heaped for gap in (value - 1, value) if 0 <= gap < len(gaps)}
    places = np.array(sorted(chosen))
    middles = distinct[places] + gaps[places] / 2
    # Between two neighbouring floats there is no middle: it may round to the upper one.
    return np.asarray(np.where(middles < distinct[places + 1], middles, distinct[places]))


def _gap_near(quantile: float, below: np.ndarray, gaps: np.ndarray, *, reach: float) -> int:
    """Return the gap nearest to a quantile, or a far wider one within reach of it."""
    nearest = int(np.argmin(np.abs(below - quantile)))
    near = np.flatnonzero(np.abs(below - quantile) <= reach)
    if not len(near):
        return nearest
    widest = int(near[np.argmax(gaps[near])])
    return widest if gaps[widest] > GRID * np.median(gaps[near]) else nearest


def flag_bins(values: np.ndarray) -> NumericBins:
    """Return the two bins of a flag, 0 and 1; NaN for missing."""
    return _with_shares(np.zeros(1), values)


def category_bins(codes: np.ndarray, categories: Sequence[str]) -> CategoryBins:
    """Return one bin a category.

    Parameters
    ----------
    codes
        Place of each application's category among `categories`, NaN for missing.
    """
    counts = np.bincount(codes[~np.isnan(codes)].astype(int), minlength=len(categories))
    shares = {category: float(count / len(codes)) for category, count in zip(categories, counts, strict=True)}
    return CategoryBins(kind="category", shares=shares, missing_share=float(np.isnan(codes).mean()))


def _with_shares(edges: np.ndarray, values: np.ndarray) -> NumericBins:
    known = values[~np.isnan(values)]
    counts = np.bincount(bin_of(edges, known), minlength=len(edges) + 1)
    return NumericBins(
        kind="number",
        edges=tuple(edges.tolist()),
        shares=tuple((counts / max(len(values), 1)).tolist()),
        missing_share=float(np.isnan(values).mean()) if len(values) else 0.0,
    )


def bin_of(edges: np.ndarray | Sequence[float], values: np.ndarray) -> np.ndarray:
    """Return the bin of each known value; an upper edge belongs to the bin below it.

    >>> bin_of([1.0, 2.0], np.array([0.0, 1.0, 1.5, 3.0])).tolist()
    [0, 0, 1, 2]
    """
    return np.asarray(np.searchsorted(np.asarray(edges), values, side="left"))


def count_numbers(bins: NumericBins, values: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Return the applications in each bin, those without a value last.

    Parameters
    ----------
    values
        NaN for missing.
    weights
        What each application counts for; 1 where it is not given.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_edges + 2,)``.
    """
    place = np.where(np.isnan(values), len(bins.shares), bin_of(bins.edges, values))
    return np.bincount(place, weights, minlength=len(bins.shares) + 1).astype(float)


def count_categories(bins: CategoryBins, counts: Mapping[str | None, float]) -> np.ndarray:
    """Return the applications of each category, then of those the contract does not know, then without a value.

    Parameters
    ----------
    counts
        Applications by value, ``None`` for missing.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_categories + 2,)``.
    """
    known = [counts.get(category, 0) for category in bins.shares]
    missing = counts.get(None, 0)
    return np.array([*known, sum(counts.values()) - sum(known) - missing, missing], float)


def expected_counts(bins: NumericBins | CategoryBins, n_applications: int) -> np.ndarray:
    """Return what the contract's own applications gave, in the order the two functions above count in."""
    if bins.kind == "number":
        shares = [*bins.shares, bins.missing_share]
    else:
        shares = [*bins.shares.values(), 0.0, bins.missing_share]
    return np.array(shares) * n_applications
