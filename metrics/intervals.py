"""The intervals of 95 %: one formula for each kind of value, and the name says which.

- Anything that can be measured again on resampled applications: `bootstrap` (percentile), `unbiased_bootstrap` where
  chance alone makes the value positive. `bootstrap_mean` and `bootstrap_means` are the first for means.
- A mean whose error is normal: `normal_mean`, or `normal_interval` where the standard error is known otherwise.
- Two costs on the same applications: `paired_difference`.
- A share of cases that were counted: `counted_share` (Wilson), `weighted_share` where some count for less than one,
  `upper_limit` (Clopper and Pearson).
- A share that is only expected, the mean of probabilities: `expected_share`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest

from scoring.contract import Estimate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CONFIDENCE = 0.95
# What lies outside on either side.
TAILS = (0.025, 0.975)
# 95 % of a normal distribution lies that many standard errors around its middle.
NORMAL_QUANTILE = 1.959964
RESAMPLES = 300


def resampled_rows(n_applications: int, *, seed: int, resamples: int = RESAMPLES) -> list[np.ndarray]:
    """Return all rows, then those of each resample, drawn with replacement; what the two bootstraps below go over."""
    generator = np.random.default_rng(seed)
    drawn = (generator.integers(n_applications, size=n_applications) for _ in range(resamples))
    return [np.arange(n_applications), *drawn]


def bootstrap(statistic: Callable[[np.ndarray], float], rows: Sequence[np.ndarray]) -> Estimate:
    """Return a statistic of the rows with its bootstrap interval (percentiles).

    Parameters
    ----------
    rows
        From `resampled_rows`: all of them first.
    """
    value, *again = (float(statistic(drawn)) for drawn in rows)
    return percentile_interval(value, np.array(again))


def percentile_interval(value: float, resampled: np.ndarray) -> Estimate:
    """Return a value with the interval that the same value spans over resamples (Efron, 1979).

    >>> percentile_interval(2.0, np.array([1.0, 2.0, 3.0])).high
    2.95
    """
    low, high = np.quantile(resampled, TAILS)
    return Estimate(value=float(value), low=float(low), high=float(high))


def unbiased_bootstrap(statistic: Callable[[np.ndarray], float], rows: Sequence[np.ndarray]) -> Estimate:
    """Estimate a statistic that chance alone makes positive: the bootstrap shows how much, and that is taken off.

    Value ``2 v - mean`` and basic interval ``[2 v - q97.5, 2 v - q2.5]``, none below zero (Davison and Hinkley, 1997,
    sections 2.1 and 5.2).
    """
    values = np.array([float(statistic(drawn)) for drawn in rows])
    measured, again = values[0], values[1:]
    low, high = np.quantile(again, TAILS)
    corrected = np.clip(2 * measured - np.array([again.mean(), high, low]), 0.0, None)
    return Estimate(value=float(corrected[0]), low=float(corrected[1]), high=float(corrected[2]))


def bootstrap_mean(values: np.ndarray, *, seed: int) -> Estimate:
    """Return the mean of one value an application with its bootstrap interval."""
    return bootstrap(lambda rows: values[rows].mean(), resampled_rows(len(values), seed=seed))


def bootstrap_means(columns: np.ndarray, *, seed: int) -> list[Estimate]:
    """Return `bootstrap_mean` of each column of shape ``(n_applications, n_columns)``, from one set of resamples."""
    n = len(columns)
    whole, *resamples = resampled_rows(n, seed=seed)
    counts = (np.bincount(rows, minlength=n) for rows in resamples)
    again = np.array([count @ columns / n for count in counts])
    return [percentile_interval(value, again[:, place]) for place, value in enumerate(columns[whole].mean(axis=0))]


def normal_interval(value: float, standard_error: float, *, low: float = -np.inf, high: float = np.inf) -> Estimate:
    """Return a value with the interval of a normal error, kept between `low` and `high`.

    >>> round(normal_interval(1.0, 0.5).high, 2), normal_interval(1.0, 0.5, high=1.5).high
    (1.98, 1.5)
    """
    margin = NORMAL_QUANTILE * standard_error
    return Estimate(value=value, low=max(value - margin, low), high=min(value + margin, high))


def normal_mean(values: np.ndarray, weight: np.ndarray | None = None) -> Estimate:
    """Return the mean of one value an application with the interval of a normal error; needs at least two.

    Faster than `bootstrap_mean` and as good for means over thousands of applications.

    Parameters
    ----------
    weight
        For how many applications each counts, none for more than 1.

    Examples
    --------
    >>> normal_mean(np.array([2.0, 2.0])).high
    2.0
    """
    if weight is None:
        return normal_interval(float(values.mean()), float(values.std(ddof=1) / np.sqrt(len(values))))
    mean = float(np.average(values, weights=weight))
    variance = float(np.average((values - mean) ** 2, weights=weight))
    return normal_interval(mean, float(np.sqrt(variance / weight.sum())))


def paired_difference(costs: np.ndarray, reference_costs: np.ndarray) -> tuple[float, float]:
    """Return the mean difference of costs on the same applications, and its standard error.

    >>> paired_difference(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    (0.5, 0.5)
    """
    difference = costs - reference_costs
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))


def weighted_share(cases: np.ndarray, weight: np.ndarray) -> Estimate:
    """Return the share of cases, each counted as often as its weight says, with the interval of Wilson (1927).

    SciPy's ``proportion_ci`` takes whole numbers alone; on weights of 1 the two agree.

    >>> round(weighted_share(np.array([1.0, 0.0]), np.ones(2)).low, 6), round(counted_share(1, 2).low, 6)
    (0.094531, 0.094531)
    """
    size = float(weight.sum())
    share = float(np.dot(cases, weight)) / size
    square = NORMAL_QUANTILE**2
    middle = (share + square / (2 * size)) / (1 + square / size)
    margin = NORMAL_QUANTILE / (1 + square / size) * np.sqrt(share * (1 - share) / size + square / (4 * size**2))
    return Estimate(value=share, low=max(middle - margin, 0.0), high=min(middle + margin, 1.0))


def counted_share(n_cases: int, n: int) -> Estimate:
    """Return the share of cases among those counted (Wilson, 1927): stays between 0 and 1, is never empty.

    >>> counted_share(0, 100).low, round(counted_share(0, 100).high, 3)
    (0.0, 0.037)
    """
    interval = binomtest(n_cases, n).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(value=n_cases / n, low=float(interval.low), high=float(interval.high))


def expected_share(mean_probability: float, n_applications: float) -> Estimate:
    """Return the share to expect among so many applications from the mean of their probabilities.

    The interval is where the counted share would fall for 95 windows out of 100 of such applicants, if the
    probabilities are right: the normal one around a known share, as nothing has been counted yet.

    >>> round(expected_share(0.5, 100).low, 3)
    0.402
    """
    error = (mean_probability * (1 - mean_probability) / n_applications) ** 0.5
    return normal_interval(mean_probability, error, low=0.0, high=1.0)


def upper_limit(events: int, trials: int) -> float:
    """Return the one-sided upper limit of a rate (Clopper and Pearson, 1934).

    >>> round(upper_limit(0, 300), 4)
    0.0099
    """
    return float(binomtest(events, trials, alternative="less").proportion_ci(CONFIDENCE, method="exact").high)
