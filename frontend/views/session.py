"""One visitor's state: language, entries of the form, what came of sending it, and which tab is open."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from frontend.api.errors import ApplicationRefusedError, FieldProblem, FrontendError
from frontend.applications.form import application_of, entries_of
from frontend.wording.words import LANGUAGES, Language, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.api.answers import Answer
    from frontend.api.client import ScoringClient
    from frontend.applications.form import Value
    from frontend.applications.snapshot import Desk

TABS: Final = ("dossier", "decision", "what_if", "batch", "policy", "model")
LANGUAGE = "lang"
SAMPLE = "dossier_fictif"
_SPOKEN = "langue_parlee"
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
    language
        What its sentences are written in.
    """

    answer: Answer
    application: Mapping[str, Value]
    round_trip_ms: float
    language: Language


def language() -> Language:
    """Return the language the visitor reads."""
    chosen = st.session_state.get(LANGUAGE)
    return next((one for one in LANGUAGES if one == chosen), LANGUAGES[0])


def words() -> Words:
    """Return the page's words in the visitor's language."""
    return words_of(language())


def client(desk: Desk) -> ScoringClient:
    """Return a client whose answers are in the visitor's language."""
    return desk.connection.client.speaking(language())


def tab_key() -> str:
    """Return the key of the tabs, which Streamlit knows by their labels."""
    return f"onglet_{language()}"


def open_tab(name: str) -> None:
    """Show a tab at the next run."""
    st.session_state[tab_key()] = words()(f"tab.{name}")


def follow_language(desk: Desk) -> None:
    """After a switch, write the entries and the open tab as the other language does, before they are drawn."""
    before = st.session_state.get(_SPOKEN, LANGUAGES[0])
    after = language()
    st.session_state[_SPOKEN] = after
    if before == after:
        return
    error = failure()
    given = application_of(desk.form, entries(desk), words_of(before))
    fill(desk, given)
    if error is not None:
        st.session_state[_FAILURE] = error
    label = st.session_state.get(f"onglet_{before}")
    open_tab(next((name for name in TABS if words_of(before)(f"tab.{name}") == label), TABS[0]))


def entry_key(name: str) -> str:
    """Return the key of a field's widget.

    Each filling has widgets of its own: a click that comes while the new values are still on their way to the browser
    would otherwise send the old ones over them.
    """
    return f"champ_{st.session_state.get(_FILLING, 0)}_{name}"


def entries(desk: Desk) -> dict[str, Any]:
    """Return what the visitor has entered so far."""
    return {field.name: st.session_state.get(entry_key(field.name)) for field in desk.form.fields}


def application(desk: Desk) -> dict[str, Value]:
    """Return the application that the entries make."""
    return application_of(desk.form, entries(desk), words())


def fill(desk: Desk, given: Mapping[str, Value]) -> None:
    """Put an application in the form, and forget what was wrong with the one before."""
    for field in desk.form.fields:
        st.session_state.pop(entry_key(field.name), None)
    st.session_state[_FILLING] = st.session_state.get(_FILLING, 0) + 1
    for name, entry in entries_of(desk.form, given, words()).items():
        st.session_state[entry_key(name)] = entry
    st.session_state.pop(_FAILURE, None)


def fill_sample(desk: Desk) -> None:
    """Put the chosen sample in the form."""
    fill(desk, desk.samples[st.session_state[SAMPLE]].application)


def submit(desk: Desk) -> None:
    """Send the form: open the decision, or keep everything and say what is wrong."""
    given = entries(desk)
    sent = application(desk)
    for field in desk.form.fields:
        st.session_state[entry_key(field.name)] = field.tidy(given[field.name], words())
    started = time.perf_counter()
    try:
        with st.spinner(words()("form.scoring"), show_time=True):
            answer = client(desk).score(sent)
    except FrontendError as error:
        st.session_state[_FAILURE] = error
        return
    st.session_state.pop(_FAILURE, None)
    st.session_state[_OUTCOME] = Outcome(answer, sent, (time.perf_counter() - started) * 1000, language())
    open_tab("decision")


def outcome() -> Outcome | None:
    """Return the last answer of this visit."""
    return st.session_state.get(_OUTCOME)


def retell(desk: Desk) -> None:
    """After a switch, have the sentences of the last answer in the language the visitor reads now.

    The same model says the same of the same application: the answer stays the one that was given, with its request.
    """
    last = outcome()
    if last is None or last.language == language():
        return
    told = client(desk).score(last.application)
    if told.origin.seal == last.answer.origin.seal:
        told = replace(told, origin=last.answer.origin)
    st.session_state[_OUTCOME] = replace(last, answer=told, language=language())


def failure() -> FrontendError | None:
    """Return what went wrong with the last sending, if it did."""
    return st.session_state.get(_FAILURE)


def problem_of_field() -> dict[str, FieldProblem]:
    """Return what the API said of each field at the last sending."""
    error = failure()
    if not isinstance(error, ApplicationRefusedError):
        return {}
    return {problem.field: problem for problem in error.problems}
