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

# Where nothing is known of them: an unsecured consumer credit, in per cent.
_LOSS, _FUNDING = 60, 3.0
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
    loss = st.slider(words("pricing.loss"), 0, 100, _LOSS, format="%d %%", key="prix_perte")
    funding = st.slider(words("pricing.funding"), 0.0, 15.0, _FUNDING, 0.25, format="%.2f %%", key="prix_argent")
    instalment = _number(scored.application, terms["instalment"])
    years = amount / instalment / _MONTHS if instalment else 1.0
    told = price(
        scored.answer.default_probability,
        exposure=amount,
        loss_given_default=loss / 100,
        funding_rate=funding / 100,
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
