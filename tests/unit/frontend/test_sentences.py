"""Sentences about fields, answers and troubles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from frontend.api import errors
from frontend.api.answers import read_answer
from frontend.api.errors import ApiFailedError, ApplicationRefusedError, FieldProblem, FrontendError, QuotaReachedError
from frontend.applications.form import FormField, read_form
from frontend.applications.standing import standings
from frontend.sentences.decisions import say_change, say_comparison, say_connection, say_instant, say_standing
from frontend.sentences.errors import say_refusal, say_trouble
from frontend.sentences.fields import (
    say_caption,
    say_file_problem,
    say_help,
    say_names,
    say_problem,
    say_range,
    say_value,
)
from frontend.wording.numerals import NARROW_SPACE
from frontend.wording.words import words_of

if TYPE_CHECKING:
    from frontend.wording.words import Words


def field_of(contract: dict[str, Any], name: str) -> FormField:
    """Return one field of the form."""
    return next(field for field in read_form(contract).fields if field.name == name)


def spaced(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace(NARROW_SPACE, " ")


def test_every_error_says_what_to_do(words: Words) -> None:
    """No class of error is left without its own sentence."""
    plain = [one for one in FrontendError.__subclasses__() if one.__init__ is FrontendError.__init__]
    told = [say_trouble(one(), words) for one in (FrontendError, *plain)]

    assert len(plain) > 5
    assert len(set(told)) == len(told)


def test_a_failure_cites_the_request(words: Words) -> None:
    """Support needs the identifier, when there is one."""
    assert "citez la requête r-9" in say_trouble(ApiFailedError(500, "r-9"), words)
    assert "citez" not in say_trouble(ApiFailedError(500), words)


def test_a_quota_says_how_long_to_wait(words: Words) -> None:
    """Seconds when the API gives them."""
    assert "dans 30 s" in say_trouble(QuotaReachedError(30), words)


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
    """Euros, years, labels and answers; never a code or a negative number of days."""
    assert told == spaced(say_value(field_of(contract, name), value, words))


def test_refused_fields_are_named_by_label(contract: dict[str, Any], words: Words) -> None:
    """The summary speaks of labels; a problem of the whole body speaks for itself."""
    error = ApplicationRefusedError(
        [FieldProblem("DAYS_BIRTH", "SCR103", ""), FieldProblem("", "SCR110", "Illisible.")]
    )

    assert say_refusal(error, read_form(contract), words) == "Un champ est à corriger : Âge. Illisible."


def test_problems_that_are_not_listed_are_counted(contract: dict[str, Any], words: Words) -> None:
    """A long list that was cut says so."""
    error = ApplicationRefusedError([FieldProblem("A", "SCR105", "")], omitted=3)

    assert say_refusal(error, read_form(contract), words).endswith("3 autres problèmes ne sont pas listés.")


def test_a_long_list_of_names_is_cut(words: Words) -> None:
    """Six names are read, fifty are not."""
    assert say_names([f"v{rank}" for rank in range(8)], words, {}).endswith("v5, … (+2)")


def test_a_close_call_shows_enough_decimals(answer_body: dict[str, Any], words: Words) -> None:
    """Probability and threshold never look equal when they are not."""
    answer_body |= {"probabilite_de_defaut": 0.08999, "classe": "accepte"}

    told = spaced(say_comparison(read_answer(answer_body), words))

    assert told == "La probabilité de défaut, 8,999 %, reste sous le seuil de refus, 9,000 %."


def test_a_change_too_small_to_see_still_has_its_sign(words: Words) -> None:
    """Two probabilities that differ never read as the same."""
    assert say_change(0.12345, 0.12342, words).startswith("+0,003")
    assert say_change(0.12, 0.12, words) == "inchangée"


def test_an_age_is_ranked_as_an_age(contract: dict[str, Any], words: Words) -> None:
    """Many days before the application is a small number to the contract and a high age to people."""
    (age,) = [one for one in standings(contract, {"DAYS_BIRTH": -22_000}) if one.name == "DAYS_BIRTH"]

    assert spaced(say_standing(age, read_form(contract), words)).endswith("rang 85 %")


def test_an_unreadable_instant_is_shown_as_it_is(words: Words) -> None:
    """A strange date is no reason to lose the page."""
    assert say_instant("hier", words) == "hier"


def test_the_reader_is_told_which_api_answers(words: Words) -> None:
    """A demonstration is never taken for the real service."""
    assert "Démonstration" in say_connection("", words)
    assert "https://api.example" in say_connection("https://api.example", words)
    assert "Demonstration" in say_connection("", words_of("en"))


def test_an_unusable_bundle_is_named(words: Words) -> None:
    """In process, the reader learns which file is wrong."""
    assert "model.onnx" in say_trouble(errors.BundleUnusableError("model.onnx is absent"), words)


def test_the_room_of_errors_is_complete() -> None:
    """Every error class of the module is a FrontendError."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]

    assert all(issubclass(one, FrontendError) for one in classes)


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
