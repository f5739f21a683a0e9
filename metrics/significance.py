"""What chance alone makes of two windows of one population: p-values, and their correction for looking many times.

A level needs both: an effect as large as its band, and a p-value that stays small after the correction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import chdtrc, kolmogorov, ndtr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from metrics.values import Pair

# Cochran (1954): the chi-square distribution needs that many expected applications a cell.
SMALLEST_EXPECTED = 5.0


def counts_p_value(reference_counts: np.ndarray, current_counts: np.ndarray) -> float:
    """Return the chance that two windows of one population differ as much over these bins.

    Pearson's test of homogeneity; bins in which too few are expected are judged together, which SciPy leaves to its
    caller. On the bins that remain its ``chi2_contingency`` gives the same to 1e-12, and takes many times as long: it
    checks and wraps what a report asks hundreds of times, and a measure of false alarms hundreds of reports.

    Parameters
    ----------
    reference_counts, current_counts
        Applications per bin, shape ``(n_bins,)``.

    Examples
    --------
    >>> counts_p_value(np.array([500.0, 500.0]), np.array([50.0, 50.0]))
    1.0
    >>> counts_p_value(np.array([500.0, 500.0]), np.array([90.0, 10.0])) < 1e-9
    True
    """
    table = _with_enough_expected(np.vstack([reference_counts, current_counts]).astype(float))
    rows, columns = table.sum(axis=1, keepdims=True), table.sum(axis=0, keepdims=True)
    if table.shape[1] < 2 or not rows.all():  # noqa: PLR2004  one bin alone cannot differ
        return 1.0
    expected = rows * columns / table.sum()
    statistic = float(((table - expected) ** 2 / expected).sum())
    return float(chdtrc(table.shape[1] - 1, statistic))


def _with_enough_expected(table: np.ndarray) -> np.ndarray:
    """Return the table with its sparse bins put together."""
    smaller_side = float(table.sum(axis=1).min()) / max(float(table.sum()), 1.0)
    sparse = table.sum(axis=0) * smaller_side < SMALLEST_EXPECTED
    kept, rest = table[:, ~sparse], table[:, sparse].sum(axis=1, keepdims=True)
    if rest.sum() * smaller_side >= SMALLEST_EXPECTED or not kept.shape[1]:
        return np.hstack([kept, rest])
    # What is still too rare to judge goes with the smallest bin that is not.
    kept[:, [int(kept.sum(axis=0).argmin())]] += rest
    return kept


def shares_p_value(shares: Pair, *, n_reference: float, n_current: float) -> float:
    """Return the chance that two shares of so many applications differ as much, in either direction.

    The homogeneity test above on two bins: applications with, and without.
    """
    with_reference, with_current = shares.reference * n_reference, shares.current * n_current
    return counts_p_value(
        np.array([with_reference, n_reference - with_reference]), np.array([with_current, n_current - with_current])
    )


def samples_p_value(
    reference: np.ndarray,
    current: np.ndarray,
    weights: tuple[np.ndarray | None, np.ndarray | None] = (None, None),
) -> float:
    """Return the chance that two samples of one population lie as far apart.

    Kolmogorov-Smirnov in the limit of many values; cautious where values are tied. SciPy's ``ks_2samp`` has the same
    statistic and another p-value, that of one sample of the effective size, knows no weights, and takes several times
    as long. A weight says for how many applications one counts, none for more than 1.

    >>> samples_p_value(np.arange(1000.0), np.arange(1000.0) + 400) < 1e-9
    True
    """
    samples = [_cumulated(*one) for one in zip((reference, current), weights, strict=True)]
    values = np.concatenate([known for known, _ in samples])
    below = [cumulated[np.searchsorted(known, values, side="right")] for known, cumulated in samples]
    sizes = [float(cumulated[-1]) for _, cumulated in samples]
    gap = np.abs(below[0] / sizes[0] - below[1] / sizes[1]).max()
    return float(kolmogorov(np.sqrt(sizes[0] * sizes[1] / (sizes[0] + sizes[1])) * gap))


def _cumulated(values: np.ndarray, weights: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
    """Return values in their order, and the weight of the first 0, 1, … of them."""
    if weights is None:
        return np.sort(values), np.arange(len(values) + 1.0)
    order = np.argsort(values, kind="stable")
    return values[order], np.append(0.0, np.cumsum(weights[order]))


def difference_p_value(difference: float, standard_error: float) -> float:
    """Return the chance that a normal difference of mean 0 is as large, in either direction.

    >>> round(difference_p_value(1.96, 1.0), 3), difference_p_value(0.0, 0.0), difference_p_value(1.0, 0.0)
    (0.05, 1.0, 0.0)
    """
    if not standard_error:
        return 0.0 if difference else 1.0
    return float(2 * ndtr(-abs(difference) / standard_error))


def auc_p_value(auc: float, *, n_reference: int, n_current: int) -> float:
    """Return the chance that two samples of one population are told apart as well; at or below one half, none are.

    Mann-Whitney by its normal limit. SciPy's ``mannwhitneyu`` wants the samples again and takes ties off, of which the
    predictions of a classifier have next to none.

    >>> auc_p_value(0.5, n_reference=100, n_current=100), auc_p_value(0.6, n_reference=1000, n_current=1000) < 1e-9
    (1.0, True)
    """
    if auc <= 0.5:  # noqa: PLR2004  nothing is told apart, however far below
        return 1.0
    error = np.sqrt((n_reference + n_current + 1) / (12 * n_reference * n_current))
    return difference_p_value(auc - 0.5, float(error))


def adjusted(p_values: Sequence[float]) -> list[float]:
    """Return p-values corrected for the number of looks (Holm, 1979); SciPy corrects by Benjamini and Hochberg alone.

    Whatever ties the values together, the chance that any corrected value of a report without drift is below 1 %
    is at most 1 %.

    >>> adjusted([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = np.argsort(p_values, kind="stable")
    steps = np.asarray(p_values, float)[order] * (len(p_values) - np.arange(len(p_values)))
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(steps), 1.0) if len(p_values) else steps
    return [float(value) for value in corrected]
