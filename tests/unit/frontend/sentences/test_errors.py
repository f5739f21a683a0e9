"""What is said of each error."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.api import errors
from frontend.api.errors import ApiFailedError, FrontendError, InvalidApplicationError, QuotaReachedError
from frontend.api.problems import FieldProblem
from frontend.applications.form import read_form
from frontend.sentences.errors import say_error, say_invalid_application

if TYPE_CHECKING:
    from frontend.wording.words import Words


def test_every_error_says_what_to_do(words: Words) -> None:
    """No class of error is left without its own sentence."""
    plain = [one for one in FrontendError.__subclasses__() if one.__init__ is FrontendError.__init__]
    told = [say_error(one(), words) for one in (FrontendError, *plain)]

    assert len(plain) > 5
    assert len(set(told)) == len(told)


def test_a_failure_cites_the_request(words: Words) -> None:
    """Support needs the identifier, when there is one."""
    assert "indiquez la requête r-9" in say_error(ApiFailedError(500, "r-9"), words)
    assert "indiquez" not in say_error(ApiFailedError(500), words)


def test_a_quota_says_how_long_to_wait(words: Words) -> None:
    """Seconds when the API gives them."""
    assert "dans 30 s" in say_error(QuotaReachedError(30), words)


def test_refused_fields_are_named_by_label(contract: dict[str, Any], words: Words) -> None:
    """The summary speaks of labels; a problem of the whole body speaks for itself."""
    error = InvalidApplicationError(
        [FieldProblem("DAYS_BIRTH", "SCR103", ""), FieldProblem("", "SCR110", "Illisible.")]
    )

    assert say_invalid_application(error, read_form(contract), words) == "Un champ est à corriger : Âge. Illisible."


def test_problems_that_are_not_listed_are_counted(contract: dict[str, Any], words: Words) -> None:
    """A long list that was cut says so."""
    error = InvalidApplicationError([FieldProblem("A", "SCR105", "")], omitted=3)

    assert say_invalid_application(error, read_form(contract), words).endswith("3 autres problèmes ne sont pas listés.")


def test_an_unusable_bundle_is_named(words: Words) -> None:
    """In process, the reader learns which file is wrong."""
    assert "model.onnx" in say_error(errors.BundleUnusableError("model.onnx is absent"), words)
