"""How figures and troubles are put on the page: with their alternative, and in the reader's language and theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.errors import FrontendError, RouteAbsentError
from frontend.figures.chart import Figure, Pen
from frontend.sentences.errors import say_trouble
from frontend.views import session

if TYPE_CHECKING:
    from collections.abc import Callable

# Ink and paper of each theme, as .streamlit/config.toml has them.
LIGHT = ("#1b2430", "#ffffff")
DARK = ("#eef2f6", "#11161d")


def pen() -> Pen:
    """Return what figures are written with."""
    ink, paper = DARK if st.context.theme.type == "dark" else LIGHT
    return Pen(session.words(), ink, paper)


def draw(figure: Figure) -> None:
    """Draw a figure as wide as the page, with its text for screen readers."""
    st.vega_lite_chart(spec=figure.spec, width="stretch", alt=figure.alternative)


def heading(text: str) -> None:
    """Write the title of a part of a tab."""
    st.subheader(text, anchor=False)


def show_trouble(error: FrontendError, key: str) -> None:
    """Say what happened, and offer to try again where that may help."""
    words = session.words()
    if isinstance(error, RouteAbsentError):
        st.info(words("page.unavailable"), icon=":material/info:")
        return
    st.error(say_trouble(error, words), icon=":material/cloud_off:")
    st.button(words("page.retry"), key=f"reessayer_{key}", icon=":material/refresh:")


def attempt[Asked](ask: Callable[[], Asked], key: str, *, waiting: str = "") -> Asked | None:
    """Return what the API answers, or show why it does not and return None."""
    try:
        if not waiting:
            return ask()
        with st.spinner(waiting, show_time=True):
            return ask()
    except FrontendError as error:
        show_trouble(error, key)
        return None
