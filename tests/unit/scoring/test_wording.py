"""Wording: how a value is said to a French reader."""

from __future__ import annotations

import pytest

from scoring.numerals import NARROW_SPACE
from scoring.wording import say_category, say_flag, say_value


@pytest.mark.parametrize("unit", ["EUR", "jours", ""])
def test_say_value_admits_what_is_not_known(unit: str) -> None:
    """An absent value is said to be absent, whatever its unit."""
    assert (say_value(None, unit), say_value(None, unit, "en")) == ("non communiqué", "not given")


def test_say_value_quotes_a_category() -> None:
    """A category is a quotation, in French quotation marks."""
    assert say_value("Cash loans", "") == "« Cash loans »"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-15_000, "41,1 ans avant la demande"),
        (-730, "2,0 ans avant la demande"),
        (-729, "729 jours avant la demande"),
        (-1, "1 jour avant la demande"),
        (0, "0 jour"),
        (1.6, "2 jours"),
        (30.4, "30 jours"),
        (3652.5, "10,0 ans"),
    ],
)
def test_say_value_turns_long_durations_into_years(days: float, expected: str) -> None:
    """Two years and more are said in years; a negative number of days lies before the application."""
    assert say_value(days, "jours") == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (2, "2"),
        (2.0, "2"),
        (0.12345, "0,123"),
        (-0.5, "-0,500"),
        (999.5, "999,500"),
        (1000.4, "1_000"),
        (1_234_567.8, "1_234_568"),
        (-1_234_567, "-1_234_567"),
    ],
)
def test_say_value_groups_thousands_and_puts_a_comma(number: float, expected: str) -> None:
    """Numbers are written as in French; decimals are kept where they matter."""
    assert say_value(number, "") == expected.replace("_", NARROW_SPACE)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("EUR", f"12{NARROW_SPACE}€"), ("ratio", "12"), ("nombre", "12"), ("ans", "12 ans"), ("note 0–15", "12 sur 15")],
)
def test_say_value_ends_with_its_unit(unit: str, expected: str) -> None:
    """A unit follows the number; what has no unit to speak of has none."""
    assert say_value(12, unit) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(-12, "12 mois avant la demande"), (0, "0 mois"), (1.5, "1,500 mois"), (6, "6 mois")]
)
def test_say_value_places_months_before_the_application(months: float, expected: str) -> None:
    """Months count as days do: what lies before the application is negative."""
    assert say_value(months, "mois") == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1_234_567.8, "EUR", "€1,234,568"),
        (0.5, "note 0–1", "0.500 out of 1"),
        (-15_000, "jours", "41.1 years before the application"),
        (-1, "jours", "1 day before the application"),
        (30, "jours", "30 days"),
        (-1, "mois", "1 month before the application"),
        (-12, "mois", "12 months before the application"),
        (12, "ans", "12 years"),
        (9, "heures", "9 hours"),
        (15.25, "jours d’écart", "15.250 days of difference"),
        (0.25, "ratio", "0.250"),
        ("Cash loans", "", "“Cash loans”"),
    ],
)
def test_say_value_speaks_english(value: float | str, unit: str, expected: str) -> None:
    """An English reader gets English digits, units and word order."""
    assert expected == say_value(value, unit, "en")


@pytest.mark.parametrize(("value", "french", "english"), [(1, "oui", "yes"), (0, "non", "no"), (1.0, "oui", "yes")])
def test_say_flag_says_yes_or_no(value: float, french: str, english: str) -> None:
    """A flag is an answer, not a number."""
    assert (french, english) == (say_flag(value), say_flag(value, "en"))


def test_say_category_quotes_its_label() -> None:
    """A label is quoted as each language quotes."""
    assert (say_category("salarié"), say_category("employed", "en")) == ("« salarié »", "“employed”")
