"""One visitor's state: the entries of the form, what came of sending it, and which tab is open."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from frontend.errors import ApplicationRefusedError, FieldProblem, FrontendError
from frontend.form import application_of, entries_of
from frontend.wording import SCORING, TAB_DECISION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.answers import Answer
    from frontend.form import Value
    from frontend.views.desk import Desk

TAB = "onglet"
SAMPLE = "dossier_fictif"
_FILLING = "remplissage"
_OUTCOME = "issue"
_FAILURE = "echec"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer, and what it answers.

    Attributes
    ----------
    round_trip_ms
        Time from sending to having the answer, network included.
    """

    answer: Answer
    application: Mapping[str, Value]
    round_trip_ms: float


def entry_key(name: str) -> str:
    """Return the key of a field's widget.

    Each filling has widgets of its own: a click that comes while the new values are still on their way to the browser
    would otherwise send the old ones over them.
    """
    return f"champ_{st.session_state.get(_FILLING, 0)}_{name}"


def entries(desk: Desk) -> dict[str, Any]:
    """Return what the visitor has sent with the form so far."""
    return {field.name: st.session_state.get(entry_key(field.name)) for field in desk.form.fields}


def fill(desk: Desk, application: Mapping[str, Value]) -> None:
    """Put an application in the form, and forget what was wrong with the one before."""
    for field in desk.form.fields:
        st.session_state.pop(entry_key(field.name), None)
    st.session_state[_FILLING] = st.session_state.get(_FILLING, 0) + 1
    for name, entry in entries_of(desk.form, application).items():
        st.session_state[entry_key(name)] = entry
    st.session_state.pop(_FAILURE, None)


def fill_sample(desk: Desk) -> None:
    """Put the chosen sample in the form."""
    fill(desk, desk.samples[st.session_state[SAMPLE]].application)


def submit(desk: Desk) -> None:
    """Send the form: open the decision, or keep everything and say what is wrong."""
    given = entries(desk)
    application = application_of(desk.form, given)
    for field in desk.form.fields:
        st.session_state[entry_key(field.name)] = field.tidy(given[field.name])
    started = time.perf_counter()
    try:
        with st.spinner(SCORING):
            answer = desk.connection.client.score(application)
    except FrontendError as error:
        st.session_state[_FAILURE] = error
        return
    st.session_state.pop(_FAILURE, None)
    st.session_state[_OUTCOME] = Outcome(answer, application, (time.perf_counter() - started) * 1000)
    st.session_state[TAB] = TAB_DECISION


def outcome() -> Outcome | None:
    """Return the last answer of this visit."""
    return st.session_state.get(_OUTCOME)


def failure() -> FrontendError | None:
    """Return what went wrong with the last sending, if it did."""
    return st.session_state.get(_FAILURE)


def problem_of_field() -> dict[str, FieldProblem]:
    """Return what the API said of each field at the last sending."""
    error = failure()
    if not isinstance(error, ApplicationRefusedError):
        return {}
    return {problem.field: problem for problem in error.problems}
