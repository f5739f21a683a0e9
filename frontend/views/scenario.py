"""The scenarios of a session: the one being changed, the one kept beside it, and what the API said of each.

They live in the session and not in widgets, which Streamlit forgets as soon as their tab is left.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frontend.applications.form import Value
    from frontend.views.session import ScoredApplication

_BASE = "scenario_dossier"
_CHANGED = "scenario"
_STARTED = "scenario_depart"
_KEPT = "scenario_a"
_ROUND = "scenario_tour"
_SHOWN = "scenario_champs"
_MEMORY = "scenario_reponses"
_MOST_REMEMBERED = 60


def start(scored: ScoredApplication) -> None:
    """Begin from a scored application, unless the scenarios already come from it."""
    if st.session_state.get(_BASE) != scored.answer.origin.request_id:
        st.session_state[_BASE] = scored.answer.origin.request_id
        st.session_state[_KEPT] = None
        change_to(scored.application)


def current() -> dict[str, Value]:
    """Return the scenario being changed."""
    return dict(st.session_state[_CHANGED])


def started() -> dict[str, Value]:
    """Return the scenario as the present widgets found it, which settles how far they reach."""
    return dict(st.session_state[_STARTED])


def kept() -> dict[str, Value] | None:
    """Return the scenario kept as A, if one is."""
    return st.session_state.get(_KEPT)


def keep() -> None:
    """Keep the present scenario as A."""
    st.session_state[_KEPT] = current()


def change_to(application: Mapping[str, Value]) -> None:
    """Replace the scenario; its widgets are made anew."""
    st.session_state[_CHANGED] = st.session_state[_STARTED] = dict(application)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def change(name: str, value: Value) -> None:
    """Change one value of the scenario."""
    st.session_state[_CHANGED] = {**current(), name: value}


def change_together(application: Mapping[str, Value]) -> None:
    """Change values that go together; their widgets are made anew, and reach as far as before."""
    several = sum(value != application.get(name) for name, value in current().items()) > 1
    st.session_state[_CHANGED] = dict(application)
    if several:
        st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1


def widget_key(name: str) -> str:
    """Return the key of a value's widget in this round."""
    return f"scenario_{st.session_state.get(_ROUND, 0)}_{name}"


def shown_fields(default: list[str]) -> list[str]:
    """Return the names of the values that are offered to be changed."""
    return list(st.session_state.get(_SHOWN, default))


def show_fields(names: list[str]) -> None:
    """Remember which values are to be offered."""
    st.session_state[_SHOWN] = names


def remembered[Asked](question: tuple[object, ...], ask: Callable[[], Asked]) -> Asked:
    """Return what the API answered to the same question before, or ask; failures are not remembered."""
    memory: dict[str, Any] = st.session_state.setdefault(_MEMORY, {})
    key = json.dumps(question, sort_keys=True)
    if key not in memory:
        memory[key] = ask()
        while len(memory) > _MOST_REMEMBERED:
            del memory[next(iter(memory))]
    answer: Asked = memory[key]
    return answer
