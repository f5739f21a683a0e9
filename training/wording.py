"""Numbers, policies and distances as French documents write them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scoring.numerals import FRENCH, FRENCH_IN_PRINT

if TYPE_CHECKING:
    from scoring.contract import Estimate

TRIVIAL_POLICIES = {"accepter_tout": "tout accepter", "refuser_tout": "tout refuser"}
DISTANCES = {
    "acceptance_ratio": "rapport des taux d’acceptation",
    "false_refusal_difference": "écart des refus à tort",
    "calibration_gap": "plus grand écart de calibration",
}


def say_decimal(number: float, decimals: int = 4) -> str:
    """Return a number with a comma and, where it needs one, a minus; what rounds to nothing has no sign.

    >>> say_decimal(0.52191), say_decimal(-1.5, 1), say_decimal(-0.0004, 3)
    ('0,5219', '\u22121,5', '0,000')
    """
    return FRENCH_IN_PRINT.say(number, f"z.{decimals}f")


def say_signed(number: float, decimals: int = 2) -> str:
    """Return a difference with its sign.

    >>> say_signed(0.4), say_signed(-1.5, 1)
    ('+0,40', '\u22121,5')
    """
    return FRENCH_IN_PRINT.say(number, f"+.{decimals}f")


def say_count(number: int) -> str:
    """Return a whole number, thousands apart.

    >>> say_count(63374).replace("\u202f", " ")
    '63 374'
    """
    return FRENCH.say(number, ",")


def percent(share: float, decimals: int = 1) -> str:
    """Return a share in per cent.

    >>> percent(0.0807).replace("\u202f", " ")
    '8,1 %'
    """
    return FRENCH_IN_PRINT.percent(share, f"z.{decimals}f")


def say_estimate(estimate: Estimate, decimals: int = 4) -> str:
    """Return a figure with its interval, ``0,5219 [0,4954 ; 0,5504]``."""
    value, low, high = (say_decimal(one, decimals) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} [{low} ; {high}]"


def percent_estimate(estimate: Estimate, decimals: int = 1) -> str:
    """Return a share with its interval in per cent, ``23,1 [22,1 ; 24,0] %``."""
    value, low, high = (say_decimal(100 * one, decimals) for one in (estimate.value, estimate.low, estimate.high))
    return f"{value} [{low} ; {high}]{FRENCH_IN_PRINT.percent_sign}"
