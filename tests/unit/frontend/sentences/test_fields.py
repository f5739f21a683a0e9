"""What is said of a field, its problem and its value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.api.problems import FieldProblem
from frontend.sentences.fields import (
    say_caption,
    say_file_problem,
    say_help,
    say_names,
    say_problem,
    say_range,
    say_value,
)
from frontend.wording.words import words_of
from tests.unit.frontend.readers import field_of, spaced

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_bounds_are_told_in_the_units_of_the_form(contract: dict[str, Any], words: Words) -> None:
    """The API speaks of negative days, the officer of years."""
    problem = FieldProblem("DAYS_BIRTH", "SCR103", "Valeur trop grande : le maximum est -6570.")

    told = say_problem(problem, field_of(contract, "DAYS_BIRTH"), words)

    assert spaced(told) == "Valeur hors limites ; admis : de 18 à 100 ans."


def test_other_problems_keep_the_words_of_the_api(contract: dict[str, Any], words: Words) -> None:
    """There is no second wording where none is needed."""
    problem = FieldProblem("AMT_CREDIT", "SCR106", "Nombre trop grand.")

    assert problem.detail == say_problem(problem, field_of(contract, "AMT_CREDIT"), words)


def test_an_age_is_asked_for_as_an_age(contract: dict[str, Any], words: Words) -> None:
    """People give an age in years, not a date of birth in years; a date says from when it is counted."""
    assert say_caption(field_of(contract, "DAYS_BIRTH"), words) == "Âge (ans) *"
    contract["features"] = [one for one in contract["features"] if one["name"] != "AGE_YEARS"]
    assert say_caption(field_of(contract, "DAYS_BIRTH"), words) == "Date de naissance (ans avant la demande) *"


def test_help_tells_range_usual_range_and_missing(contract: dict[str, Any], words: Words) -> None:
    """Everything that helps to fill a field is beside it."""
    told = spaced(say_help(field_of(contract, "AMT_ANNUITY"), words))

    assert "Admis : de 1 à 1 000 000 000 €." in told
    assert "Habituel : de 10 000 à 900 000 €." in told
    assert "Vide : non communiqué." in told


@pytest.mark.parametrize(("low", "high", "told"), [(None, 3.0, "au plus 3"), (3.0, None, "au moins 3")])
def test_one_sided_ranges_read_well(
    contract: dict[str, Any], words: Words, low: float | None, high: float | None, told: str
) -> None:
    """A bound the contract does not have is not told."""
    assert say_range(low, high, field_of(contract, "AMT_CREDIT"), words).startswith(told)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("AMT_CREDIT", 450_000.0, "450 000 €"),
        ("DAYS_BIRTH", -15_012, "41,1 ans"),
        ("NAME_JOB", "Working", "salarié"),
        ("NAME_JOB", "Astronaut", "Astronaut"),
        ("FLAG_CAR", 0, "non"),
        ("EXT_SOURCE_1", 0.5, "0,5"),
        ("EXT_SOURCE_1", None, "inconnu"),
    ],
)
def test_a_value_is_said_as_the_form_counts_it(
    contract: dict[str, Any], words: Words, name: str, value: float | str | None, told: str
) -> None:
    """Amounts, years, labels and answers; never a code or a negative number of days."""
    assert told == spaced(say_value(field_of(contract, name), value, words))


def test_a_long_list_of_names_is_cut(words: Words) -> None:
    """Six names are read, fifty are not."""
    assert say_names([f"v{rank}" for rank in range(8)], words, {}).endswith("v5, … (+2)")


@pytest.mark.parametrize(
    ("name", "code", "told"),
    [
        ("DAYS_BIRTH", "SCR103", "Out of bounds; allowed: from -36,525 to -6,570."),
        ("NAME_JOB", "SCR104", "Unknown value; allowed: Working, Pensioner."),
        ("AMT_CREDIT", "SCR106", "Nombre trop grand."),
        ("FLAG_CAR", "SCR102", "Nombre trop grand."),
        ("ELSEWHERE", "SCR103", "Nombre trop grand."),
    ],
)
def test_problems_of_a_file_are_told_in_the_units_of_the_file(
    contract: dict[str, Any], name: str, code: str, told: str
) -> None:
    """A file counts as the contract does, and its reader's language is the page's."""
    item = next((one for one in contract["inputs"] if one["name"] == name), None)

    assert told == say_file_problem(FieldProblem(name, code, "Nombre trop grand."), item, words_of("en"))
