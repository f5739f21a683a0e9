"""Promises about predictions: unusable ones are refused, each with its code."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring.errors import MonitoringError
from monitoring.windows.predictions import Predictions, checked_predictions


def check(probability: list[float], decision: list[str], outcome: list[float] | None = None) -> Predictions:
    """Check predictions at the threshold 0.1."""
    known = None if outcome is None else np.array(outcome)
    return checked_predictions(
        probability=np.array(probability), decision=np.array(decision), outcome=known, threshold=0.1, source="s.parquet"
    )


def test_a_refusal_is_at_or_above_the_threshold() -> None:
    """A probability equal to the threshold is refused."""
    assert check([0.1, 0.05], ["refuse", "accepte"]).refused.tolist() == [True, False]


@pytest.mark.parametrize(
    ("probability", "decision", "code"),
    [([np.nan], "refuse", "MON906"), ([1.2], "refuse", "MON907"), ([0.2], "accepte", "MON908")],
)
def test_unusable_answers_are_refused(probability: list[float], decision: str, code: str) -> None:
    """An absent prediction, no probability, and the decision of another model are three different errors."""
    with pytest.raises(MonitoringError, match=f"{code}.*s.parquet"):
        check(probability, [decision])


def test_outcomes_that_are_all_unknown_are_none() -> None:
    """An empty TARGET column is no outcome."""
    assert check([0.2], ["refuse"], [np.nan]).outcome is None
