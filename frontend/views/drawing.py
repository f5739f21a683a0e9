"""How figures are put on the page: with their alternative, and in the ink of the reader's theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from frontend.figures import Figure

INK_ON_LIGHT = "#1b2430"
INK_ON_DARK = "#eef2f6"


def ink() -> str:
    """Return the colour of text in figures."""
    return INK_ON_DARK if st.context.theme.type == "dark" else INK_ON_LIGHT


def draw(figure: Figure) -> None:
    """Draw a figure as wide as the page, with its text for screen readers."""
    st.vega_lite_chart(spec=figure.spec, width="stretch", alt=figure.alternative)
