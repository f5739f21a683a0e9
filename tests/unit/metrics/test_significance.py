"""Promises of the p-values: those of SciPy, honest without drift, corrected in the right order."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, ks_2samp, mannwhitneyu

from metrics.ranking import auc
from metrics.significance import adjusted, auc_p_value, counts_p_value, samples_p_value, shares_p_value
from metrics.values import Pair

SHARES = np.array([0.4, 0.3, 0.2, 0.07, 0.03])


def test_counts_are_tested_as_scipy_does() -> None:
    """Where every cell holds enough, it is the usual test of homogeneity."""
    reference, current = np.array([400.0, 300, 300]), np.array([50.0, 25, 25])

    assert counts_p_value(reference, current) == pytest.approx(
        chi2_contingency([reference, current], correction=False).pvalue, abs=1e-12
    )


def test_samples_are_tested_as_scipy_does() -> None:
    """The asymptotic test of Kolmogorov and Smirnov."""
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=2_000), rng.normal(0.05, size=1_500)

    assert samples_p_value(one, other) == pytest.approx(ks_2samp(one, other, method="asymp").pvalue, rel=0.15)


def test_an_area_is_tested_as_scipy_does() -> None:
    """Without ties it is the test of Mann and Whitney; samples told apart the wrong way round are not told apart."""
    rng = np.random.default_rng(4)
    one, other = rng.normal(size=900), rng.normal(0.1, size=700)
    area = auc(np.concatenate([one, other]), np.repeat([0, 1], [900, 700]))
    expected = mannwhitneyu(one, other, use_continuity=False, method="asymptotic").pvalue

    assert auc_p_value(area, n_reference=900, n_current=700) == pytest.approx(expected, abs=1e-12)
    assert auc_p_value(1 - area, n_reference=900, n_current=700) == 1.0


def test_p_values_are_honest_without_drift() -> None:
    """Of windows drawn from one population, sparse bins and all, about one in twenty is below 0.05."""
    rng = np.random.default_rng(1)
    draws = [(rng.multinomial(3_000, SHARES), rng.multinomial(200, SHARES)) for _ in range(2_000)]

    below = np.mean([counts_p_value(*draw) < 0.05 for draw in draws])

    assert 0.03 < below < 0.07


def test_a_bin_that_only_one_side_has_is_seen() -> None:
    """Sparse bins are judged together; they are not dropped."""
    reference, current = np.array([1_000.0, 0, 0, 0]), np.array([985.0, 5, 5, 5])

    assert counts_p_value(reference, current) < 0.001


def test_shares_need_enough_applications() -> None:
    """The same change is chance among few and drift among many."""
    change = Pair(0.20, 0.22)

    assert shares_p_value(change, n_reference=1_000, n_current=1_000) > 0.2
    assert shares_p_value(change, n_reference=100_000, n_current=100_000) < 1e-9


@given(st.lists(st.floats(0, 1), max_size=30))
def test_correction_keeps_the_order_and_only_raises(p_values: list[float]) -> None:
    """No value falls, none passes one, and none overtakes another."""
    corrected = adjusted(p_values)

    assert all(before <= after <= 1 for before, after in zip(p_values, corrected, strict=True))
    assert sorted(range(len(p_values)), key=lambda place: p_values[place]) == sorted(
        range(len(p_values)), key=lambda place: (corrected[place], p_values[place])
    )
