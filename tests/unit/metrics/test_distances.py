"""Promises of the population stability index."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.distances import psi, smoothed_shares

N_BINS = 6
counts = st.lists(st.integers(0, 10_000), min_size=N_BINS, max_size=N_BINS).map(lambda values: np.array(values, float))
filled = counts.filter(lambda values: values.sum() > 0)


@given(counts)
def test_psi_of_equal_counts_is_zero(window: np.ndarray) -> None:
    """A window never drifts from itself."""
    assert psi(window, window) == 0


@given(counts, counts)
def test_psi_is_positive_and_symmetric(reference: np.ndarray, current: np.ndarray) -> None:
    """Exchanging the windows changes nothing, and no drift is negative; empty bins stay finite."""
    forward, backward = psi(reference, current), psi(current, reference)

    assert forward >= 0
    assert np.isfinite(forward)
    assert forward == pytest.approx(backward, abs=1e-12)


@given(filled, filled)
def test_psi_is_zero_only_for_equal_shares(reference: np.ndarray, current: np.ndarray) -> None:
    """Different smoothed shares always give a positive PSI."""
    same = np.allclose(smoothed_shares(reference), smoothed_shares(current), atol=1e-7)

    assert same or psi(reference, current) > 0


@given(counts)
def test_smoothed_shares_sum_to_one(window: np.ndarray) -> None:
    """The pseudo-count keeps the invariant of shares."""
    shares = smoothed_shares(window)

    assert shares.sum() == pytest.approx(1)
    assert (shares > 0).all()
