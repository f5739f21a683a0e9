"""Numbers as readers of each language write and read them: the page writes none in another way."""

from __future__ import annotations

import math
from dataclasses import dataclass

NARROW_SPACE = "\u202f"
MINUS = "\u2212"
# Where a rate is one of nobody: not applicable is no zero.
NOT_APPLICABLE = "–"


@dataclass(frozen=True, slots=True)
class Marks:
    """What a language puts between the digits of a number."""

    thousands: str
    decimal: str
    percent: str

    def written(self, text: str) -> str:
        """Return a number that Python wrote, as the language writes it."""
        return text.translate({ord(","): self.thousands, ord("."): self.decimal})


FRENCH = Marks(thousands=NARROW_SPACE, decimal=",", percent=f"{NARROW_SPACE}%")
ENGLISH = Marks(thousands=",", decimal=".", percent="%")
_NOT_PART_OF_A_NUMBER = str.maketrans("", "", " \u00a0\u202f%")


def say_number(number: float, decimals: int, marks: Marks = FRENCH) -> str:
    """Return `number` with its thousands apart, and no more decimals than it needs.

    >>> say_number(1234567.5, 2).replace(NARROW_SPACE, " "), say_number(1234567.5, 2, ENGLISH)
    ('1 234 567,5', '1,234,567.5')
    >>> say_number(-0.0001, 2)
    '0'
    """
    text = f"{number:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return marks.written("0" if text == "-0" else text)


def say_fixed(number: float, decimals: int, marks: Marks = FRENCH) -> str:
    """Return `number` with exactly that many decimals, so that numbers in a column compare.

    >>> say_fixed(0.5, 3)
    '0,500'
    """
    return marks.written(f"{number:,.{decimals}f}")


def say_signed(number: float, decimals: int, marks: Marks = FRENCH) -> str:
    """Return a difference with its sign, however small.

    >>> say_signed(0.4, 2), say_signed(-0.001, 2), say_signed(0, 2)
    ('+0,40', '−0,00', '±0,00')
    """
    sign = "+" if number > 0 else MINUS if number < 0 else "±"
    return f"{sign}{say_fixed(abs(number), decimals, marks)}"


def say_quantity(number: float, decimals: int, unit: str, marks: Marks = FRENCH) -> str:
    """Return `number` and its unit, kept on one line; without a unit, the number alone.

    >>> say_quantity(1234.5, 1, "F").replace(NARROW_SPACE, " "), say_quantity(0.5, 3, "")
    ('1 234,5 F', '0,5')
    """
    return f"{say_number(number, decimals, marks)}{NARROW_SPACE if unit else ''}{unit}"


def say_interval(low: str, high: str) -> str:
    """Return both ends of an interval, already written.

    >>> say_interval(say_fixed(0.5, 2), say_fixed(0.6, 2))
    '0,50 – 0,60'
    """
    return f"{low} – {high}"


def say_percent(share: float, decimals: int = 1, marks: Marks = FRENCH) -> str:
    """Return a share of one as a percentage.

    >>> say_percent(0.0915).replace(NARROW_SPACE, " "), say_percent(0.0915, 1, ENGLISH)
    ('9,2 %', '9.2%')
    """
    return f"{say_fixed(share * 100, decimals, marks)}{marks.percent}"


def telling_decimals(first: float, second: float, *, least: int = 1, most: int = 6) -> int:
    """Return how many decimals two percentages need to be told apart.

    >>> telling_decimals(0.09121, 0.09124)
    3
    """
    for decimals in range(least, most):
        if say_fixed(first * 100, decimals) != say_fixed(second * 100, decimals):
            return decimals
    return most if first != second else least


def read_number(text: str, marks: Marks = FRENCH) -> float | None:
    """Return the number a person wrote, or None when it is not one.

    For a French reader a comma is decimal, and so is a point unless a comma follows it; for an English one, commas
    part thousands.

    >>> read_number("450 000"), read_number("0,53"), read_number("1.234,5"), read_number("beaucoup")
    (450000.0, 0.53, 1234.5, None)
    >>> read_number("450,000.5", ENGLISH)
    450000.5
    """
    plain = text.translate(_NOT_PART_OF_A_NUMBER).replace(MINUS, "-")
    if marks.decimal == ",":
        plain = plain.replace(".", "").replace(",", ".") if "," in plain else plain
    else:
        plain = plain.replace(",", "")
    try:
        number = float(plain.replace("_", "?"))  # Python reads 1_000, no person writes it
    except ValueError:
        return None
    return number if math.isfinite(number) else None
