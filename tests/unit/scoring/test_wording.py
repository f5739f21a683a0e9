"""Wording: how a value is said to a French reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.contract import Conventions
from scoring.numerals import NARROW_SPACE
from scoring.wording import Language, say_category, say_flag, say_number
from scoring.wording import say_value as say_value_by
from tests.builders.contracts import CONVENTIONS

if TYPE_CHECKING:
    from scoring.features import Value


def say_value(value: Value, unit: str, language: Language = "fr") -> str:
    """Return a value in words, amounts in euros and both periods a month."""
    return say_value_by(value, unit, CONVENTIONS, language)


@pytest.mark.parametrize("unit", ["monnaie", "jours", "part", "effort", ""])
def test_say_value_admits_what_is_not_known(unit: str) -> None:
    """An absent value is said to be absent, whatever its unit."""
    assert (say_value(None, unit), say_value(None, unit, "en")) == ("non communiqué", "not given")


def test_say_value_quotes_a_category() -> None:
    """A category is a quotation, in French quotation marks."""
    assert say_value("Cash loans", "") == "« Cash loans »"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (-15_000, "41 ans avant la demande"),
        (-1_000, "2,7 ans avant la demande"),
        (-730, "2 ans avant la demande"),
        (-729, "729 jours avant la demande"),
        (-1, "1 jour avant la demande"),
        (0, "0 jour"),
        (0.05, "moins de 1 jour"),
        (1.6, "2 jours"),
        (30.4, "30 jours"),
        (3652.5, "10 ans"),
        (-0.2, "moins de 1 jour avant la demande"),
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
        (0.12345, "0,12"),
        (0.0188, "0,019"),
        (-0.5, "-0,50"),
        (999.5, "999,50"),
        (1000.4, "1_000"),
        (1_234_567.8, "1_234_568"),
        (-1_234_567, "-1_234_567"),
    ],
)
def test_say_number_groups_thousands_and_puts_a_comma(number: float, expected: str) -> None:
    """Numbers are written as in French; decimals are kept where they matter."""
    assert say_number(number) == say_value(number, "")
    assert say_number(number) == expected.replace("_", NARROW_SPACE)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("monnaie", f"12{NARROW_SPACE}€"),
        ("ratio", "12"),
        ("nombre", "12"),
        ("ans", "12 ans"),
        ("note 0–15", "12 sur 15"),
    ],
)
def test_say_value_ends_with_its_unit(unit: str, expected: str) -> None:
    """A unit follows the number; what has no unit to speak of has none."""
    assert say_value(12, unit) == expected


@pytest.mark.parametrize(
    ("months", "expected"), [(-12, "12 mois avant la demande"), (0, "0 mois"), (1.5, "1,5 mois"), (6, "6 mois")]
)
def test_say_value_places_months_before_the_application(months: float, expected: str) -> None:
    """Months count as days do: what lies before the application is negative."""
    assert say_value(months, "mois") == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1_234_567.8, "monnaie", f"1,234,568{NARROW_SPACE}€"),
        (0.5, "note 0–1", "0.50 out of 1"),
        (-15_000, "jours", "41 years before the application"),
        (-1, "jours", "1 day before the application"),
        (30, "jours", "30 days"),
        (-1, "mois", "1 month before the application"),
        (-12, "mois", "12 months before the application"),
        (12, "ans", "12 years"),
        (9, "heures", "9 h"),
        (15.25, "jours d’écart", "15.25 days of difference"),
        (0.25, "ratio", "0.25"),
        (0, "jours", "0 days"),
        (1, "ans", "1 year"),
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


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        (0.4286, "part", "43 %", "43%"),
        (0.0521, "part", "5,2 %", "5.2%"),
        (0.0, "part", "0 %", "0%"),
        (0.0001, "part", "moins de 0,1 %", "less than 0.1%"),
        (0.0001, "nombre", "moins de 0,001", "less than 0.001"),
        (0.01, "jours", "moins de 1 jour", "less than 1 day"),
        (1.15, "part", "115 %", "115%"),
        (-0.031, "points d’écart", "-3,1 points d’écart", "-3.1 percentage points of difference"),
        (1.0, "oui ou non", "oui", "yes"),
        (2, "rang 1–3", "2 sur 3, 1 étant la meilleure note", "2 out of 3, 1 being the best rating"),
        (0, "retard 0–5", "0 sur 5, 0 étant l’absence de retard", "0 out of 5, 0 being never late"),
        (0.0188, "indice", "0,019, valeur normalisée", "0.019, normalised value"),
        (22.782, "ans", "23 ans", "23 years"),
        (1.5, "ans", "1,5 an", "1.5 years"),
        (3.24, "ans", "3,2 ans", "3.2 years"),
    ],
)
def test_say_value_says_marks_shares_and_years_as_people_do(value: float, unit: str, french: str, english: str) -> None:
    """Shares in percent, ages in whole years, and which end of a scale is the good one."""
    assert (french, english) == (say_value(value, unit).replace(NARROW_SPACE, " "), say_value(value, unit, "en"))


@pytest.mark.parametrize(
    ("periods", "effort", "incomes", "term"),
    [
        (("mois", "mois"), "25 %", "3,5 mois de revenu", "24 mois"),
        (("an", "mois"), "300 %", "3,5 ans de revenu", "24 mois"),
        (("an", "an"), "25 %", "3,5 ans de revenu", "24 ans"),
    ],
)
def test_say_value_follows_the_periods_of_the_contract(
    periods: tuple[str, str], effort: str, incomes: str, term: str
) -> None:
    """An instalment over an income is a share of the income of the same time, whatever each is given by."""
    changes = dict(zip(("income_period", "annuity_period"), periods, strict=True))
    conventions = Conventions.model_validate(CONVENTIONS.model_dump() | changes)
    told = [
        say_value_by(value, unit, conventions).replace(NARROW_SPACE, " ")
        for value, unit in ((0.25, "effort"), (3.5, "revenus"), (24.0, "échéances"))
    ]

    assert told == [effort, incomes, term]
