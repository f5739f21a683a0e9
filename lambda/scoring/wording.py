"""How a value is said to a person: in its unit, in French or in English."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from scoring.contract import MONEY
from scoring.numerals import DAYS_A_YEAR, ENGLISH, FRENCH, NARROW_SPACE, TWO_YEARS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.contract import Conventions, Period, Rule, Text
    from scoring.features import Value
    from scoring.numerals import Numerals

type Language = Literal["fr", "en"]

_A_YEAR: Final[Mapping[Period, int]] = {"mois": 12, "an": 1}
# From so many years on, tenths of a year say nothing.
_WHOLE_YEARS: Final = 10
# From so many percent on, tenths of a percent say nothing.
_WHOLE_PERCENT: Final = 10
_THOUSAND: Final = 1000
_TENTH: Final = 0.1


@dataclass(frozen=True, slots=True)
class _Noun:
    """A noun in the number that a quantity asks for."""

    one: str
    many: str


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of a language.

    Attributes
    ----------
    is_one
        Whether a quantity takes the singular: below two in French, one alone in English.
    scales
        What follows a mark on a scale, by the word that its unit begins with.
    plain
        What follows a number of a unit that needs no other care.
    """

    unknown: str
    quoted: str
    yes: str
    no: str
    before: str
    less_than: str
    day: _Noun
    periods: Mapping[Period, _Noun]
    of_income: str
    points: str
    scales: Mapping[str, str]
    plain: Mapping[str, str]
    rule: str
    numerals: Numerals
    is_one: Callable[[float], bool]

    def counted(self, number: str, quantity: float, noun: _Noun) -> str:
        """Return a number, already written, with its noun."""
        return f"{number} {noun.one if self.is_one(quantity) else noun.many}"


WORDS: Final[dict[str, _Words]] = {
    "fr": _Words(
        unknown="non communiqué",
        quoted="« {} »",
        yes="oui",
        no="non",
        before="{} avant la demande",
        less_than="moins de {}",
        day=_Noun("jour", "jours"),
        periods={"mois": _Noun("mois", "mois"), "an": _Noun("an", "ans")},
        of_income="{} de revenu",
        points=" points d’écart",
        scales={
            "note": "{} sur {}",
            "rang": "{} sur {}, 1 étant la meilleure note",
            "retard": "{} sur {}, 0 étant l’absence de retard",
        },
        plain={
            "indice": ", valeur normalisée",
            "heures": " h",
            "jours d’écart": " jours d’écart",
        },
        rule="{} Champs concernés : {} (règle {}).",
        numerals=FRENCH,
        is_one=lambda quantity: abs(quantity) < 2,  # noqa: PLR2004  the rule of French
    ),
    "en": _Words(
        unknown="not given",
        quoted="“{}”",
        yes="yes",
        no="no",
        before="{} before the application",
        less_than="less than {}",
        day=_Noun("day", "days"),
        periods={"mois": _Noun("month", "months"), "an": _Noun("year", "years")},
        of_income="{} of income",
        points=" percentage points of difference",
        scales={
            "note": "{} out of {}",
            "rang": "{} out of {}, 1 being the best rating",
            "retard": "{} out of {}, 0 being never late",
        },
        plain={
            "indice": ", normalised value",
            "heures": " h",
            "jours d’écart": " days of difference",
        },
        rule="{} Fields concerned: {} (rule {}).",
        numerals=ENGLISH,
        is_one=lambda quantity: abs(quantity) == 1,
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


def say_number(number: float, language: Language = "fr") -> str:
    """Return a number without a unit: whole from a thousand on, three decimals below a tenth, two between.

    >>> say_number(1234.5, "en"), say_number(0.0188), say_number(3.0)
    ('1,234', '0,019', '3')
    """
    if abs(number) >= _THOUSAND:
        return _say(number, 0, language)
    return _say(number, 3 if abs(number) < _TENTH else 2, language)


def say_value(value: Value, unit: str, conventions: Conventions, language: Language = "fr") -> str:
    """Return `value` as a reader of the language writes it.

    >>> from scoring.contract import Conventions, Text
    >>> ours = Conventions(currency=Text(fr="F", en="F"), income_period="mois", annuity_period="mois")
    >>> say_value(450000.0, "monnaie", ours).replace(NARROW_SPACE, " ")
    '450 000 F'
    >>> say_value(-15000, "jours", ours), say_value(-1000, "jours", ours, "en")
    ('41 ans avant la demande', '2.7 years before the application')
    >>> say_value(0.43, "part", ours).replace(NARROW_SPACE, " "), say_value(2, "rang 1–3", ours, "en")
    ('43 %', '2 out of 3, 1 being the best rating')
    >>> say_value(None, "monnaie", ours)
    'non communiqué'
    """
    words = WORDS[language]
    if value is None:
        return words.unknown
    if isinstance(value, str):
        return say_category(value, language)
    if unit in _SAYERS:
        return _SAYERS[unit](value, conventions, language)
    scale, _, ends = unit.partition(" ")
    if scale in words.scales:  # "note 0–5": the value is read against the top of its scale
        return words.scales[scale].format(say_number(value, language), ends.partition("–")[2])
    return say_number(value, language) + words.plain.get(unit, "")


def _say_days(days: float, conventions: Conventions, language: Language) -> str:
    """Say a duration in days; the data counts what lies before the application as negative."""
    words, length = WORDS[language], abs(days)
    if length >= TWO_YEARS:
        said = _say_years(length / DAYS_A_YEAR, conventions, language)
    else:
        said = words.counted(_say(length, 0, language), round(length) or math.ceil(length), words.day)
    return words.before.format(said) if days < 0 else said


def _say_months(months: float, _: Conventions, language: Language) -> str:
    said = _say_periods(abs(months), "mois", language)
    return WORDS[language].before.format(said) if months < 0 else said


def _say_years(years: float, _: Conventions, language: Language) -> str:
    return _say_periods(float(round(years)) if abs(years) >= _WHOLE_YEARS else years, "an", language)


def _say_money(amount: float, conventions: Conventions, language: Language) -> str:
    return f"{say_number(amount, language)}{NARROW_SPACE}{say_text(conventions.currency, language)}"


def _say_effort(ratio: float, conventions: Conventions, language: Language) -> str:
    """Say an instalment over an income as a share of the income of the same time."""
    share = ratio * _A_YEAR[conventions.annuity_period] / _A_YEAR[conventions.income_period]
    return _say_share(share, conventions, language)


def _say_incomes(ratio: float, conventions: Conventions, language: Language) -> str:
    """Say an amount over an income as the time in which that income is earned."""
    said = _say_periods(ratio, conventions.income_period, language)
    return WORDS[language].of_income.format(said)


def _say_annuities(ratio: float, conventions: Conventions, language: Language) -> str:
    """Say an amount over an instalment as the time in which that many instalments are paid."""
    return _say_periods(ratio, conventions.annuity_period, language)


def _say_share(share: float, _: Conventions, language: Language) -> str:
    """Say a share of one in percent, with a tenth where it is small."""
    percent = 100 * share
    decimals = 0 if abs(percent) >= _WHOLE_PERCENT else 1
    return f"{_say(percent, decimals, language)}{WORDS[language].numerals.percent_sign}"


def _say_points(difference: float, _: Conventions, language: Language) -> str:
    """Say a difference of two shares."""
    return f"{_say(100 * difference, 1, language)}{WORDS[language].points}"


def _say_answer(share: float, _: Conventions, language: Language) -> str:
    """Say the share of one case in which something was so."""
    return say_flag(share, language)


_SAYERS: Final[Mapping[str, Callable[[float, Conventions, Language], str]]] = {
    MONEY: _say_money,
    "effort": _say_effort,
    "revenus": _say_incomes,
    "échéances": _say_annuities,
    "jours": _say_days,
    "mois": _say_months,
    "ans": _say_years,
    "part": _say_share,
    "points d’écart": _say_points,
    "oui ou non": _say_answer,
}


def _say_periods(count: float, period: Period, language: Language) -> str:
    words = WORDS[language]
    return words.counted(_say(count, 1, language), round(count, 1), words.periods[period])


def _say(number: float, decimals: int, language: Language) -> str:
    """Write a number with so many decimals, none where they are all zero; a little is never written as nothing."""
    rounded = round(number, decimals)
    if number > 0 == rounded:
        return WORDS[language].less_than.format(_say(10**-decimals, decimals, language))
    if float(rounded).is_integer():
        decimals = 0
    # Adding zero turns a negative zero into zero.
    return WORDS[language].numerals.say(rounded + 0.0, f",.{decimals}f")
