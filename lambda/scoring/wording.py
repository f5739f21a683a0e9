"""How a value is said to a person: in its unit, in French."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scoring.features import Value

NARROW_SPACE = "\u202f"
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
        return _say_days(value)
    return f"{_say_number(value)}{_suffix(unit)}"


def _say_days(days: float) -> str:
    """Say a duration; the data counts days before the application as negative."""
    size = abs(days)
    if size >= TWO_YEARS:
        length = f"{_say_number(size / DAYS_A_YEAR, 1)} ans"
    else:
        length = f"{_say_number(size, 0)} jour{'s' if round(size) > 1 else ''}"
    return f"{length} avant la demande" if days < 0 else length


def _say_number(number: float, decimals: int | None = None) -> str:
    """Group thousands, put a comma; large values need no decimals, small ones three."""
    if decimals is None:
        decimals = 0 if float(number).is_integer() or abs(number) >= 1000 else 3  # noqa: PLR2004  taste, said above
    text = f"{number:,.{decimals}f}"
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def _suffix(unit: str) -> str:
    return {"": "", "EUR": f"{NARROW_SPACE}€", "ratio": "", "nombre": ""}.get(unit, f" {unit}")
