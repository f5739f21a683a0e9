"""Intervals of 95 % that are known in closed form."""

from __future__ import annotations

import numpy as np

from scoring.contract import Estimate

# 95 % of a normal distribution.
NORMAL_QUANTILE = 1.959964


def share_estimate(share: float, n_applications: int) -> Estimate:
    """Return a share with its 95 % interval among that many applications."""
    return normal_interval(share, share * (1 - share) / n_applications, low=0.0, high=1.0)


def normal_interval(value: float, variance: float, *, low: float = -np.inf, high: float = np.inf) -> Estimate:
    """Return a value with the 95 % interval of a normal error of this variance, kept between `low` and `high`."""
    # Rounding may leave the variance of a constant just below zero.
    margin = NORMAL_QUANTILE * max(variance, 0.0) ** 0.5
    return Estimate(value=value, low=max(value - margin, low), high=min(value + margin, high))
