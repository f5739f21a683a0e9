"""What every run of the page needs and none makes anew: the connection and what is known of the API."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from frontend.api import connection
from frontend.applications.snapshot import Desk, DeskKeeper
from frontend.settings import Settings, read_settings
from frontend.views import session


def open_desk() -> Desk:
    """Return the desk, read at the first visit and shared by all.

    Raises
    ------
    FrontendError
        When the API cannot be reached or read; the next run tries again.
    """
    with st.spinner(session.words()("page.waking_up"), show_time=True):
        return _keeper(page_settings()).desk()


def forget_desk() -> None:
    """Read the contract again at the next run."""
    _keeper(page_settings()).forget()


def page_settings() -> Settings:
    """Return the settings from Streamlit's secrets and the environment."""
    try:
        return read_settings(dict(st.secrets))
    except StreamlitSecretNotFoundError:
        return read_settings({})


@st.cache_resource(show_spinner=False)
def _keeper(settings: Settings) -> DeskKeeper:
    return DeskKeeper(connection.connect(settings))
