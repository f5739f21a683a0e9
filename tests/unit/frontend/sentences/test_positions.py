"""What is said of where a value stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.applications.form import read_form
from frontend.applications.reference import positions
from frontend.sentences.positions import say_position
from tests.unit.frontend.readers import spaced

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_an_age_is_ranked_as_an_age(contract: dict[str, Any], words: Words) -> None:
    """Many days before the application is a small number to the contract and a high age to people."""
    (age,) = [one for one in positions(contract, {"DAYS_BIRTH": -22_000}) if one.name == "DAYS_BIRTH"]

    assert spaced(say_position(age, read_form(contract), words)).endswith("rang 85 %")
