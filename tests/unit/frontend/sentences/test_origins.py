"""What is said of where an answer comes from, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.sentences.origins import say_connection, say_instant, say_provenance
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_an_unreadable_instant_is_shown_as_it_is(words: Words) -> None:
    """A strange date is no reason to lose the page."""
    assert say_instant("hier", words) == "hier"


def test_the_reader_is_told_which_api_answers(words: Words) -> None:
    """A demonstration is never taken for the real service."""
    assert "Démonstration" in say_connection("", words)
    assert "https://api.example" in say_connection("https://api.example", words)
    assert "Demonstration" in say_connection("", words_of("en"))


def test_the_reader_is_told_whose_data_taught_the_model(words: Words) -> None:
    """Family and provenance stand under the title; a contract that does not say is not guessed at."""
    identity = {"model_name": "modele", "registry_version": "3", "family": "xgboost"}

    assert "XGBoost" in say_provenance(identity, words)
    assert "ne dit pas" in say_provenance(identity, words)
    assert "ne décide de personne" in say_provenance({**identity, "synthetic": True}, words)
    assert "du prêteur" in say_provenance({**identity, "synthetic": False}, words)
