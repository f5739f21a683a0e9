"""What every run of the page needs and none makes anew: the connection, the contract, the form, the samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.errors import StreamlitSecretNotFoundError

from frontend import connection
from frontend.errors import UnexpectedReplyError
from frontend.form import Form, read_form
from frontend.samples import Sample, make_samples
from frontend.settings import Settings, read_settings
from frontend.wording import WAKING_UP

if TYPE_CHECKING:
    from collections.abc import Mapping

# A model may be promoted while the page is open.
CONTRACT_LIFETIME_SECONDS = 600
READABLE_SCHEMA = "1."


@dataclass(frozen=True, slots=True)
class Desk:
    """The API, and what its contract says; read, never written."""

    connection: connection.Connection
    contract: Mapping[str, Any]
    form: Form
    samples: Mapping[str, Sample]


def open_desk() -> Desk:
    """Return the desk, made at the first visit and shared by all.

    Raises
    ------
    FrontendError
        When the API cannot be reached or read; the next run tries again.
    """
    return _read_desk(page_settings())


def forget_desk() -> None:
    """Read the contract again at the next run."""
    _read_desk.clear()


def page_settings() -> Settings:
    """Return the settings from Streamlit's secrets and the environment."""
    try:
        return read_settings(dict(st.secrets))
    except StreamlitSecretNotFoundError:
        return read_settings({})


@st.cache_resource(show_spinner=False)
def _open_connection(settings: Settings) -> connection.Connection:
    return connection.connect(settings)


@st.cache_resource(ttl=CONTRACT_LIFETIME_SECONDS, show_spinner=WAKING_UP)
def _read_desk(settings: Settings) -> Desk:
    opened = _open_connection(settings)
    contract = opened.client.contract()
    if not str(contract.get("schema_version", "")).startswith(READABLE_SCHEMA):
        raise UnexpectedReplyError("the contract is of another schema")
    try:
        samples = {sample.key: sample for sample in make_samples(contract)}
        return Desk(opened, contract, read_form(contract), samples)
    except (KeyError, TypeError, ValueError) as error:
        raise UnexpectedReplyError(f"the contract has no usable {error}") from error
