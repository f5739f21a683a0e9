"""Values of quality: each against an independent computation."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import brier_score_loss, log_loss

from metrics.quality import brier, calibration_curve, calibration_error, log_losses, measure_quality


@pytest.fixture(scope="module")
def sample() -> tuple[np.ndarray, np.ndarray]:
    """Return calibrated probabilities with ties, and outcomes that follow them."""
    generator = np.random.default_rng(5)
    probability = generator.beta(1.0, 9.0, 5_000).round(3).clip(0.001, 0.999)
    return probability, (generator.random(5_000) < probability).astype(int)


def test_brier_equals_scikit_learn(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """The mean squared error of the probabilities."""
    probability, default = sample

    assert brier(probability, default) == pytest.approx(brier_score_loss(default, probability), abs=1e-12)


def test_log_losses_average_to_scikit_learn(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """The mean over applications is the usual log loss."""
    probability, default = sample

    assert log_losses(probability, default).mean() == pytest.approx(log_loss(default, probability), abs=1e-12)


def test_calibration_error_sees_a_factor(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """Probabilities half as large are off by half the default rate."""
    probability, default = sample

    assert calibration_error(probability, default) < 0.02
    assert calibration_error(probability / 2, default) == pytest.approx(default.mean() / 2, abs=0.01)


def test_measure_quality_puts_the_figure_in_its_interval(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """Each interval holds its value and has a width."""
    probability, default = sample
    quality = measure_quality(probability, default, threshold=1 / 11, seed=0, baselines={})
    estimates = [quality.cost, quality.auc, quality.accuracy, quality.brier, quality.mean_probability]

    assert all(one.low < one.value < one.high for one in estimates)
    assert quality.calibration_error.low <= quality.calibration_error.value <= quality.calibration_error.high


def test_measure_quality_takes_chance_off_the_calibration_error(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """The estimate lies below the plain value, which chance makes positive; doubled probabilities still stand out."""
    probability, default = sample
    calibrated = measure_quality(probability, default, threshold=1 / 11, seed=0, baselines={}).calibration_error
    doubled = measure_quality(np.minimum(2 * probability, 1), default, threshold=1 / 11, seed=0, baselines={})

    assert calibrated.value < calibration_error(probability, default) - 0.002
    assert doubled.calibration_error.low > 0.05


def test_measure_quality_adds_the_two_trivial_policies(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """Accept-all costs ten times the default rate, refuse-all the rate of good applicants."""
    probability, default = sample
    quality = measure_quality(probability, default, threshold=1 / 11, seed=0, baselines={})

    assert quality.baselines["accepter_tout"].value == pytest.approx(10 * default.mean())
    assert quality.baselines["refuser_tout"].value == pytest.approx(1 - default.mean())


def test_measure_quality_judges_each_baseline_at_its_own_threshold(sample: tuple[np.ndarray, np.ndarray]) -> None:
    """The same probabilities at the same threshold cost the same; at 0.5 they cost more."""
    probability, default = sample
    given = {"itself": (probability, 1 / 11), "at_half": (probability, 0.5)}
    quality = measure_quality(probability, default, threshold=1 / 11, seed=0, baselines=given)

    assert quality.baselines["itself"] == quality.cost
    assert quality.baselines["at_half"].value > quality.cost.value


def test_calibration_curve_tells_what_happened() -> None:
    """Bins of equal size, from the least probable to the most, each with an interval around its own rate."""
    bins = calibration_curve(np.linspace(0, 1, 200), np.arange(200) % 2)

    assert [one.n_applications for one in bins] == [10] * 20
    assert all(one.default_rate.low < one.default_rate.value == 0.5 < one.default_rate.high for one in bins)
    assert bins[0].mean_probability < bins[-1].mean_probability
