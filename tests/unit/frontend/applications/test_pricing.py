"""The price of risk: dearer with every probability, and what pays for it pays for it exactly."""

from __future__ import annotations

import pytest

from frontend.applications.pricing import price


@pytest.mark.parametrize("default_probability", [0.0, 0.03, 0.2, 0.9])
@pytest.mark.parametrize("years", [0.5, 1.0, 4.0])
def test_break_even_rate_breaks_even(default_probability: float, years: float) -> None:
    """At that rate, what comes back on average is what the money costs."""
    told = price(default_probability, exposure=1.0, loss_given_default=0.6, funding_rate=0.03, years=years)
    assert told.break_even_rate is not None
    back = (1 - default_probability) * (1 + told.break_even_rate) ** years + default_probability * 0.4

    assert back == pytest.approx(1.03**years)
    assert told.expected_loss == pytest.approx(default_probability * 0.6)


def test_certain_default_has_no_price() -> None:
    """Nothing pays for a loss that is certain."""
    assert price(1.0, exposure=1.0, loss_given_default=0.6, funding_rate=0.0, years=1.0).break_even_rate is None
