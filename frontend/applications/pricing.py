"""What a probability of default costs, and the rate at which a credit pays for it: read only, it decides nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Price:
    """What one credit costs its lender.

    Attributes
    ----------
    expected_loss
        In money: probability of default times loss given default times exposure.
    break_even_rate
        A year: below it the credit loses money on average; None where default is certain.
    """

    expected_loss: float
    break_even_rate: float | None


def price(
    default_probability: float, *, exposure: float, loss_given_default: float, funding_rate: float, years: float
) -> Price:
    """Return the expected loss of a credit and its break-even rate.

    The rate R over the life of the credit makes ``(1 - PD) (1 + R) + PD (1 - LGD)`` equal to what the money costs,
    ``(1 + f) ** years``; a year's rate is the one that compounds to R. The whole exposure counts until the end: an
    amortising credit breaks even at less.

    Parameters
    ----------
    loss_given_default
        Share of the exposure that is lost, between 0 and 1.
    funding_rate
        What the money costs a year.

    >>> told = price(0.1, exposure=1000.0, loss_given_default=0.5, funding_rate=0.0, years=1.0)
    >>> round(told.expected_loss, 2), round(told.break_even_rate or 0, 4)
    (50.0, 0.0556)
    """
    expected_loss = default_probability * loss_given_default * exposure
    if default_probability >= 1:
        return Price(expected_loss, None)
    owed = (1 + funding_rate) ** years - default_probability * (1 - loss_given_default)
    return Price(expected_loss, (owed / (1 - default_probability)) ** (1 / years) - 1)
