"""What every run of the page needs and none makes anew: the connection and what is known of the API."""

from __future__ import annotations

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from frontend.api import connection
from frontend.applications.snapshot import Snapshot, SnapshotCache
from frontend.clients.sources import ClientSource, open_source
from frontend.desk.store import DecisionStore
from frontend.settings import Settings, read_settings
from frontend.views import session


def current_snapshot() -> Snapshot:
    """Return what is known of the API, read at the first run and shared by all sessions.

    Raises
    ------
    FrontendError
        When the API cannot be reached or read; the next run tries again.
    """
    with st.spinner(session.words()("page.waking_up"), show_time=True):
        return _cache(page_settings()).current()


def expire_snapshot() -> None:
    """Read the contract again at the next run."""
    _cache(page_settings()).expire()


def page_settings() -> Settings:
    """Return the settings from Streamlit's secrets and the environment."""
    try:
        return read_settings(dict(st.secrets))
    except StreamlitSecretNotFoundError:
        return read_settings({})


def client_source() -> ClientSource:
    """Return where clients are looked up.

    Raises
    ------
    ClientSourceError
        When it cannot be opened.
    """
    return _source(page_settings().client_source)


def decision_store() -> DecisionStore:
    """Return where decisions are kept.

    Raises
    ------
    StoreError
        When nothing speaks to its address.
    """
    settings = page_settings()
    return _store(settings.decisions_url, settings.four_eyes_amount)


@st.cache_resource(show_spinner=False)
def _store(url: str, four_eyes_amount: float) -> DecisionStore:
    return DecisionStore(url, four_eyes_amount=four_eyes_amount)


@st.cache_resource(show_spinner=False)
def _source(setting: str) -> ClientSource:
    return open_source(setting)


@st.cache_resource(show_spinner=False)
def _cache(settings: Settings) -> SnapshotCache:
    return SnapshotCache(connection.connect(settings))
