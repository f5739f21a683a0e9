"""Calibration: probabilities that are probabilities."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import expit

from training.selection.calibration import Calibration, calibrate_out_of_fold, fit_calibration


def distorted_scores(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Draw scores whose true log-odds are ``2 * score - 3``."""
    generator = np.random.default_rng(2)
    score = generator.normal(size=count)
    return score, (generator.random(count) < expit(2 * score - 3)).astype(int)


def test_fit_calibration_finds_the_true_line() -> None:
    """Scale and offset of the log-odds come back within noise."""
    fitted = fit_calibration(*distorted_scores())

    assert (fitted.scale, fitted.offset) == pytest.approx((2.0, -3.0), abs=0.15)


def test_fit_calibration_keeps_the_default_rate() -> None:
    """The mean probability is the default rate, to the solver's precision."""
    score, default = distorted_scores()
    probability = fit_calibration(score, default).probability(score)

    assert probability.mean() == pytest.approx(default.mean(), abs=1e-6)


def test_fit_calibration_reads_scores_of_any_size() -> None:
    """A score in thousands is calibrated as the same score in units."""
    score, default = distorted_scores()
    small, large = fit_calibration(score, default), fit_calibration(1000 * score + 7, default)

    np.testing.assert_allclose(small.probability(score), large.probability(1000 * score + 7), atol=1e-6)


def test_calibrate_out_of_fold_never_uses_the_fold_itself() -> None:
    """Outcomes of a fold may be anything: its own probabilities do not move."""
    score, default = distorted_scores(4_000)
    fold = np.arange(4_000) % 4
    changed = np.where(fold == 1, 1 - default, default)
    before, after = calibrate_out_of_fold(score, default, fold), calibrate_out_of_fold(score, changed, fold)

    np.testing.assert_array_equal(before[fold == 1], after[fold == 1])
    assert np.abs(before[fold == 0] - after[fold == 0]).max() > 0.01


def test_calibration_is_linear_in_the_score() -> None:
    """The margin is ``scale * score + offset``: attributions only scale."""
    assert Calibration(2.0, -1.0).margin(np.array([0.5, 1.0])).tolist() == [0.0, 1.0]
