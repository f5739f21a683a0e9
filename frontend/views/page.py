"""The page as a whole: language, where the answers come from, and the tabs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from frontend.errors import FrontendError
from frontend.sentences.decisions import say_connection
from frontend.views import visit
from frontend.views.batch import show_batch
from frontend.views.decision import show_decision
from frontend.views.desk import open_desk
from frontend.views.dossier import show_dossier
from frontend.views.drawing import show_trouble
from frontend.views.model import show_model
from frontend.views.policy import show_policy
from frontend.views.what_if import show_what_if
from frontend.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.desk import Desk

STYLE = Path(__file__).with_name("style.css")
_NAMES = {"fr": "Français", "en": "English"}
# Screen readers choose a voice by the language of the document, which Streamlit leaves English.
_LANGUAGE_SCRIPT = "<script>document.documentElement.lang = '{language}';</script>"
_VIEWS: Final[dict[str, Callable[[Desk], None]]] = {
    "dossier": show_dossier,
    "decision": show_decision,
    "what_if": show_what_if,
    "batch": show_batch,
    "policy": show_policy,
    "model": show_model,
}


def show_page() -> None:
    """Draw the page, or say why it cannot be drawn."""
    st.set_page_config(page_title="Prêt à dépenser", page_icon="🏦", layout="centered")
    st.html(STYLE)
    words = visit.words()
    st.html(_LANGUAGE_SCRIPT.format(language=visit.language()), unsafe_allow_javascript=True)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(words("page.title"), anchor=False, width="content")
        _show_language()
    st.markdown(words("page.subtitle"))
    try:
        desk = open_desk()
    except FrontendError as error:
        show_trouble(error, "page")
        return
    visit.follow_language(desk)
    st.caption(f":material/lan: {say_connection(desk.connection.address, words)}")
    if desk.newer:
        st.info(words("page.newer", schema=desk.contract["schema_version"]), icon=":material/upgrade:")
    _show_tabs(desk)


def _show_language() -> None:
    st.segmented_control(
        visit.words()("page.language"),
        LANGUAGES,
        format_func=lambda one: _NAMES[one],
        default=LANGUAGES[0],
        required=True,
        key=visit.LANGUAGE,
        label_visibility="collapsed",
        bind="query-params",
    )


def _show_tabs(desk: Desk) -> None:
    words = visit.words()
    tabs = st.tabs([words(f"tab.{name}") for name in visit.TABS], key=visit.tab_key(), on_change="rerun")
    for name, tab in zip(visit.TABS, tabs, strict=True):
        # The form is drawn even when hidden: a widget that is not drawn would lose what is being typed in it.
        if tab.open or name == visit.TABS[0]:
            with tab:
                _VIEWS[name](desk)
