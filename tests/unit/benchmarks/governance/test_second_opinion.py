"""Second opinions are measured and told: on few records, calls and applications."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.governance.scorecard import measure_scorecard
from benchmarks.governance.second_opinion import measure_governance
from documents.results.governance import scorecard_section, second_opinion_section
from tests.builders.event_loop import main_thread_loop

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    """Return what is measured at a small size."""
    with main_thread_loop():
        return measure_governance(records=400, calls=50, judged=200)


def test_every_opinion_is_measured(figures: dict[str, Any]) -> None:
    """All records are replayed and some decisions change; both ways are timed; every rule is held."""
    assert figures["replay"]["records"] == 400
    assert 0 < figures["replay"]["changed_share"] < 1
    assert figures["shadow"]["alone_ms"].keys() == figures["shadow"]["with_shadow_ms"].keys() == {"p50", "p99"}
    assert figures["rules"]["rules_a_ms"] > 1


@pytest.mark.parametrize(("seconds", "ratio", "missed"), [(0.1, 1.0, 0), (0.5, 1.0, 1), (0.5, 1.2, 2)])
def test_a_promise_that_is_missed_is_told_as_missed(
    figures: dict[str, Any], seconds: float, ratio: float, missed: int
) -> None:
    """The page does not flatter: what lies beyond a promise says so."""
    told = figures | {
        "replay": figures["replay"] | {"seconds": seconds},
        "shadow": figures["shadow"] | {"p99_ratio": ratio},
    }

    assert second_opinion_section(told).count("**missed**") == missed
    assert second_opinion_section({}) == ""


def test_card_is_told_beside_the_trees(tmp_path: Path) -> None:
    """Costs and areas of both, and their paired difference, on a population that is drawn for it."""
    figures = measure_scorecard(tmp_path / "nowhere", applications=1_500)
    (population,) = figures.values()
    gap = population["card_less_trees"]["cost"]

    assert gap["value"] == pytest.approx(
        population["scorecard"]["cost"]["value"] - population["trees"]["cost"]["value"]
    )
    assert gap["low"] < gap["value"] < gap["high"]
    assert "scorecard less trees" in scorecard_section(figures)
    assert scorecard_section({}) == ""
