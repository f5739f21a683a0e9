"""Numbers as a French reader writes and reads them."""

from __future__ import annotations

import math

NARROW_SPACE = "\u202f"
_NOT_PART_OF_A_NUMBER = str.maketrans("", "", " \u00a0\u202f€%")


def say_number(number: float, decimals: int) -> str:
    """Return `number` with a decimal comma, its thousands apart, and no more decimals than it needs.

    >>> say_number(1234567.5, 2).replace(NARROW_SPACE, " ")
    '1 234 567,5'
    >>> say_number(-0.0001, 2)
    '0'
    """
    text = f"{number:,.{decimals}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = "0" if text == "-0" else text
    return text.replace(",", NARROW_SPACE).replace(".", ",")


def say_fixed(number: float, decimals: int) -> str:
    """Return `number` with exactly that many decimals, so that figures in a column compare.

    >>> say_fixed(0.5, 3)
    '0,500'
    """
    return f"{number:,.{decimals}f}".replace(",", NARROW_SPACE).replace(".", ",")


def say_percent(share: float, decimals: int = 1) -> str:
    """Return a share of one as a percentage.

    >>> say_percent(0.0915).replace(NARROW_SPACE, " ")
    '9,2 %'
    """
    return f"{say_fixed(share * 100, decimals)}{NARROW_SPACE}%"


def telling_decimals(first: float, second: float, *, least: int = 1, most: int = 6) -> int:
    """Return how many decimals two percentages need to be told apart.

    >>> telling_decimals(0.09121, 0.09124)
    3
    """
    for decimals in range(least, most):
        if say_fixed(first * 100, decimals) != say_fixed(second * 100, decimals):
            return decimals
    return most if first != second else least


def read_number(text: str) -> float | None:
    """Return the number a person wrote, or None when it is not one.

    A comma is decimal; so is a point, unless a comma follows it.

    >>> read_number("450 000 €"), read_number("0,53"), read_number("1.234,5"), read_number("beaucoup")
    (450000.0, 0.53, 1234.5, None)
    """
    plain = text.translate(_NOT_PART_OF_A_NUMBER)
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    try:
        number = float(plain.replace("_", "?"))  # Python reads 1_000, no person writes it
    except ValueError:
        return None
    return number if math.isfinite(number) else None
