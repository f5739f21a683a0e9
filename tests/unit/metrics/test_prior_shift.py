"""Promises of the estimated default rate: the true one lies in its interval as often as it should."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.prior_shift import shifted_default_rate
from metrics.values import NotApplicable

REFERENCE = 0.08


def window(rate: float, *, seed: int, n: int = 4_000) -> np.ndarray:
    """Return what a calibrated model says of applicants of whom `rate` default, good and bad looking as ever."""
    rng = np.random.default_rng(seed)
    # Two normal scores one apart: the log of their density ratio is the log-odds that a right model says.
    score = rng.normal(np.where(rng.random(n) < rate, 1.0, 0.0), 1.0)
    odds = REFERENCE / (1 - REFERENCE) * np.exp(score - 0.5)
    return np.asarray(odds / (1 + odds))


@pytest.mark.parametrize("rate", [0.05, REFERENCE, 0.16])
def test_the_true_rate_lies_in_the_interval(rate: float) -> None:
    """About 95 times in 100, whether the rate has moved or not."""
    hits = 0
    for seed in range(100):
        found = shifted_default_rate(window(rate, seed=seed), REFERENCE)
        assert not isinstance(found, NotApplicable)
        hits += found.low <= rate <= found.high

    assert hits >= 88


def test_what_no_rate_explains_has_a_reason() -> None:
    """Probabilities that are all higher than any mix would give are another change than one of the mix."""
    assert isinstance(shifted_default_rate(np.linspace(0.5, 0.9, 50), REFERENCE), NotApplicable)
    assert isinstance(shifted_default_rate(np.array([0.1, 0.2]), 0.0), NotApplicable)
