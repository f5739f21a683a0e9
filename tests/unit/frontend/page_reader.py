"""Reads and moves the page that Streamlit's AppTest runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frontend.wording.words import words_of

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

WORDS = words_of("fr")
SUBMIT, FILL, CLEAR, RETRY = (WORDS(key) for key in ("form.submit", "form.fill", "form.clear", "page.retry"))


def button(page: AppTest, label: str) -> Any:  # noqa: ANN401  AppTest's elements are untyped
    """Return a button by its text."""
    return next(one for one in page.button if one.label == label)


def field(page: AppTest, name: str) -> Any:  # noqa: ANN401  AppTest's elements are untyped
    """Return the widget of an input; its key ends in the input's name."""
    return next(one for one in [*page.text_input, *page.selectbox] if str(one.key).endswith(f"_{name}"))


def go_to(page: AppTest, tab: str) -> AppTest:
    """Open a tab."""
    page.session_state["onglet_fr"] = WORDS(f"tab.{tab}")
    return page.run()


def fill_typical(page: AppTest) -> AppTest:
    """Put the first sample in the form."""
    page.run()
    return button(page, FILL).click().run()


def submit(page: AppTest) -> AppTest:
    """Send the form."""
    return button(page, SUBMIT).click().run()


def shown(page: AppTest) -> str:
    """Return all text that the page shows."""
    parts = [
        *page.title,
        *page.header,
        *page.subheader,
        *page.markdown,
        *page.caption,
        *page.info,
        *page.warning,
        *page.error,
    ]
    return "\n".join(str(part.value) for part in parts)
