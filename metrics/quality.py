"""How good the probabilities of a model are, and its decisions, each value with its bootstrap interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_per_application
from metrics.intervals import (
    bootstrap,
    bootstrap_mean,
    counted_share,
    resampled_rows,
    unbiased_bootstrap,
    weighted_share,
)
from metrics.ranking import auc
from scoring.contract import CalibrationBin, Quality
from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Callable

    from scoring.contract import Estimate

CALIBRATION_BINS = 10
CURVE_BINS = 20


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
    bins = _bins_of_equal_size(default_probability, CALIBRATION_BINS)
    gaps = [abs(default_probability[rows].mean() - default[rows].mean()) * len(rows) for rows in bins]
    return float(np.sum(gaps) / len(default))


def calibration_curve(
    default_probability: np.ndarray, default: np.ndarray, *, n_bins: int = CURVE_BINS
) -> tuple[CalibrationBin, ...]:
    """Return predicted against observed in bins of equal size, from the lowest probabilities up.

    scikit-learn's ``calibration_curve`` tells neither how many applications are in a bin nor how sure its rate is.
    """
    bins = _bins_of_equal_size(default_probability, n_bins)
    return tuple(calibration_bin(default_probability[rows], default[rows]) for rows in bins)


def _bins_of_equal_size(default_probability: np.ndarray, n_bins: int) -> list[np.ndarray]:
    order = np.argsort(default_probability, kind="stable")
    return [rows for rows in np.array_split(order, n_bins) if len(rows)]


def calibration_bin(
    default_probability: np.ndarray, default: np.ndarray, weight: np.ndarray | None = None
) -> CalibrationBin:
    """Return predicted against observed for some applications of like probability (Wilson, 1927, interval)."""
    counted = counted_share(int(default.sum()), len(default)) if weight is None else weighted_share(default, weight)
    return CalibrationBin(
        n_applications=len(default),
        mean_probability=float(np.average(default_probability, weights=weight)),
        default_rate=counted,
    )


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
    rows = resampled_rows(len(default), seed=seed)

    def estimate(statistic: Callable[[np.ndarray], float]) -> Estimate:
        return bootstrap(statistic, rows)

    own = costs_per_application(default_probability, default, threshold=threshold)
    theirs = {name: costs_per_application(p, default, threshold=t) for name, (p, t) in compared.items()}
    right = refuses(default_probability, threshold=threshold) == (default == 1)
    return Quality(
        n_applications=len(default),
        default_rate=float(default.mean()),
        refusal_rate=float(refuses(default_probability, threshold=threshold).mean()),
        cost=estimate(lambda drawn: own[drawn].mean()),
        auc=estimate(lambda drawn: auc(default_probability[drawn], default[drawn])),
        accuracy=estimate(lambda drawn: right[drawn].mean()),
        brier=estimate(lambda drawn: brier(default_probability[drawn], default[drawn])),
        calibration_error=unbiased_bootstrap(
            lambda drawn: calibration_error(default_probability[drawn], default[drawn]), rows
        ),
        mean_probability=estimate(lambda drawn: default_probability[drawn].mean()),
        baselines={name: bootstrap_mean(costs, seed=seed) for name, costs in theirs.items()},
    )
