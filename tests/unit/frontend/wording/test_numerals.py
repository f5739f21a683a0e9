"""Numbers, written and read the French way and the English one."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import frontend
from frontend.wording.numerals import (
    ENGLISH,
    FRENCH,
    Marks,
    read_number,
    say_fixed,
    say_number,
    say_percent,
    telling_decimals,
)


@pytest.mark.parametrize("marks", [FRENCH, ENGLISH])
@given(number=st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_what_the_page_writes_it_reads_back(marks: Marks, number: float) -> None:
    """A number that the form shows means the same when it is sent, in either language."""
    assert float(number) == read_number(say_number(float(number), 2, marks), marks)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("450 000", 450_000), ("450\u202f000", 450_000), ("1.234,5", 1234.5), ("0.53", 0.53), ("-3", -3), ("9 %", 9)],
)
def test_a_number_is_read_as_people_write_it(text: str, expected: float) -> None:
    """Spaces, units and either decimal mark are understood."""
    assert expected == read_number(text)


@pytest.mark.parametrize("text", ["beaucoup", "nan", "inf", "1_000", "", "1,2,3"])
def test_what_is_not_a_number_is_not_guessed(text: str) -> None:
    """Text that nobody would call a number, or that is not finite, is none."""
    assert read_number(text) is None


def test_numbers_in_a_column_have_equal_decimals() -> None:
    """A fixed form keeps its zeros, a loose one drops them."""
    assert (say_fixed(0.5, 3), say_number(0.5, 3)) == ("0,500", "0,5")


@given(st.floats(0, 1), st.floats(0, 1))
def test_two_probabilities_are_told_apart(first: float, second: float) -> None:
    """Decimals are added until the figures differ, within reason."""
    decimals = telling_decimals(first, second)

    assert 1 <= decimals <= 6
    if abs(first - second) > 1e-7:
        assert say_percent(first, decimals) != say_percent(second, decimals)


def test_no_other_module_writes_numbers() -> None:
    """A number, a rate or an amount is written in one place: elsewhere nothing is formatted but a time of day."""
    room = Path(frontend.__file__).parent
    formatting = {
        str(path.relative_to(room))
        for path in room.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None
    }

    # Samples are rounded to digits that people would say, and read back as numbers.
    assert formatting == {"wording/numerals.py", "sentences/origins.py", "applications/samples.py"}
