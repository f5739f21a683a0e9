"""Counting a window over the reference bins of the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.contract import CategoryBins, NumericBins


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
    place = np.searchsorted(np.asarray(bins.edges), values[~missing], side="left")
    return np.append(np.bincount(place, minlength=len(bins.shares)), missing.sum()).astype(float)


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
