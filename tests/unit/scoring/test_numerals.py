"""Numbers as readers write them: what the kinds of French text share, and the one thing in which each differs."""

from __future__ import annotations

import pytest

from scoring.numerals import ENGLISH, FRENCH, FRENCH_IN_MESSAGES, FRENCH_IN_PRINT, FRENCH_IN_REPORTS, Numerals


@pytest.mark.parametrize(
    ("numerals", "expected"),
    [
        (ENGLISH, "-1,234.5"),
        (FRENCH, "-1\u202f234,5"),
        (FRENCH_IN_MESSAGES, "-1\u202f234,5"),
        (FRENCH_IN_PRINT, "\u22121\u202f234,5"),
        (FRENCH_IN_REPORTS, "-1\u00a0234,5"),
    ],
)
def test_signs_are_those_of_the_text(numerals: Numerals, expected: str) -> None:
    """Thousands, decimals and minus are written as readers of that kind of text expect them."""
    assert numerals.say(-1234.5, ",.1f") == expected


@pytest.mark.parametrize(
    ("numerals", "expected"),
    [
        (ENGLISH, "9.1%"),
        (FRENCH, "9,1\u202f%"),
        (FRENCH_IN_MESSAGES, "9,1 %"),
        (FRENCH_IN_PRINT, "9,1\u202f%"),
        (FRENCH_IN_REPORTS, "9,1\u00a0%"),
    ],
)
def test_percent_sign_keeps_its_distance(numerals: Numerals, expected: str) -> None:
    """French sets a percent sign apart, English does not."""
    assert numerals.percent(0.0912) == expected


def test_form_is_that_of_python() -> None:
    """Whoever asks decides how many figures are told; what rounds to nothing can lose its sign."""
    assert [FRENCH_IN_PRINT.say(-0.0004, form) for form in ("z.3f", ".3f", "g")] == [
        "0,000",
        "\u22120,000",
        "\u22120,0004",
    ]
