"""The language of the rules: what it says, of one application and of many, and what it does not admit."""

from __future__ import annotations

from math import nan

import numpy as np
import pytest

from scoring.conditions import ConditionError, Vocabulary, fields_of, normal_form, read_condition

WORDS = Vocabulary(place={"A": 0, "B": 1, "KIND": 2}, codes={"KIND": {"x": 0.0, "y": 1.0}})
ROW = (2.5, 4.0, 1.0)


@pytest.mark.parametrize(
    ("expression", "holds"),
    [
        ("A < B", True),
        ("A <= 2.5", True),
        ("A > B", False),
        ("B >= 4", True),
        ("B == 4", True),
        ("A + 1.5 == B", True),
        ("2 * A - 1 > B", False),
        ("-A < 0", True),
        ("KIND == 'y'", True),
        ("KIND == 'x'", False),
        ("known(A)", True),
        ("not whole(A)", True),
        ("not whole(B)", False),
        ("A > B or KIND == 'y'", True),
        ("A < B and KIND == 'y' and known(B)", True),
        ("A < B and KIND == 'x'", False),
    ],
)
def test_condition_holds_of_one_application_as_of_many(expression: str, holds: bool) -> None:  # noqa: FBT001  the expectation
    """Every word of the language says the same of numbers and of arrays."""
    condition = read_condition(expression, WORDS)
    columns = np.array([ROW, ROW]).T

    assert (condition(ROW), condition(columns).tolist()) == (holds, [holds, holds])


@pytest.mark.parametrize(
    "expression", ["A < B", "A > B", "A == B", "A + 1 > B", "known(A)", "not whole(A)", "KIND == 'y' and A > 0"]
)
def test_condition_does_not_hold_on_what_is_missing(expression: str) -> None:
    """A missing value breaks nothing."""
    condition = read_condition(expression, WORDS)

    assert not condition((nan, 4.0, 1.0))
    assert not condition(np.array([[nan], [4.0], [1.0]])).any()


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("A <", r"is no expression"),
        ("A", r"'A' is no condition; one is made of numbers"),
        ("A < C", r"there is no field C"),
        ("known(C)", r"there is no field C"),
        ("KIND == 'z'", r"KIND has no category 'z'"),
        ("A == 'x'", r"A has no category 'x'"),
        ("KIND > 0", r"KIND is a category"),
        ("1 < 2", r"neither names a field"),
        ("A < B < 3", r"is no condition"),
        ("A != B", r"is no condition"),
        ("A / B > 1", r"'A / B' is no number"),
        ("A > True", r"'True' is no number"),
        ("whole(A)", r"is no condition"),
        ("not (A > B)", r"is no condition"),
        ("known(A, B)", r"is no condition"),
        ("__import__('os').system('true')", r"is no condition"),
        ("A.real > 1", r"is no number"),
        ("(lambda: A)() > 1", r"is no number"),
    ],
)
def test_anything_else_is_refused(expression: str, message: str) -> None:
    """What the language does not have is named, and nothing of it is ever run."""
    with pytest.raises(ConditionError, match=message):
        read_condition(expression, WORDS)


def test_fields_are_told_in_order_of_appearance() -> None:
    """Each once, the words of the language left out."""
    assert fields_of("known(B) and A > B + 1 and KIND == 'x'") == ("B", "A", "KIND")


def test_normal_form_tells_equal_conditions_apart_from_others() -> None:
    """Blanks, quotes and brackets make no other rule; another order does."""
    assert normal_form('( A>B ) and (KIND=="x")') == normal_form("A > B and KIND == 'x'") != normal_form("B > A")
