"""Distances between two distributions: pure functions of counts or of values."""

from __future__ import annotations

import numpy as np

# Half a pseudo-count per bin: empty bins stay finite and each side still sums to one.
PSEUDO_COUNT = 0.5


def psi(reference_counts: np.ndarray, current_counts: np.ndarray) -> float:
    """Return the population stability index of two counts over the same bins.

    ``sum((q - p) * ln(q / p))``: the symmetrised Kullback-Leibler divergence (Jeffreys, 1946). Zero for equal
    counts, positive otherwise, the same in both directions.

    Parameters
    ----------
    reference_counts, current_counts
        Applications per bin, shape ``(n_bins,)``.

    Examples
    --------
    >>> psi(np.array([10.0, 20.0]), np.array([10.0, 20.0]))
    0.0
    >>> round(psi(np.array([500.0, 500.0]), np.array([800.0, 200.0])), 3)
    0.415
    """
    p = smoothed_shares(reference_counts)
    q = smoothed_shares(current_counts)
    return float(np.sum((q - p) * np.log(q / p)))


def smoothed_shares(counts: np.ndarray) -> np.ndarray:
    """Return shares that are positive and sum to one.

    >>> smoothed_shares(np.array([0.0, 3.0])).tolist()
    [0.125, 0.875]
    """
    return np.asarray((counts + PSEUDO_COUNT) / (counts.sum() + PSEUDO_COUNT * counts.size))


def jensen_shannon_distance(reference_counts: np.ndarray, current_counts: np.ndarray) -> float:
    """Return the Jensen-Shannon distance of two counts, between 0 and ``sqrt(ln 2)`` = 0.83.

    Natural logarithm, as in SciPy and Evidently (Endres and Schindelin, 2003). Each side must hold something.

    >>> round(jensen_shannon_distance(np.array([1.0, 0.0]), np.array([0.0, 1.0])), 4)
    0.8326
    """
    p = reference_counts / reference_counts.sum()
    q = current_counts / current_counts.sum()
    middle = (p + q) / 2
    divergence = (_kullback_leibler(p, middle) + _kullback_leibler(q, middle)) / 2
    # Rounding may leave a divergence of equal shares just below zero.
    return float(np.sqrt(max(divergence, 0.0)))


def _kullback_leibler(p: np.ndarray, q: np.ndarray) -> float:
    held = p > 0
    return float(np.sum(p[held] * np.log(p[held] / q[held])))


def wasserstein_distance(reference: np.ndarray, current: np.ndarray) -> float:
    """Return the first Wasserstein distance: the mean way a value has to go from one sample to the other.

    The area between the two empirical distribution functions (Vallender, 1974), in the unit of the values. Neither
    side may be empty.

    >>> wasserstein_distance(np.array([0.0, 1.0]), np.array([5.0, 6.0, 5.0, 6.0]))
    5.0
    """
    reference, current = np.sort(reference), np.sort(current)
    values = np.sort(np.concatenate([reference, current]))
    below_reference = np.searchsorted(reference, values[:-1], side="right") / len(reference)
    below_current = np.searchsorted(current, values[:-1], side="right") / len(current)
    return float(np.sum(np.abs(below_reference - below_current) * np.diff(values)))
