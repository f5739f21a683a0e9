"""The area under the ROC curve: against scikit-learn, against every pair, and its error against drawing again."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from metrics.ranking import auc, auc_standard_error, bootstrap_auc, delong_auc
from metrics.values import NotApplicable
from scoring.contract import Estimate

pairs = st.lists(
    st.tuples(st.sampled_from([0.01, 0.05, 0.1, 0.3, 0.9]), st.floats(0.01, 0.99)), min_size=2, max_size=12
)


def drawn(n: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return probabilities with ties, and outcomes that follow them."""
    generator = np.random.default_rng(seed)
    probability = generator.beta(1.0, 9.0, n).round(3)
    return probability, (generator.random(n) < probability).astype(float)


def test_auc_equals_scikit_learn() -> None:
    """Ties count half, as there."""
    probability, default = drawn(5_000, seed=5)

    assert auc(probability, default) == pytest.approx(roc_auc_score(default, probability), abs=1e-12)


def test_both_areas_agree_on_known_outcomes() -> None:
    """The weighted area is the plain one where every outcome is 0 or 1, and so is its interval to a few percent."""
    probability, default = drawn(5_000, seed=5)
    weighted, resampled = delong_auc(probability, default), bootstrap_auc(probability, default, seed=0)

    assert isinstance(weighted, Estimate)
    assert weighted.value == pytest.approx(auc(probability, default), abs=1e-12)
    assert weighted.high - weighted.low == pytest.approx(resampled.high - resampled.low, rel=0.15)


@given(pairs)
def test_delong_auc_counts_every_pair(applications: list[tuple[float, float]]) -> None:
    """The weighted area equals the sum over all ordered pairs of two applications; ties count half."""
    probability, outcome = (np.array(column) for column in zip(*applications, strict=True))
    weight = outcome[:, None] * (1 - outcome[None, :]) * (1 - np.eye(len(outcome)))
    wins = (probability[:, None] > probability[None, :]) + (probability[:, None] == probability[None, :]) / 2

    area = delong_auc(probability, outcome)

    assert isinstance(area, Estimate)
    assert area.value == pytest.approx((weight * wins).sum() / weight.sum())


def test_delong_auc_needs_both_outcomes() -> None:
    """With defaults only there is nothing to rank, and no number is made up."""
    assert isinstance(delong_auc(np.array([0.1, 0.2]), np.ones(2)), NotApplicable)


def test_the_error_of_an_expected_area_is_that_of_drawing_again() -> None:
    """It is how far the area strays from window to window."""
    draws = [np.random.default_rng(seed).beta(1, 9, 1_000) for seed in range(200)]
    areas = [delong_auc(draw, draw) for draw in draws]
    values = [area.value for area in areas if not isinstance(area, NotApplicable)]

    assert auc_standard_error(draws[0], draws[0]) == pytest.approx(np.std(values), rel=0.2)


def test_one_outcome_has_no_error() -> None:
    """Where there is no pair there is nothing to stray."""
    assert auc_standard_error(np.array([0.1, 0.2]), np.zeros(2)) == 0.0
