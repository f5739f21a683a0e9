"""The page as a whole: language, where the answers come from, and the tabs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from frontend.api.errors import FrontendError
from frontend.sentences.origins import say_connection, say_provenance
from frontend.views import session
from frontend.views.application import show_application
from frontend.views.batch import show_batch
from frontend.views.clients import show_clients
from frontend.views.decision import show_decision
from frontend.views.drawing import show_error
from frontend.views.model import show_model
from frontend.views.policy import show_policy
from frontend.views.queue import show_queue
from frontend.views.snapshot import current_snapshot
from frontend.views.what_if import show_what_if
from frontend.wording.words import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from frontend.applications.snapshot import Snapshot

STYLE = Path(__file__).with_name("style.css")
_NAMES = {"fr": "Français", "en": "English"}
# Screen readers choose a voice by the language of the document, which Streamlit leaves English.
_LANGUAGE_SCRIPT = "<script>document.documentElement.lang = '{language}';</script>"
_VIEWS: Final[dict[str, Callable[[Snapshot], None]]] = {
    "client": show_clients,
    "application": show_application,
    "decision": show_decision,
    "queue": show_queue,
    "what_if": show_what_if,
    "batch": show_batch,
    "policy": show_policy,
    "model": show_model,
}


def show_page() -> None:
    """Draw the page, or say why it cannot be drawn."""
    st.set_page_config(page_title="Prêt à dépenser", page_icon="🏦", layout="wide")
    st.html(STYLE)
    session.keep_typed()
    words = session.words()
    st.html(_LANGUAGE_SCRIPT.format(language=session.language()), unsafe_allow_javascript=True)
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.title(words("page.title"), anchor=False, width="content")
        _show_language()
    st.markdown(words("page.subtitle"))
    try:
        snapshot = current_snapshot()
    except FrontendError as error:
        show_error(error, "page")
        return
    session.follow_language(snapshot)
    st.markdown(f":material/science: {say_provenance(snapshot.contract['identity'], words)}")
    st.caption(f":material/lan: {say_connection(snapshot.connection.address, words)}")
    if snapshot.newer:
        st.info(words("page.newer", schema=snapshot.contract["schema_version"]), icon=":material/upgrade:")
    _show_tabs(snapshot)


def _show_language() -> None:
    st.segmented_control(
        session.words()("page.language"),
        LANGUAGES,
        format_func=lambda one: _NAMES[one],
        default=LANGUAGES[0],
        required=True,
        key=session.LANGUAGE,
        label_visibility="collapsed",
        bind="query-params",
    )


def _show_tabs(snapshot: Snapshot) -> None:
    words = session.words()
    tabs = st.tabs([words(f"tab.{name}") for name in session.TABS], key=session.tab_key(), on_change="rerun")
    for name, tab in zip(session.TABS, tabs, strict=True):
        # Forms are drawn even when hidden: a widget that is not drawn would lose what is being typed in it.
        if tab.open or name in session.FORMS:
            with tab:
                _VIEWS[name](snapshot)
