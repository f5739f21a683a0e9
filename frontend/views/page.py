"""The page as a whole: where the answers come from, and the tabs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from frontend import wording
from frontend.errors import FrontendError
from frontend.views.decision import show_decision
from frontend.views.desk import open_desk
from frontend.views.dossier import show_dossier
from frontend.views.model import show_model
from frontend.views.visit import TAB

if TYPE_CHECKING:
    from frontend.views.desk import Desk

STYLE = Path(__file__).with_name("style.css")


def show_page() -> None:
    """Draw the page, or say why it cannot be drawn."""
    st.set_page_config(page_title=wording.TITLE, page_icon="🏦", layout="centered")
    st.html(STYLE)
    st.title(wording.TITLE, anchor=False)
    st.markdown(wording.SUBTITLE)
    try:
        desk = open_desk()
    except FrontendError as error:
        st.error(wording.say_trouble(error), icon=":material/cloud_off:")
        st.button(wording.RETRY, type="primary")
        return
    st.caption(f":material/lan: {wording.say_connection(desk.connection.address)}")
    _show_tabs(desk)


def _show_tabs(desk: Desk) -> None:
    dossier, decision, model = st.tabs(
        [wording.TAB_FILE, wording.TAB_DECISION, wording.TAB_MODEL], key=TAB, on_change="rerun"
    )
    # The form is drawn even when hidden: a widget that is not drawn would lose what is being typed in it.
    with dossier:
        show_dossier(desk)
    if decision.open:
        with decision:
            show_decision(desk)
    if model.open:
        with model:
            show_model(desk.contract)
