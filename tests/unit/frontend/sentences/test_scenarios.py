"""What is said of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.sentences.scenarios import say_change, say_crossings
from tests.unit.frontend.readers import a_curve, spaced

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_a_change_too_small_to_see_still_has_its_sign(words: Words) -> None:
    """Two probabilities that differ never read as the same."""
    assert say_change(0.12345, 0.12342, words).startswith("+0,003")
    assert say_change(0.12, 0.12, words) == "inchangée"


def test_a_curve_says_where_the_decision_changes(contract: dict[str, Any], words: Words) -> None:
    """Values of the other side as the form counts them; where there is none, that."""
    crossing = a_curve(contract, "DAYS_BIRTH", [(-20_000.0, 0.08), (-10_000.0, 0.12)], -10_000.0)
    flat = a_curve(contract, "EXT_SOURCE_1", [(0.1, 0.2), (0.5, 0.18)], 0.1)

    assert spaced(say_crossings(crossing, words)) == "La décision change à ≈ 27,4 ans."
    assert say_crossings(flat, words) == words("what_if.curve_same.refuse")
