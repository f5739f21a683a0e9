"""The probability against the threshold, alone and among many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.api.answers import read_answer
from frontend.figures.risk import gauge, histogram
from tests.unit.frontend.readers import texts_of

if TYPE_CHECKING:
    from frontend.figures.chart import Figure, Theme


def a_gauge(answer_body: dict[str, Any], probability: float, theme: Theme) -> Figure:
    """Return the gauge of a refusal with a probability."""
    answer = read_answer(answer_body | {"probabilite_de_defaut": probability})
    return gauge(answer, (0.085, 0.095), theme=theme)


def test_risk_reads_without_colour(answer_body: dict[str, Any], theme: Theme) -> None:
    """Probability, threshold and both sides are written on the bar."""
    written = " ".join(texts_of(a_gauge(answer_body, 0.123, theme).spec))

    assert all(word in written for word in ("12,3", "seuil 9,0", "accepté", "refusé"))


def test_a_certain_default_stays_on_the_scale(answer_body: dict[str, Any], theme: Theme) -> None:
    """The axis ends at one at the most, and never before the bar."""
    assert a_gauge(answer_body, 1.0, theme).spec["encoding"]["x"]["scale"]["domain"] == [0, 1.0]


@pytest.mark.parametrize("threshold", [0.09, 0.1, 1 / 11])
def test_no_bar_holds_both_accepted_and_refused(theme: Theme, threshold: float) -> None:
    """The threshold is an edge, and every application is in one bar."""
    probabilities = [0.0, threshold - 1e-12, threshold, threshold + 1e-12, 0.4, 1.0]

    rows = histogram(probabilities, threshold, theme=theme).spec["data"]["values"]

    assert sum(row["n"] for row in rows) == len(probabilities)
    assert sum(row["n"] for row in rows if row["start"] < threshold - 1e-9) == 2


def test_a_batch_of_the_safe_has_a_histogram_too(theme: Theme) -> None:
    """No application at the threshold is no error."""
    assert "0,0" in histogram([0.01, 0.02], 0.09, theme=theme).alternative


@pytest.mark.parametrize("probabilities", [[0.01], [0.05, 0.089999, 0.09, 0.95], [0.3, 0.31], [1.0, 0.0]])
def test_bars_are_equal_and_hold_everybody(theme: Theme, probabilities: list[float]) -> None:
    """Every bar is as wide as the next, and none is lost."""
    rows = histogram(probabilities, 0.09, theme=theme).spec["data"]["values"]

    assert len({round(row["stop"] - row["start"], 12) for row in rows}) == 1
    assert sum(row["n"] for row in rows) == len(probabilities)
    assert len(rows) <= 41
