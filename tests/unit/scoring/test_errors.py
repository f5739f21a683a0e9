"""Errors: stable codes, and no applicant in a message."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from scoring.errors import FieldProblem, InvalidApplicationError, ScoringError


def test_error_message_begins_with_its_code() -> None:
    """A log reader finds the code first, and a program finds it as an attribute."""
    error = ScoringError("SCR999", "what to do")

    assert (error.code, str(error)) == ("SCR999", "SCR999: what to do")


def test_invalid_application_counts_problems_and_names_each_code_once() -> None:
    """The message says how many problems there are and by which rules."""
    problems = [FieldProblem("B", "SCR103", "…"), FieldProblem("A", "SCR101", "…"), FieldProblem("C", "SCR101", "…")]
    error = InvalidApplicationError(problems)

    assert str(error) == "SCR100: 3 problem(s): SCR101, SCR103"


def test_invalid_application_keeps_every_problem_in_order() -> None:
    """No problem is lost on the way to the reply."""
    problems = [FieldProblem("B", "SCR103", "…"), FieldProblem("A", "SCR101", "…")]

    assert tuple(problems) == InvalidApplicationError(problems).problems


def test_invalid_application_is_a_422_unless_told_otherwise() -> None:
    """A body that cannot be read is a 400, everything else is a 422."""
    assert [InvalidApplicationError([]).status, InvalidApplicationError([], status=400).status] == [422, 400]


def test_invalid_application_never_repeats_what_was_received() -> None:
    """The message may be logged, so it holds no value of the applicant and no detail."""
    error = InvalidApplicationError([FieldProblem("AMT_CREDIT", "SCR103", "pas 123456", 123456)])

    assert "123456" not in str(error)


def test_field_problem_cannot_be_changed() -> None:
    """What was found stays as it was found."""
    problem = FieldProblem("AMT_CREDIT", "SCR101", "…")

    with pytest.raises(FrozenInstanceError, match="champ"):
        problem.champ = "AMT_ANNUITY"  # type: ignore[misc]
