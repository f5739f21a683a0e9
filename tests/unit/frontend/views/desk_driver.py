"""Moves the officer's part of the page that Streamlit's AppTest runs."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import streamlit as st

from frontend.desk.cases import Verdict
from frontend.desk.store import DecisionStore
from tests.unit.frontend.page_reader import WORDS, button, go_to

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

LIMIT = 500_000.0
CLIENT = "100010"
OTHER = "100028"
SCORE, SIGN, KEEP = (WORDS(key) for key in ("client.score", "desk.sign", "desk.keep"))


def the_store() -> DecisionStore:
    """Return the page's database as a colleague's session opens it."""
    return DecisionStore(os.environ["DECISIONS_URL"], four_eyes_amount=LIMIT)


def move_database(url: str) -> None:
    """Put the page before another database, as if what was behind the address had changed."""
    os.environ["DECISIONS_URL"] = url
    st.cache_resource.clear()


def open_client(page: AppTest, number: str = CLIENT) -> AppTest:
    """Open a client's file by its number."""
    go_to(page, "client")
    return page.selectbox(key="client_choisi").select(number).run()


def score_client(page: AppTest, number: str = CLIENT) -> AppTest:
    """Score a client: the decision opens, the proposal is kept."""
    open_client(page, number)
    return button(page, SCORE).click().run()


def enter(page: AppTest, *, officer: str, verdict: str, reason: str, comment: str = "") -> AppTest:
    """Fill the officer's form without signing."""
    page.text_input(key="agent").set_value(officer)
    page.segmented_control[-1].set_value(Verdict(verdict))
    next(one for one in page.selectbox if one.label == WORDS("desk.reason")).set_value(reason)
    the_comment(page).set_value(comment)
    return page.run()


def the_comment(page: AppTest) -> object:
    """Return the widget of the comment."""
    return next(one for one in page.text_area if one.label == WORDS("desk.comment"))
