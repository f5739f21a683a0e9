"""Promises of the logistic recalibration: what was put in comes out, and little data is no answer."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from metrics.calibration import calibration_intercept, calibration_slope
from metrics.values import NotApplicable

N = 20_000


def drawn(*, slope: float, intercept: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities, and outcomes whose log-odds are `intercept` plus `slope` times the foretold ones."""
    rng = np.random.default_rng(seed)
    log_odds = rng.normal(-2.5, 1.0, N)
    chance = 1 / (1 + np.exp(-(intercept + slope * log_odds)))
    return 1 / (1 + np.exp(-log_odds)), (rng.random(N) < chance).astype(float)


@pytest.mark.parametrize("slope", [0.0, 0.5, 1.0, 1.5])
def test_the_slope_comes_out(slope: float) -> None:
    """Probabilities that rank nothing have slope 0, right ones 1; the interval holds the true slope."""
    found = calibration_slope(*drawn(slope=slope, intercept=-0.5))

    assert not isinstance(found, NotApplicable)
    assert found.low - 0.05 < slope < found.high + 0.05


def test_the_intercept_is_what_all_log_odds_lack() -> None:
    """One third more of the odds is log 1.33."""
    found = calibration_intercept(*drawn(slope=1.0, intercept=np.log(4 / 3)))

    assert not isinstance(found, NotApplicable)
    assert found.low < np.log(4 / 3) < found.high


def test_the_slope_is_that_of_scikit_learn() -> None:
    """An unpenalised logistic regression of scikit-learn has the same slope."""
    probability, default = drawn(slope=0.7, intercept=0.2)
    log_odds = np.log(probability / (1 - probability)).reshape(-1, 1)
    reference = LogisticRegression(C=np.inf, tol=1e-10).fit(log_odds, default).coef_[0, 0]

    found = calibration_slope(probability, default)

    assert not isinstance(found, NotApplicable)
    assert found.value == pytest.approx(reference, abs=1e-4)


def test_little_data_is_no_answer() -> None:
    """Few defaults, one probability, or outcomes that are separated without rest have a reason instead of a value."""
    half = np.repeat([0.0, 1.0], 50)

    assert isinstance(calibration_slope(np.full(50, 0.1), np.zeros(50)), NotApplicable)
    assert isinstance(calibration_slope(np.full(100, 0.1), half), NotApplicable)
    assert isinstance(calibration_slope(np.where(half == 1, 0.9, 0.1), half), NotApplicable)
