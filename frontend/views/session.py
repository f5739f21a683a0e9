"""The state of a session: language, entries of the form, what came of sending it, and which tab is open."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from frontend.api.errors import FrontendError, InvalidApplicationError
from frontend.applications.form import application_of, entries_of
from frontend.wording.words import LANGUAGES, Language, Words, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from frontend.api.answers import Answer
    from frontend.api.client import ScoringClient
    from frontend.api.problems import FieldProblem
    from frontend.applications.form import Value
    from frontend.applications.snapshot import Snapshot
    from frontend.clients.sources import Client, Dossier
    from frontend.desk.cases import Case

TABS: Final = ("client", "application", "decision", "queue", "what_if", "batch", "policy", "model")
# What somebody may be typing in while another tab is open.
FORMS: Final = frozenset({"client", "application"})
LANGUAGE = "lang"
_SPOKEN = "langue_parlee"
_FILLING = "remplissage"
_SCORED = "issue"
_ERROR = "echec"
_CASE = "dossier_suivi"
_CLIENT = "client_ouvert"
_CLIENT_ROUND = "client_tour"
_CLIENT_ERROR = "client_echec"
# Where somebody types or chooses for long: the forms, a client's file, the officer's decision, two clients to compare,
# and the tab itself.
_TYPED: Final = re.compile(
    r"champ_\d+_|client_(?:\d+_|recherche$|choisi$)|decision_(?:sens|motif|commentaire)_|dossier_(?:numero|nom)$"
    r"|comparer_[ab]$|onglet_"
)


@dataclass(frozen=True, slots=True)
class ScoredApplication:
    """An application, and what the API answered to it.

    Attributes
    ----------
    round_trip_ms
        Time from sending to having the answer, network included; None for an answer of another day.
    language
        What its sentences are written in.
    entered
        What the form held at that moment, by which a later change is seen.
    client
        Whose file the inputs were computed from; None where they were entered.
    """

    answer: Answer
    application: Mapping[str, Value]
    round_trip_ms: float | None
    language: Language
    entered: Mapping[str, Value]
    client: Client | None = None


def language() -> Language:
    """Return the language of the reader."""
    chosen = st.session_state.get(LANGUAGE)
    return next((one for one in LANGUAGES if one == chosen), LANGUAGES[0])


def words() -> Words:
    """Return the page's words in the reader's language."""
    return words_of(language())


def client(snapshot: Snapshot) -> ScoringClient:
    """Return a client whose answers are in the reader's language."""
    return snapshot.connection.client.speaking(language())


def keep_typed() -> None:
    """Keep what was typed through a run that does not draw its widgets: another tab, or an API that does not answer."""
    for key in [str(one) for one in st.session_state]:
        if _TYPED.match(key):
            st.session_state[key] = st.session_state[key]


def tab_key() -> str:
    """Return the key of the tabs, which Streamlit knows by their labels."""
    return f"onglet_{language()}"


def sample_key() -> str:
    """Return the key of the choice of a sample, which the browser knows by its label, as it does the tabs."""
    return f"dossier_fictif_{language()}"


def open_tab(name: str) -> None:
    """Show a tab at the next run."""
    st.session_state[tab_key()] = words()(f"tab.{name}")


def follow_language(snapshot: Snapshot) -> None:
    """After a switch, write entries, chosen sample and open tab as the other language does, before they are drawn."""
    before = st.session_state.get(_SPOKEN, LANGUAGES[0])
    after = language()
    st.session_state[_SPOKEN] = after
    if before == after:
        return
    chosen = st.session_state.get(f"dossier_fictif_{before}")
    if chosen in snapshot.samples:
        st.session_state[sample_key()] = chosen
    _rewrite_client_entries(snapshot, before)
    error = last_error()
    given = application_of(snapshot.form, entries(snapshot), words_of(before))
    fill(snapshot, given)
    if error is not None:
        st.session_state[_ERROR] = error
    label = st.session_state.get(f"onglet_{before}")
    open_tab(next((name for name in TABS if words_of(before)(f"tab.{name}") == label), TABS[0]))


def entry_key(name: str) -> str:
    """Return the key of a field's widget.

    Each filling has widgets of its own: a click that comes while the new values are still on their way to the browser
    would otherwise send the old ones over them.
    """
    return f"champ_{st.session_state.get(_FILLING, 0)}_{name}"


def entries(snapshot: Snapshot) -> dict[str, Any]:
    """Return what has been entered so far."""
    return {field.name: st.session_state.get(entry_key(field.name)) for field in snapshot.form.fields}


def application(snapshot: Snapshot) -> dict[str, Value]:
    """Return the application that the entries make."""
    return application_of(snapshot.form, entries(snapshot), words())


def fill(snapshot: Snapshot, given: Mapping[str, Value]) -> None:
    """Put an application in the form, and forget what was wrong with the one before."""
    for field in snapshot.form.fields:
        st.session_state.pop(entry_key(field.name), None)
    st.session_state[_FILLING] = st.session_state.get(_FILLING, 0) + 1
    for name, entry in entries_of(snapshot.form, given, words()).items():
        st.session_state[entry_key(name)] = entry
    st.session_state.pop(_ERROR, None)


def fill_sample(snapshot: Snapshot) -> None:
    """Put the chosen sample in the form."""
    fill(snapshot, snapshot.samples[st.session_state[sample_key()]].application)


def submit(snapshot: Snapshot) -> None:
    """Send the form: open the decision, or keep everything and say what is wrong."""
    given = entries(snapshot)
    sent = application(snapshot)
    for field in snapshot.form.fields:
        st.session_state[entry_key(field.name)] = field.tidy(given[field.name], words())
    started = time.perf_counter()
    try:
        with st.spinner(words()("form.scoring"), show_time=True):
            answer = client(snapshot).score(sent)
    except FrontendError as error:
        st.session_state[_ERROR] = error
        return
    st.session_state.pop(_ERROR, None)
    elapsed = (time.perf_counter() - started) * 1000
    st.session_state[_SCORED] = ScoredApplication(answer, sent, elapsed, language(), sent)
    st.session_state.pop(_CASE, None)
    open_tab("decision")


def open_case() -> Case | None:
    """Return the case of the decision that is shown, once it is kept."""
    return st.session_state.get(_CASE)


def show_case(case: Case) -> None:
    """Take a case, or what became of it, as that of the decision that is shown."""
    st.session_state[_CASE] = case


def reopen(case: Case, snapshot: Snapshot) -> None:
    """Show a case that was kept: the decision as it was proposed, and the form as it was sent."""
    fill(snapshot, case.inputs)
    spoken = next((one for one in LANGUAGES if one == case.language), LANGUAGES[0])
    st.session_state[_SCORED] = ScoredApplication(case.answer, case.inputs, None, spoken, application(snapshot))
    show_case(case)
    open_tab("decision")


def open_client() -> Client | None:
    """Return the client whose file is open."""
    return st.session_state.get(_CLIENT)


def show_client(client: Client) -> None:
    """Open a client's file; its form begins with what the file says."""
    st.session_state[_CLIENT] = client
    st.session_state[_CLIENT_ROUND] = st.session_state.get(_CLIENT_ROUND, 0) + 1
    st.session_state.pop(_CLIENT_ERROR, None)


def client_entry_key(name: str) -> str:
    """Return the key of a field's widget in the client's file that is open."""
    return f"client_{st.session_state.get(_CLIENT_ROUND, 0)}_{name}"


def _rewrite_client_entries(snapshot: Snapshot, before: Language) -> None:
    """Write what is entered in a client's file as the other language does, in widgets of their own."""
    kept = {
        field.name: field.to_entry(field.to_contract(st.session_state[key], words_of(before)), words())
        for field in snapshot.form.fields
        if (key := client_entry_key(field.name)) in st.session_state
    }
    st.session_state[_CLIENT_ROUND] = st.session_state.get(_CLIENT_ROUND, 0) + 1
    for name, entry in kept.items():
        st.session_state[client_entry_key(name)] = entry


def submit_client(snapshot: Snapshot, opened: Client, dossier: Dossier) -> bool:
    """Send a raw file: open the decision and return True, or keep everything and say what is wrong."""
    started = time.perf_counter()
    try:
        with st.spinner(words()("form.scoring"), show_time=True):
            found = client(snapshot).dossier(dossier)
    except FrontendError as error:
        st.session_state[_CLIENT_ERROR] = error
        return False
    st.session_state.pop(_CLIENT_ERROR, None)
    elapsed = (time.perf_counter() - started) * 1000
    fill(snapshot, found.inputs)
    scored_now = ScoredApplication(
        found.answer, found.inputs, elapsed, language(), application(snapshot), replace(opened, dossier=dossier)
    )
    st.session_state[_SCORED] = scored_now
    st.session_state.pop(_CASE, None)
    open_tab("decision")
    return True


def client_error() -> FrontendError | None:
    """Return what went wrong with the last sending of a client's file, if anything did."""
    return st.session_state.get(_CLIENT_ERROR)


def client_problems() -> tuple[FieldProblem, ...]:
    """Return what the API said of the client's file at the last sending."""
    error = client_error()
    return error.problems if isinstance(error, InvalidApplicationError) else ()


def scored() -> ScoredApplication | None:
    """Return the application that was scored last in this session."""
    return st.session_state.get(_SCORED)


def retell(snapshot: Snapshot) -> None:
    """After a switch, have the sentences of the last answer in the language that is read now.

    The same model says the same of the same application: the answer stays the one that was given, with its request.
    """
    last = scored()
    if last is None or last.language == language():
        return
    told = client(snapshot).score(last.application)
    if told.origin.seal == last.answer.origin.seal:
        told = replace(told, origin=last.answer.origin)
    st.session_state[_SCORED] = replace(last, answer=told, language=language())


def last_error() -> FrontendError | None:
    """Return what went wrong with the last sending, if anything did."""
    return st.session_state.get(_ERROR)


def problems_by_field() -> dict[str, FieldProblem]:
    """Return what the API said of each field at the last sending."""
    error = last_error()
    if not isinstance(error, InvalidApplicationError):
        return {}
    return {problem.field: problem for problem in error.problems}
