"""The decision: probability against threshold, reasons, and where the answer comes from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend import wording
from frontend.figures import reasons_figure, risk_figure
from frontend.form import application_of
from frontend.population import share_below
from frontend.views import visit
from frontend.views.desk import forget_desk
from frontend.views.drawing import draw, ink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.answers import Answer
    from frontend.views.desk import Desk


def show_decision(desk: Desk) -> None:
    """Draw the tab."""
    outcome = visit.outcome()
    if outcome is None:
        st.info(wording.NO_DECISION, icon=":material/info:")
        return
    answer = outcome.answer
    if outcome.application != application_of(desk.form, visit.entries(desk)):
        st.info(wording.STALE, icon=":material/edit_note:")
    if answer.threshold != desk.contract["decision"]["threshold"]:
        forget_desk()
        st.info(wording.MODEL_CHANGED, icon=":material/update:")
    _show_verdict(answer, desk.contract)
    _show_reasons(answer)
    _show_origin(outcome)


def _show_verdict(answer: Answer, contract: Mapping[str, Any]) -> None:
    icon = ":material/block:" if answer.refused else ":material/check_circle:"
    st.subheader(f"{icon} {wording.say_decision(answer)}", anchor=False)
    band = contract["decision"]["review_band"]
    figure = risk_figure(answer, band, ink=ink())
    st.markdown(figure.alternative)
    draw(figure)
    st.caption(wording.say_band(band))
    if band[0] <= answer.default_probability <= band[1]:
        st.warning(wording.say_review(band), icon=":material/person_search:")
    share = share_below(contract["reference"]["probability"], answer.default_probability, low=0.0, high=1.0)
    st.markdown(wording.say_rank(share))


def _show_reasons(answer: Answer) -> None:
    st.subheader("Pourquoi", anchor=False)
    draw(reasons_figure(answer.reasons, ink=ink()))
    st.markdown("\n".join(f"1. {reason.sentence}" for reason in answer.reasons))
    st.caption(wording.CONTRIBUTION_NOTE)


def _show_origin(outcome: visit.Outcome) -> None:
    answer = outcome.answer
    with st.expander(wording.ORIGIN):
        st.table(
            {
                "": ["Modèle", "Répondu le", "Calcul", "Aller-retour", "Requête"],
                " ": [
                    answer.version,
                    wording.say_instant(answer.answered_at),
                    wording.say_milliseconds(answer.computing_ms),
                    wording.say_milliseconds(outcome.round_trip_ms),
                    answer.request_id,
                ],
            },
            hide_index=True,
            hide_header=True,
            border="horizontal",
        )
