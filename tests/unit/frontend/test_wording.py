"""French sentences."""

from typing import Any

import pytest

from frontend import errors, wording
from frontend.answers import read_answer
from frontend.errors import ApiFailedError, ApplicationRefusedError, FieldProblem, FrontendError, QuotaReachedError
from frontend.form import FormField, read_form
from frontend.numerals import NARROW_SPACE


def field_of(contract: dict[str, Any], name: str) -> FormField:
    """Return one field of the form."""
    return next(field for field in read_form(contract).fields if field.name == name)


def spaced(text: str) -> str:
    """Return a text with ordinary spaces."""
    return text.replace(NARROW_SPACE, " ")


def test_every_error_says_what_to_do() -> None:
    """No class of error is left without its own sentence."""
    plain = [one for one in FrontendError.__subclasses__() if one.__init__ is FrontendError.__init__]
    generic = wording.say_trouble(FrontendError())

    assert plain
    assert all(wording.say_trouble(one()) != generic for one in plain)


def test_a_failure_cites_the_request() -> None:
    """Support needs the identifier, when there is one."""
    assert "citez la requête r-9" in wording.say_trouble(ApiFailedError(500, "r-9"))
    assert "citez" not in wording.say_trouble(ApiFailedError(500))


def test_a_quota_says_how_long_to_wait() -> None:
    """Seconds when the API gives them."""
    assert "dans 30 s" in wording.say_trouble(QuotaReachedError(30))


def test_bounds_are_told_in_the_units_of_the_form(contract: dict[str, Any]) -> None:
    """The API speaks of negative days, the officer of years."""
    problem = FieldProblem("DAYS_BIRTH", "SCR103", "Valeur trop grande : le maximum est -6570.")

    told = wording.say_problem(problem, field_of(contract, "DAYS_BIRTH"))

    assert spaced(told) == "Valeur hors limites ; admis : de 18 à 100 ans."


def test_other_problems_keep_the_words_of_the_api(contract: dict[str, Any]) -> None:
    """There is no second wording where none is needed."""
    problem = FieldProblem("AMT_CREDIT", "SCR101", "Champ obligatoire absent.")

    assert problem.detail == wording.say_problem(problem, field_of(contract, "AMT_CREDIT"))


def test_help_tells_range_usual_range_and_missing(contract: dict[str, Any]) -> None:
    """Everything that helps to fill a field is beside it."""
    told = spaced(wording.say_help(field_of(contract, "AMT_ANNUITY")))

    assert "Admis : de 1 à 1 000 000 000 €." in told
    assert "Habituel : de 10 000 à 900 000 €." in told
    assert "Vide : non communiqué." in told


@pytest.mark.parametrize(("low", "high", "told"), [(None, 3.0, "au plus 3"), (3.0, None, "au moins 3")])
def test_one_sided_ranges_read_well(contract: dict[str, Any], low: float | None, high: float | None, told: str) -> None:
    """A bound the contract does not have is not told."""
    assert wording.say_range(low, high, field_of(contract, "AMT_CREDIT")).startswith(told)


def test_refused_fields_are_named_by_label(contract: dict[str, Any]) -> None:
    """The summary speaks of labels; a problem of the whole body speaks for itself."""
    error = ApplicationRefusedError([FieldProblem("DAYS_BIRTH", "SCR103", ""), FieldProblem("", "SCR110", "Illisible")])

    assert wording.say_refusal(error, read_form(contract).fields) == "2 champs sont à corriger : Âge, Illisible."


def test_a_close_call_shows_enough_decimals(answer_body: dict[str, Any]) -> None:
    """Probability and threshold never look equal when they are not."""
    answer_body |= {"probabilite_de_defaut": 0.08999, "classe": "accepte"}

    told = spaced(wording.say_comparison(read_answer(answer_body)))

    assert told == "La probabilité de défaut, 8,999 %, reste sous le seuil de refus, 9,000 %."


def test_an_unreadable_instant_is_shown_as_it_is() -> None:
    """A strange date is no reason to lose the page."""
    assert wording.say_instant("hier") == "hier"


def test_the_reader_is_told_which_api_answers() -> None:
    """A demonstration is never taken for the real service."""
    assert "Démonstration" in wording.say_connection("")
    assert wording.say_connection("https://api.example").endswith("https://api.example")


def test_an_unusable_bundle_is_named() -> None:
    """In process, the reader learns which file is wrong."""
    assert "model.onnx" in wording.say_trouble(errors.BundleUnusableError("model.onnx is absent"))


def test_policy_tells_when_theory_disagrees(contract: dict[str, Any]) -> None:
    """A threshold away from 1/11 is not hidden."""
    contract["decision"]["bayes_within_interval"] = False

    assert "n’est pas dans cet intervalle" in wording.say_policy(contract["decision"])


def test_the_room_of_errors_is_complete() -> None:
    """Every error class of the module is a FrontendError."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, Exception)]

    assert all(issubclass(one, FrontendError) for one in classes)
