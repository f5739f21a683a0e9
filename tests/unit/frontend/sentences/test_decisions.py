"""What is said of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.api.answers import read_answer
from frontend.sentences.decisions import say_probability
from tests.unit.frontend.readers import spaced

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_a_close_call_shows_enough_decimals(answer_body: dict[str, Any], words: Words) -> None:
    """Probability and threshold never look equal when they are not."""
    answer_body |= {"probabilite_de_defaut": 0.08999, "classe": "accepte"}

    told = spaced(say_probability(read_answer(answer_body), words))

    assert told == "La probabilité de défaut, 8,999 %, reste sous le seuil de refus, 9,000 %."
