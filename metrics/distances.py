"""The population stability index of two counts; the other distances are SciPy's own and called where they are needed.

SciPy and scikit-learn have none: theirs are one-sided (`scipy.special.rel_entr`) or bounded (`jensenshannon`), and
neither leaves empty bins finite.
"""

from __future__ import annotations

import numpy as np

# Half a pseudo-count per bin: empty bins stay finite and each side still sums to one.
PSEUDO_COUNT = 0.5
# The usual marks of the field: from the first on a distribution is watched, from the second on it has changed
# (Siddiqi, 2006, "Credit Risk Scorecards").
PSI_WATCH, PSI_ALERT = 0.10, 0.25


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
