"""What the page's tests share: a fake API, its contract, and the page in front of it."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from frontend.figures.chart import Theme
from frontend.wording.words import words_of
from tests.unit.frontend.evidence_builder import an_evidence
from tests.unit.frontend.fake_api import ANSWER, CONTRACT, FakeApi, an_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from frontend.api.connection import Connection
    from frontend.settings import Settings
    from frontend.wording.words import Words

APP = Path(__file__).resolve().parents[3] / "frontend" / "app.py"


@pytest.fixture
def contract() -> dict[str, Any]:
    """Return a contract with one input of each kind, two tables, and a few features."""
    return copy.deepcopy(CONTRACT)


@pytest.fixture
def answer_body() -> dict[str, Any]:
    """Return a refusal with two reasons, as the API writes it."""
    return copy.deepcopy(ANSWER)


@pytest.fixture
def fake_api() -> FakeApi:
    """Return an API under the test's control."""
    return FakeApi()


@pytest.fixture
def make_input() -> Callable[..., dict[str, Any]]:
    """Return the builder of inputs."""
    return an_input


@pytest.fixture
def words() -> Words:
    """Return the page's words in French."""
    return words_of("fr")


@pytest.fixture
def theme(words: Words) -> Theme:
    """Return what figures are written with."""
    return Theme(words, "#000000", "#ffffff")


@pytest.fixture
def evidence() -> dict[str, Any]:
    """Return the evidence behind a decision rule, counted over ten thousand made-up applications."""
    return an_evidence()


@pytest.fixture
def page(fake_api: FakeApi, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AppTest]:
    """Return the page, not yet run, in front of the fake API and of a database of its own."""

    def connect(_: Settings) -> Connection:
        return fake_api.connection()

    monkeypatch.setattr("frontend.api.connection.connect", connect)
    monkeypatch.setenv("DECISIONS_URL", f"sqlite:///{tmp_path / 'decisions.db'}")
    st.cache_resource.clear()
    yield AppTest.from_file(str(APP), default_timeout=20)
    st.cache_resource.clear()
