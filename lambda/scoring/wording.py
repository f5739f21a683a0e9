"""How a value is said to a person: in its unit, in French or in English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from scoring.numerals import DAYS_A_YEAR, ENGLISH, FRENCH, NARROW_SPACE, TWO_YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.contract import Rule, Text
    from scoring.features import Value
    from scoring.numerals import Numerals

type Language = Literal["fr", "en"]

SCALE = "note "


@dataclass(frozen=True, slots=True)
class _Words:
    unknown: str
    quoted: str
    yes: str
    no: str
    before: str
    year: str
    month: str
    months: str
    day: str
    days: str
    euro: str
    out_of: str
    rule: str
    numerals: Numerals
    units: Mapping[str, str]


_PLAIN = {"": "", "ratio": "", "nombre": ""}
WORDS: Final[dict[str, _Words]] = {
    "fr": _Words(
        unknown="non communiqué",
        quoted="« {} »",
        yes="oui",
        no="non",
        before="{} avant la demande",
        year="ans",
        month="mois",
        months="mois",
        day="jour",
        days="jours",
        euro=f"{{}}{NARROW_SPACE}€",
        out_of="{} sur {}",
        rule="{} Champs concernés : {} (règle {}).",
        numerals=FRENCH,
        units=_PLAIN,
    ),
    "en": _Words(
        unknown="not given",
        quoted="“{}”",
        yes="yes",
        no="no",
        before="{} before the application",
        year="years",
        month="month",
        months="months",
        day="day",
        days="days",
        euro="€{}",
        out_of="{} out of {}",
        rule="{} Fields concerned: {} (rule {}).",
        numerals=ENGLISH,
        units=_PLAIN | {"ans": " years", "heures": " hours", "jours d’écart": " days of difference"},
    ),
}


def say_text(text: Text, language: Language = "fr") -> str:
    """Return a text of the contract in one of its languages."""
    return text.fr if language == "fr" else text.en


def say_rule(rule: Rule, language: Language = "fr") -> str:
    """Return what is wrong where a rule is broken, with the fields it is about and its stable code."""
    return WORDS[language].rule.format(say_text(rule.sentence, language), ", ".join(rule.fields), rule.code)


def say_flag(value: Value, language: Language = "fr") -> str:
    """Return yes for anything but zero.

    >>> say_flag(1), say_flag(0.0, "en")
    ('oui', 'no')
    """
    words = WORDS[language]
    return words.yes if value else words.no


def say_category(label: str, language: Language = "fr") -> str:
    """Return the label of a category as a quotation.

    >>> say_category("salarié")
    '« salarié »'
    """
    return WORDS[language].quoted.format(label)


def say_value(value: Value, unit: str, language: Language = "fr") -> str:
    """Return `value` as a reader of the language writes it.

    >>> say_value(450000.0, "EUR").replace(NARROW_SPACE, " ")
    '450 000 €'
    >>> say_value(-15000, "jours")
    '41,1 ans avant la demande'
    >>> say_value(-15000, "jours", "en")
    '41.1 years before the application'
    >>> say_value(None, "EUR")
    'non communiqué'
    """
    words = WORDS[language]
    if value is None:
        return words.unknown
    if isinstance(value, str):
        return say_category(value, language)
    if unit == "jours":
        return _say_moment(_say_days(abs(value), words), value, words)
    if unit == "mois":
        name = words.month if abs(value) == 1 else words.months
        return _say_moment(f"{_say_number(abs(value), words)} {name}", value, words)
    return _with_unit(_say_number(value, words), unit, words)


def _say_moment(length: str, value: float, words: _Words) -> str:
    """Say when something was; the data counts what lies before the application as negative."""
    return words.before.format(length) if value < 0 else length


def _say_days(days: float, words: _Words) -> str:
    if days >= TWO_YEARS:
        return f"{_say_number(days / DAYS_A_YEAR, words, 1)} {words.year}"
    return f"{_say_number(days, words, 0)} {words.days if round(days) > 1 else words.day}"


def _say_number(number: float, words: _Words, decimals: int | None = None) -> str:
    """Group thousands; large values need no decimals, small ones three."""
    if decimals is None:
        decimals = 0 if float(number).is_integer() or abs(number) >= 1000 else 3  # noqa: PLR2004  taste, said above
    return words.numerals.say(number, f",.{decimals}f")


def _with_unit(number: str, unit: str, words: _Words) -> str:
    if unit == "EUR":
        return words.euro.format(number)
    if unit.startswith(SCALE):  # "note 0–5": the value is read against the top of its scale
        return words.out_of.format(number, unit.removeprefix(SCALE).partition("–")[2])
    return number + words.units.get(unit, f" {unit}")
