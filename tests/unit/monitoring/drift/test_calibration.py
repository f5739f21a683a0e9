"""Promises once outcomes have come: truth beside the estimate, by period."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.values import NotApplicable
from monitoring.config import Maturity
from monitoring.drift.calibration import calibration_curve, performance_by_vintage
from monitoring.drift.outcomes import judging
from monitoring.windows.predictions import Predictions
from tests.builders.contracts import a_policy

MATURITY = Maturity()
EDGES = (0.05, 0.1, 0.2)


def scored(*, factor: float = 1.0, n: int = 20_000, seed: int = 0) -> Predictions:
    """Return two months whose outcomes are `factor` times as likely as predicted; half of May is known."""
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 9, n)
    outcome = (rng.random(n) < np.minimum(factor * probability, 1)).astype(float)
    vintage = np.where(np.arange(n) < n // 2, "2026-04", "2026-05")
    outcome[(vintage == "2026-05") & (rng.random(n) < 0.5)] = np.nan
    return Predictions(probability, probability >= 0.1, outcome, vintage)


def test_truth_stands_beside_the_estimate_by_vintage() -> None:
    """With right probabilities the two agree in every period, and the known shares and the maturity are told."""
    vintages = performance_by_vintage(scored(), a_policy(), MATURITY)

    assert not isinstance(vintages, NotApplicable)
    assert [(item.period, item.mature) for item in vintages] == [("2026-04", True), ("2026-05", False)]
    assert [item.known_accepted for item in vintages] == [1.0, pytest.approx(0.5, abs=0.02)]
    for item in vintages:
        assert item.realised.cost.low < item.estimated.cost.value < item.realised.cost.high


def test_wrong_probabilities_show_in_the_truth_alone() -> None:
    """The estimate cannot know that defaults have doubled; the outcomes do."""
    vintages = performance_by_vintage(scored(factor=2.0), a_policy(), MATURITY)

    assert not isinstance(vintages, NotApplicable)
    assert all(item.realised.cost.low > item.estimated.cost.high for item in vintages)


def test_the_curve_compares_each_range_of_the_probability() -> None:
    """Every outcome that may judge is in one bin, and right probabilities lie near what was observed."""
    judges = judging(scored(), MATURITY)
    curve = calibration_curve(judges, EDGES)

    assert not isinstance(judges, NotApplicable)
    assert not isinstance(curve, NotApplicable)
    assert sum(item.n_applications for item in curve) == len(judges.probability) == 10_000
    assert all(item.mean_probability == pytest.approx(item.default_rate.value, abs=0.02) for item in curve)


def test_without_outcomes_or_periods_there_is_a_reason() -> None:
    """Neither is a silent empty table."""
    predictions = scored()
    without = Predictions(predictions.probability, predictions.refused, None, predictions.vintage)
    undated = Predictions(predictions.probability, predictions.refused, predictions.outcome)

    assert isinstance(performance_by_vintage(without, a_policy(), MATURITY), NotApplicable)
    assert isinstance(performance_by_vintage(undated, a_policy(), MATURITY), NotApplicable)
    assert isinstance(calibration_curve(judging(without, MATURITY), EDGES), NotApplicable)
