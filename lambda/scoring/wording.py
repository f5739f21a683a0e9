"""How a value is said to a person: in its unit, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.features import Value

NARROW_SPACE = "\u202f"
SCALE = "note "
UNKNOWN = "non communiqué"
DAYS_A_YEAR = 365.25
TWO_YEARS = 730


def say_value(value: Value, unit: str) -> str:
    """Return `value` as a French reader writes it.

    >>> say_value(450000.0, "EUR").replace(NARROW_SPACE, " ")
    '450 000 €'
    >>> say_value(-15000, "jours")
    '41,1 ans avant la demande'
    >>> say_value(None, "EUR")
    'non communiqué'
    """
    if value is None:
        return UNKNOWN
    if isinstance(value, str):
        return f"« {value} »"
    if unit == "jours":
        return _say_moment(_say_days(abs(value)), value)
    if unit == "mois":
        return _say_moment(f"{_say_number(abs(value))} mois", value)
    return f"{_say_number(value)}{_suffix(unit)}"


def _say_moment(length: str, value: float) -> str:
    """Say when something was; the data counts what lies before the application as negative."""
    return f"{length} avant la demande" if value < 0 else length


def _say_days(days: float) -> str:
    if days >= TWO_YEARS:
        return f"{_say_number(days / DAYS_A_YEAR, 1)} ans"
    return f"{_say_number(days, 0)} jour{'s' if round(days) > 1 else ''}"


def _say_number(number: float, decimals: int | None = None) -> str:
    """Group thousands, put a comma; large values need no decimals, small ones three."""
    if decimals is None:
        decimals = 0 if float(number).is_integer() or abs(number) >= 1000 else 3  # noqa: PLR2004  taste, said above
    text = f"{number:,.{decimals}f}"
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def _suffix(unit: str) -> str:
    if unit.startswith(SCALE):  # "note 0–5": the value is read against the top of its scale
        return f" sur {unit.removeprefix(SCALE).partition('–')[2]}"
    return {"": "", "EUR": f"{NARROW_SPACE}€", "ratio": "", "nombre": ""}.get(unit, f" {unit}")
