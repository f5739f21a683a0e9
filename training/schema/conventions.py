"""Currency and periods: what the data does not say of its amounts, and labels and formulas name between braces."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Final

from scoring.contract import Conventions, PointScale
from training.schema.files import FOLDER

# French and English name of a period, and how many of them make a year.
_PERIODS: Final = {"mois": ("mois", "month", 12), "an": ("an", "year", 1)}


@cache
def load_conventions() -> Conventions:
    """Read the currency and the periods.

    Examples
    --------
    >>> load_conventions().income_period
    'mois'
    """
    return Conventions.model_validate(tomllib.loads((FOLDER / "conventions.toml").read_text(encoding="utf-8")))


@cache
def load_point_scale() -> PointScale:
    """Read the scale of points.

    Examples
    --------
    >>> load_point_scale().pdo
    20.0
    """
    return PointScale.model_validate(tomllib.loads((FOLDER / "points.toml").read_text(encoding="utf-8")))


def with_periods(label: str, *, french: bool) -> str:
    """Put the periods into a label.

    Examples
    --------
    >>> with_periods("Income per {income_period}", french=False)
    'Income per month'
    """
    conventions = load_conventions()
    place = 0 if french else 1
    return label.format(
        income_period=_PERIODS[conventions.income_period][place],
        annuity_period=_PERIODS[conventions.annuity_period][place],
    )


def with_annuities_a_year(expression: str) -> str:
    """Put the number of instalments of the credit a year into a formula.

    Examples
    --------
    >>> with_annuities_a_year("AMT_CREDIT / AMT_ANNUITY / {annuities_a_year}")
    'AMT_CREDIT / AMT_ANNUITY / 12'
    """
    *_, annuities_a_year = _PERIODS[load_conventions().annuity_period]
    return expression.format(annuities_a_year=annuities_a_year)
