"""Calibration that keeps the explanation exact: linear in the score, so attributions only scale.

Source: Platt (1999), "Probabilistic outputs for support vector machines". Isotonic regression would fit curves more
freely, but its margin is not a sum of attributions any more.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True)
class Calibration:
    """``margin = scale * score + offset``; the probability is its logistic."""

    scale: float
    offset: float

    def margin(self, score: np.ndarray) -> np.ndarray:
        """Return log-odds of default."""
        return np.asarray(self.scale * score + self.offset)

    def probability(self, score: np.ndarray) -> np.ndarray:
        """Return calibrated probabilities of default."""
        return np.asarray(expit(self.margin(score)))


def fit_calibration(score: np.ndarray, default: np.ndarray) -> Calibration:
    """Fit by maximum likelihood; the mean probability then equals the default rate of the rows it was fitted on.

    scikit-learn's own sigmoid calibration fits smoothed outcomes, as Platt proposed: there, it does not.
    """
    # A score far from unit size would stop the solver early.
    location, spread = float(score.mean()), float(score.std())
    if spread <= _ROUNDING * max(1.0, abs(location)):
        spread = 1.0  # a constant but for rounding, which must not be stretched into a slope
    standard = ((score - location) / spread)[:, None]
    fitted = LogisticRegression(C=np.inf, tol=1e-10, max_iter=1000).fit(standard, default)
    slope, intercept = float(fitted.coef_[0, 0]), float(fitted.intercept_[0])
    return Calibration(scale=slope / spread, offset=intercept - slope * location / spread)


def calibrate_out_of_fold(score: np.ndarray, default: np.ndarray, fold: np.ndarray) -> np.ndarray:
    """Return probabilities of out-of-fold scores, each fold calibrated on the others only.

    Parameters
    ----------
    score, default, fold
        Out-of-fold scores, outcomes and fold numbers, shape ``(n_applications,)``.
    """
    probability = np.empty(len(score))
    for number in np.unique(fold):
        held = fold == number
        probability[held] = fit_calibration(score[~held], default[~held]).probability(score[held])
    return probability
