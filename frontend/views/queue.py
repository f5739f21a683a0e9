"""The desk's work: what waits for a person, what was decided, and two clients side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from frontend.clients.sources import ClientSourceError
from frontend.desk.cases import departs
from frontend.desk.export import decision_lines
from frontend.desk.store import StoreError
from frontend.letters.decision_letter import reference_of
from frontend.sentences.cases import say_state
from frontend.sentences.decisions import say_decision_briefly, say_proposal_briefly
from frontend.sentences.fields import say_label, say_value
from frontend.sentences.origins import say_instant
from frontend.views import session
from frontend.views.drawing import attempt, columns_of, heading, show_metrics, show_table
from frontend.views.snapshot import client_source, decision_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.dossiers import DossierAnswer
    from frontend.applications.form import Value
    from frontend.applications.snapshot import Snapshot
    from frontend.desk.cases import Case

_WAITING, _DECIDED = "file_attente", "file_historique"
_FIRST, _SECOND = "comparer_a", "comparer_b"
MOST_DIFFERENCES = 25


def show_queue(snapshot: Snapshot) -> None:
    """Draw the tab."""
    words = session.words()
    try:
        waiting, decided = decision_store().waiting(), decision_store().decided()
    except StoreError as error:
        st.error(f"{words(error.reason)} {words('error.kept')}", icon=":material/database_off:")
        st.button(words("page.retry"), key="reessayer_file", icon=":material/refresh:")
        waiting, decided = (), ()
    heading(words("queue.waiting"))
    _show_cases(waiting, snapshot, key=_WAITING)
    heading(words("queue.decided"))
    _show_rates(decided)
    _show_cases(decided, snapshot, key=_DECIDED)
    _show_comparison(snapshot)


def _show_cases(cases: Sequence[Case], snapshot: Snapshot, *, key: str) -> None:
    words = session.words()
    if not cases:
        st.markdown(words("queue.none"))
        return
    names = ("reference", "client", "proposal", "probability", "state", "opened", "officer")
    show_table(columns_of([words(f"queue.{name}") for name in names], [_line(one) for one in cases]))
    by_id = {one.id: one for one in cases}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            words("queue.choose"),
            list(by_id),
            index=None,
            format_func=lambda one: f"{reference_of(by_id[one])} {by_id[one].client_name}",
            placeholder=words("queue.choose"),
            key=f"{key}_choix",
        )
        st.button(
            words("queue.open"),
            on_click=_open,
            args=(by_id.get(chosen or ""), snapshot),
            disabled=chosen is None,
            icon=":material/folder_open:",
            key=f"{key}_ouvrir",
        )


def _open(case: Case | None, snapshot: Snapshot) -> None:
    if case is not None:
        session.reopen(case, snapshot)


def _line(case: Case) -> tuple[str, ...]:
    words, answer = session.words(), case.answer
    last = case.decisions[-1] if case.decisions else None
    state = say_state(case.state, words)
    if case.final is not None:
        state = words(f"desk_verdict.{case.final.verdict.value}")
        if departs(case.final.verdict, answer):
            state = words("queue.override", verdict=state)
    return (
        reference_of(case),
        case.client_name or case.client_number or "–",
        say_proposal_briefly(answer.proposal, words),
        words.percent(answer.default_probability),
        state,
        say_instant(case.opened_at.isoformat(), words),
        (last.officer if last else case.opened_by) or "–",
    )


def _show_rates(decided: Sequence[Case]) -> None:
    """Tell how often people decide otherwise than the model, and hand the decisions to monitoring."""
    words = session.words()
    if not decided:
        return
    overrides = sum(one.is_override for one in decided)
    show_metrics(
        {
            "queue.n_decided": words.number(len(decided)),
            "queue.override_rate": words.rate(overrides / len(decided)),
            "queue.countersigned": words.number(sum(one.countersigned for one in decided)),
        }
    )
    st.download_button(
        words("queue.export"),
        decision_lines(decided),
        file_name="decisions.jsonl",
        mime="application/jsonl",
        on_click="ignore",
        icon=":material/download:",
        key="decisions_export",
        help=words("queue.export_help"),
    )


def _show_comparison(snapshot: Snapshot) -> None:
    words = session.words()
    heading(words("queue.compare"))
    try:
        names = {one.number: one.name for one in client_source().search("")}
    except ClientSourceError as error:
        st.error(words(error.reason, detail=error.detail), icon=":material/error:")
        return
    columns = st.columns(2)
    numbers = [
        column.selectbox(
            words(f"queue.{label}"),
            list(names),
            index=None,
            format_func=lambda one: f"{one} {names[one]}",
            placeholder=words("client.choose"),
            key=key,
        )
        for column, label, key in zip(columns, ("first", "second"), (_FIRST, _SECOND), strict=True)
    ]
    chosen = [number for number in numbers if number is not None]
    if len(chosen) < len(numbers):
        return
    answers = [attempt(partial(_answer, number, snapshot), f"comparer_{number}") for number in chosen]
    if answers[0] is not None and answers[1] is not None:
        titles = [f"{number} {names[number]}" for number in chosen]
        _show_compared(titles, (answers[0], answers[1]), snapshot)


def _answer(number: str, snapshot: Snapshot) -> DossierAnswer:
    return session.client(snapshot).dossier(client_source().open(number).dossier)


def _show_compared(titles: Sequence[str], answers: tuple[DossierAnswer, DossierAnswer], snapshot: Snapshot) -> None:
    """Show two clients side by side: what is proposed and why, then what differs, most important first."""
    words = session.words()
    lines = [
        (words("queue.proposal"), *(say_proposal_briefly(one.answer.proposal, words) for one in answers)),
        (words("queue.probability"), *(words.percent(one.answer.default_probability, 2) for one in answers)),
        (words("queue.model"), *(say_decision_briefly(refused=one.answer.refused, words=words) for one in answers)),
        (words("queue.coverage"), *(words.percent(one.answer.coverage, 0) for one in answers)),
        (words("queue.reasons"), *(", ".join(reason.label for reason in one.answer.reasons) for one in answers)),
    ]
    fields = sorted(snapshot.form.fields, key=lambda one: -one.importance)
    differing = [one for one in fields if answers[0].inputs.get(one.name) != answers[1].inputs.get(one.name)]
    for field in differing[:MOST_DIFFERENCES]:
        values: list[Value] = [one.inputs.get(field.name) for one in answers]
        lines.append((say_label(field, words), *(say_value(field, value, words) for value in values)))
    show_table(columns_of((words("what_if.item"), *titles), lines))
