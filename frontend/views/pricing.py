"""The price of the risk of the application that was scored last: what is expected to be lost, and what pays for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from frontend.applications.pricing import price
from frontend.views import session
from frontend.views.drawing import heading, show_metrics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.applications.form import Value
    from frontend.applications.snapshot import Snapshot

# Where nothing is known of them: an unsecured consumer credit.
_LOSS, _FUNDING = 0.6, 0.03
# Of a list, whose numbers are written in the language of the page; a plain slider has that of the browser.
_LOSSES = [share / 100 for share in range(101)]
_FUNDINGS = [quarter / 400 for quarter in range(61)]
_MONTHS = 12


def show_pricing(snapshot: Snapshot) -> None:
    """Draw expected loss and break-even rate, where an application was scored and says its amount."""
    words, scored = session.words(), session.scored()
    heading(words("pricing.title"))
    terms = snapshot.contract.get("terms")
    amount = _number(scored.application, terms["amount"]) if scored and terms else None
    if scored is None or not terms or not amount:
        st.info(words("pricing.none"), icon=":material/info:")
        return
    loss = st.select_slider(
        words("pricing.loss"), _LOSSES, _LOSS, format_func=lambda share: words.percent(share, 0), key="prix_perte"
    )
    funding = st.select_slider(
        words("pricing.funding"),
        _FUNDINGS,
        _FUNDING,
        format_func=lambda rate: words.percent(rate, 2),
        key="prix_argent",
    )
    instalment = _number(scored.application, terms["instalment"])
    years = amount / instalment / _MONTHS if instalment else 1.0
    told = price(
        scored.answer.default_probability,
        exposure=amount,
        loss_given_default=loss,
        funding_rate=funding,
        years=years,
    )
    show_metrics(
        {
            "pricing.exposure": words.number(amount),
            "pricing.years": words.fixed(years, 1),
            "pricing.expected": words.number(told.expected_loss),
            "pricing.rate": words.rate(told.break_even_rate),
        }
    )
    st.caption(words("pricing.how"))


def _number(application: Mapping[str, Value], name: str) -> float | None:
    value = application.get(name)
    return float(value) if isinstance(value, int | float) else None
