"""Bodies: JSON as RFC 8259 has it, and what is wrong with it kept for whoever names the fields."""

from __future__ import annotations

import pytest

from scoring.errors import InvalidApplicationError
from scoring.http.bodies import Content, RepeatedNames


def test_content_is_the_json_value() -> None:
    """Whole characters in escapes are read like any other."""
    assert Content(b'{"a": [1, 2.5, null, "\\u00e9"]}').value == {"a": [1, 2.5, None, "é"]}


def test_repeated_names_are_kept_with_their_object() -> None:
    """The last value counts for reading on; that there were more is not forgotten."""
    content = Content(b'{"a": 1, "b": {"c": 1, "c": 2, "c": 3}, "a": 4}').value

    assert isinstance(content, RepeatedNames)
    assert (content["a"], content.names, content["b"].names) == (4, ("a",), ("c",))


def test_constants_are_read_and_remembered_once() -> None:
    """NaN and infinities are no JSON: a value is there to name its field by, and the word for the refusal."""
    content = Content(b"[NaN, Infinity, -Infinity, NaN]")

    assert content.constants == ["NaN", "Infinity", "-Infinity"]
    assert [one.recu for one in content.constant_problems()] == content.constants


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000, b'"\\ud800"'])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    """One code, one status, whatever is wrong."""
    with pytest.raises(InvalidApplicationError, match="SCR110") as refused:
        Content(body)

    assert refused.value.status == 400
