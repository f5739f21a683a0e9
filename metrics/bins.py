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


def numeric_bins(values: np.ndarray) -> NumericBins:
    """Cut a number at its deciles; equal deciles (a count) make fewer bins.

    Parameters
    ----------
    values
        NaN for missing.
    """
    known = values[~np.isnan(values)]
    deciles = np.arange(1, N_BINS) / N_BINS
    edges = np.unique(np.quantile(known, deciles, method="nearest")) if len(known) else np.empty(0)
    if len(edges) and edges[-1] == known.max():
        edges = edges[:-1]  # nothing would lie above it
    return _with_shares(edges, values)


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


def count_numbers(bins: NumericBins, values: np.ndarray) -> np.ndarray:
    """Return the applications in each bin, those without a value last.

    Parameters
    ----------
    values
        NaN for missing.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_edges + 2,)``.
    """
    missing = np.isnan(values)
    counts = np.bincount(bin_of(bins.edges, values[~missing]), minlength=len(bins.shares))
    return np.append(counts, missing.sum()).astype(float)


def count_categories(bins: CategoryBins, counts: Mapping[str | None, int]) -> np.ndarray:
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
