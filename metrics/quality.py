"""Figures of quality with their bootstrap intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest, rankdata

from metrics.costs import costs_per_application
from scoring.contract import Estimate, Quality
from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

RESAMPLES = 300
CALIBRATION_BINS = 10


def auc(default_probability: np.ndarray, default: np.ndarray) -> float:
    """Return the area under the ROC curve, ties counted half (Mann-Whitney).

    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    positive = default == 1
    n_positive = int(positive.sum())
    n_negative = len(default) - n_positive
    ranks = rankdata(default_probability)
    return float((ranks[positive].sum() - n_positive * (n_positive + 1) / 2) / (n_positive * n_negative))


def brier(default_probability: np.ndarray, default: np.ndarray) -> float:
    """Return the mean squared error of the probabilities (Brier, 1950)."""
    return float(np.mean((default_probability - default) ** 2))


def log_losses(default_probability: np.ndarray, default: np.ndarray) -> np.ndarray:
    """Return each application's log loss, shape ``(n_applications,)``.

    A strictly proper score (Good, 1952): it is least for the true probabilities, and far less noisy than cost.
    """
    likelihood = np.where(default == 1, default_probability, 1 - default_probability)
    return np.asarray(-np.log(np.clip(likelihood, np.finfo(float).tiny, None)))


def calibration_error(default_probability: np.ndarray, default: np.ndarray) -> float:
    """Return the expected calibration error over ten bins of equal size.

    The mean, over bins, of the gap between mean probability and default rate. It is positive by chance alone: a perfect
    model on ``n`` applications has about ``0.8 * sqrt(rate * (1 - rate) * 10 / n)``; `measure_quality` takes that off.
    """
    order = np.argsort(default_probability, kind="stable")
    bins = np.array_split(order, CALIBRATION_BINS)
    gaps = [abs(default_probability[rows].mean() - default[rows].mean()) * len(rows) for rows in bins if len(rows)]
    return float(np.sum(gaps) / len(default))


def measure_quality(
    default_probability: np.ndarray,
    default: np.ndarray,
    *,
    threshold: float,
    seed: int,
    baselines: dict[str, tuple[np.ndarray, float]],
) -> Quality:
    """Measure a model on applications it has not seen.

    Parameters
    ----------
    baselines
        By name, the probabilities and threshold of what the model stands beside; accept-all and refuse-all are added.
    """
    compared = baselines | {
        "accepter_tout": (np.zeros(len(default)), 1.0),
        "refuser_tout": (np.ones(len(default)), 0.0),
    }
    resamples = _resamples(len(default), seed)

    def estimate(figure: Callable[[np.ndarray], float]) -> Estimate:
        return _estimate(figure, resamples)

    own = costs_per_application(default_probability, default, threshold=threshold)
    theirs = {name: costs_per_application(p, default, threshold=t) for name, (p, t) in compared.items()}
    right = refuses(default_probability, threshold=threshold) == (default == 1)
    return Quality(
        n_applications=len(default),
        default_rate=float(default.mean()),
        refusal_rate=float(refuses(default_probability, threshold=threshold).mean()),
        cost=estimate(lambda rows: own[rows].mean()),
        auc=estimate(lambda rows: auc(default_probability[rows], default[rows])),
        accuracy=estimate(lambda rows: right[rows].mean()),
        brier=estimate(lambda rows: brier(default_probability[rows], default[rows])),
        calibration_error=_without_bias(
            lambda rows: calibration_error(default_probability[rows], default[rows]), resamples
        ),
        mean_probability=estimate(lambda rows: default_probability[rows].mean()),
        baselines={name: mean_estimate(costs, seed=seed) for name, costs in theirs.items()},
    )


def mean_estimate(values: np.ndarray, *, seed: int) -> Estimate:
    """Return the mean of per-application values with its bootstrap interval."""
    return _estimate(lambda rows: values[rows].mean(), _resamples(len(values), seed))


def mean_estimates(columns: np.ndarray, *, seed: int) -> list[Estimate]:
    """Return `mean_estimate` of each column of shape ``(n_applications, n_columns)``, from one set of resamples."""
    n = len(columns)
    whole, *resamples = _resamples(n, seed)
    counts = (np.bincount(rows, minlength=n) for rows in resamples)
    again = np.array([count @ columns / n for count in counts])
    bounds = np.quantile(again, [0.025, 0.975], axis=0).T
    return [
        Estimate(value=float(value), low=float(low), high=float(high))
        for value, (low, high) in zip(columns[whole].mean(axis=0), bounds, strict=True)
    ]


def auc_estimate(default_probability: np.ndarray, default: np.ndarray, *, seed: int) -> Estimate:
    """Return the AUC with its bootstrap interval."""
    return _estimate(lambda rows: auc(default_probability[rows], default[rows]), _resamples(len(default), seed))


def _resamples(n_applications: int, seed: int) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    whole = np.arange(n_applications)
    return [whole, *(generator.integers(n_applications, size=n_applications) for _ in range(RESAMPLES))]


def _estimate(figure: Callable[[np.ndarray], float], resamples: list[np.ndarray]) -> Estimate:
    """Evaluate a figure on the whole and on the resamples; the first entry of `resamples` is the whole."""
    values = [float(figure(rows)) for rows in resamples]
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Estimate(value=values[0], low=float(low), high=float(high))


def _without_bias(figure: Callable[[np.ndarray], float], resamples: list[np.ndarray]) -> Estimate:
    """Estimate a figure that chance alone makes positive: the bootstrap shows how much, and that is taken off.

    Value ``2 v - mean`` and basic interval ``[2 v - q97.5, 2 v - q2.5]``, none below zero (Davison and Hinkley, 1997,
    sections 2.1 and 5.2).
    """
    values = np.array([float(figure(rows)) for rows in resamples])
    measured, again = values[0], values[1:]
    low, high = np.quantile(again, [0.025, 0.975])
    corrected = np.clip(2 * measured - np.array([again.mean(), high, low]), 0.0, None)
    return Estimate(value=float(corrected[0]), low=float(corrected[1]), high=float(corrected[2]))


def share_estimate(n_cases: int, n: int) -> Estimate:
    """Return a share with its 95 % interval (Wilson, 1927), which stays between 0 and 1 and is never empty.

    >>> share_estimate(0, 100).low, round(share_estimate(0, 100).high, 3)
    (0.0, 0.037)
    """
    interval = binomtest(n_cases, n).proportion_ci(method="wilson")
    return Estimate(value=n_cases / n, low=float(interval.low), high=float(interval.high))


def paired_difference(costs: np.ndarray, reference_costs: np.ndarray) -> tuple[float, float]:
    """Return the mean difference of costs on the same applications, and its standard error.

    >>> paired_difference(np.array([1.0, 0.0]), np.array([0.0, 0.0]))
    (0.5, 0.5)
    """
    difference = costs - reference_costs
    return float(difference.mean()), float(difference.std(ddof=1) / np.sqrt(len(difference)))
