"""Promises of estimated and realised performance."""

from __future__ import annotations

import numpy as np

from metrics.values import NotApplicable
from monitoring.drift.performance import estimated_performance, realised_performance
from monitoring.windows.predictions import Predictions
from scoring.contract import Estimate
from tests.builders.contracts import a_policy


def calibrated_predictions(n: int, *, seed: int) -> Predictions:
    """Return predictions whose outcomes happen with exactly the probability they give."""
    rng = np.random.default_rng(seed)
    probability = rng.beta(1, 10, n)
    return Predictions(probability, probability >= a_policy().threshold, (rng.random(n) < probability).astype(float))


def test_the_estimate_foresees_what_is_realised() -> None:
    """For calibrated predictions the realised cost and AUC lie in the interval about 95 times in 100."""
    policy = a_policy()
    cost_hits = auc_hits = 0
    for seed in range(100):
        predictions = calibrated_predictions(3_000, seed=seed)
        estimated, realised = estimated_performance(predictions, policy), realised_performance(predictions, policy)
        assert not isinstance(realised, NotApplicable)
        assert isinstance(estimated.auc, Estimate)
        assert isinstance(realised.auc, Estimate)
        cost_hits += estimated.cost.low <= realised.cost.value <= estimated.cost.high
        auc_hits += estimated.auc.low <= realised.auc.value <= estimated.auc.high

    assert cost_hits >= 88
    assert auc_hits >= 88


def test_only_known_outcomes_are_realised() -> None:
    """Applications whose outcome is not known yet are left out, not counted as good."""
    predictions = Predictions(np.array([0.05, 0.05]), np.array([False, False]), np.array([1.0, np.nan]))

    realised = realised_performance(predictions, a_policy())

    assert not isinstance(realised, NotApplicable)
    assert realised.n_applications == 1
    assert realised.cost.value == 10
