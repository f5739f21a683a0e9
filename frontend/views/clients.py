"""The client: looked up, histories read, what is new filled in, and scored from the raw file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.errors import FrontendError, InvalidApplicationError, RouteAbsentError
from frontend.applications.requests import known_value, new_fields, with_new_values
from frontend.clients.dossier_files import read_dossier_files, types_of
from frontend.clients.histories import read_histories
from frontend.clients.sources import ClientSourceError
from frontend.figures.calendar import calendar_figure
from frontend.sentences.errors import say_error
from frontend.sentences.fields import say_label
from frontend.sentences.histories import (
    say_ago,
    say_amount,
    say_card,
    say_credit_delays,
    say_end,
    say_kind,
    say_loan_payments,
    say_state,
)
from frontend.settings import DEMO_CLIENTS
from frontend.views import session
from frontend.views.desk import keep_proposal
from frontend.views.drawing import (
    columns_of,
    draw,
    heading,
    minor_heading,
    show_field,
    show_in_columns,
    show_table,
    theme,
)
from frontend.views.snapshot import client_source, page_settings
from frontend.wording.numerals import NOT_APPLICABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.problems import FieldProblem
    from frontend.applications.form import FormField
    from frontend.applications.requests import NewFields
    from frontend.applications.snapshot import Snapshot
    from frontend.clients.histories import CreditElsewhere, Histories, LoanWithUs
    from frontend.clients.sources import Client, ClientName

_SEARCH = "client_recherche"
_CHOSEN = "client_choisi"
_UPLOAD = "client_fichiers"
_DROPPED = "client_depose"
_PLACE = re.compile(r"(?P<table>\w+)\[(?P<row>\d+)\](?:\.(?P<column>\w+))?")
MOST_MEGABYTES = 20
MOST_PROBLEMS = 30


def show_clients(snapshot: Snapshot) -> None:
    """Draw the tab."""
    st.markdown(session.words()("client.intro"))
    _show_search()
    _show_drop(snapshot)
    client = session.open_client()
    if client is not None:
        _show_client(client, snapshot)


def _show_search() -> None:
    words = session.words()
    text = st.text_input(words("client.search"), key=_SEARCH, autocomplete="off", icon=":material/search:")
    try:
        found = client_source().search(text)
    except ClientSourceError as error:
        st.error(words(error.reason, detail=error.detail), icon=":material/error:")
        return
    if not found:
        st.info(words("client.none_found", text=text), icon=":material/person_off:")
        return
    names = {one.number: one for one in found}
    st.selectbox(
        words("client.choose"),
        list(names),
        index=None,
        format_func=lambda number: _told(names[number]),
        key=_CHOSEN,
        placeholder=words.counted("client.found", len(found)),
        on_change=_open_chosen,
    )
    if page_settings().client_source == str(DEMO_CLIENTS):
        st.caption(words("client.demo"))


def _told(name: ClientName) -> str:
    return session.words()("client.named", number=name.number, name=name.name) if name.name else name.number


def _open_chosen() -> None:
    number = st.session_state.get(_CHOSEN)
    if number is None:
        return
    try:
        session.show_client(client_source().open(number))
    except ClientSourceError as error:
        st.session_state[_DROPPED] = error


def _show_drop(snapshot: Snapshot) -> None:
    """Offer to read a dossier from files of the officer's."""
    words = session.words()
    with st.expander(words("client.drop"), key="client_depot"):
        st.file_uploader(
            words("client.uploader"),
            type=["json", "csv", "zip"],
            accept_multiple_files=True,
            key=_UPLOAD,
            help=words("client.drop_help"),
            on_change=_take_files,
            args=(snapshot,),
            max_upload_size=MOST_MEGABYTES,
        )
    error = st.session_state.get(_DROPPED)
    if isinstance(error, ClientSourceError):
        st.error(words(error.reason, detail=error.detail), icon=":material/error:")
    elif isinstance(error, FrontendError):
        st.error(say_error(error, words), icon=":material/cloud_off:")


def _take_files(snapshot: Snapshot) -> None:
    st.session_state.pop(_DROPPED, None)
    files = st.session_state[_UPLOAD]
    if not files:
        return
    try:
        types = types_of(snapshot.connection.client.description())
        session.show_client(read_dossier_files([(one.name, one.getvalue()) for one in files], types))
    except (ClientSourceError, FrontendError) as error:
        st.session_state[_DROPPED] = error
    except KeyError:
        # The description of an API without raw dossiers has no such route.
        st.session_state[_DROPPED] = RouteAbsentError("/v1/dossier")


def _show_client(client: Client, snapshot: Snapshot) -> None:
    words = session.words()
    title = words("client.named", number=client.number, name=client.name) if client.name else client.number
    heading(f":material/person: {title}")
    _show_new(client, snapshot)
    histories = read_histories(client.dossier)
    sign = words.of(snapshot.contract["conventions"]["currency"])
    minor_heading(words("client.elsewhere"))
    _show_elsewhere(histories.elsewhere, sign)
    minor_heading(words("client.with_us"))
    _show_with_us(histories.with_us, sign)
    minor_heading(words("client.payments"))
    _show_payments(histories)


def _show_new(client: Client, snapshot: Snapshot) -> None:
    words, fields = session.words(), new_fields(snapshot.contract, snapshot.form)
    minor_heading(words("client.new"))
    st.caption(words("client.new_legend"))
    problems = session.client_problems()
    at_field = {one.field.removeprefix("application."): one for one in problems}

    def show(field: FormField) -> None:
        _show_entry(client, field, at_field.get(field.name))

    show_in_columns(fields.request, show)
    with st.expander(
        words("client.person"), key="client_situation", expanded=any(one.name in at_field for one in fields.person)
    ):
        show_in_columns(fields.person, show)
    _show_error(problems, snapshot)
    st.button(
        words("client.score"),
        type="primary",
        icon=":material/balance:",
        on_click=_submit,
        args=(snapshot, client, fields),
        key="client_evaluer",
    )


def _show_entry(client: Client, field: FormField, problem: FieldProblem | None) -> None:
    key = session.client_entry_key(field.name)
    if key not in st.session_state:
        st.session_state[key] = field.to_entry(known_value(field, client.dossier["application"]), session.words())
    show_field(field, key, problem)


def _submit(snapshot: Snapshot, client: Client, fields: NewFields) -> None:
    entries = {one.name: st.session_state.get(session.client_entry_key(one.name)) for one in fields.all}
    if session.submit_client(snapshot, client, with_new_values(client.dossier, fields, entries, session.words())):
        keep_proposal()


def _show_error(problems: Sequence[FieldProblem], snapshot: Snapshot) -> None:
    error, words = session.client_error(), session.words()
    if isinstance(error, InvalidApplicationError):
        told = "\n".join(f"- {words.pair(_say_place(one, snapshot), one.detail)}" for one in problems[:MOST_PROBLEMS])
        st.error(f"{words.counted('client.places', len(problems))}\n{told}", icon=":material/edit_note:")
    elif isinstance(error, RouteAbsentError):
        st.error(words("client.no_route"), icon=":material/cloud_off:")
    elif error is not None:
        st.error(say_error(error, words), icon=":material/cloud_off:")


def _say_place(problem: FieldProblem, snapshot: Snapshot) -> str:
    """Return where a problem is, in the words of a reader: the label of a field, or table, record and column."""
    words = session.words()
    field = snapshot.form.field(problem.field.removeprefix("application."))
    if field is not None:
        return say_label(field, words)
    place = _PLACE.match(problem.field)
    if place is None:
        return words.known(f"table.{problem.field}", problem.field) or words("client.request")
    table, column = place["table"], place["column"] or NOT_APPLICABLE
    return words("client.place", table=words.known(f"table.{table}", table), row=int(place["row"]) + 1, column=column)


def _show_elsewhere(credits_: tuple[CreditElsewhere, ...] | None, sign: str) -> None:
    words = session.words()
    if not credits_:
        st.markdown(words("client.table_unknown" if credits_ is None else "client.table_empty"))
        return
    lines = [
        (
            say_kind(one.kind, words),
            say_state(one.state, words),
            say_ago(one.opened_days, words),
            say_end(one, words),
            say_amount(one.amount, sign, words),
            say_amount(one.debt, sign, words),
            say_credit_delays(one, sign, words),
        )
        for one in credits_
    ]
    _show_lines(("kind", "state", "opened", "ends", "amount", "debt", "delays"), lines)


def _show_with_us(loans: tuple[LoanWithUs, ...] | None, sign: str) -> None:
    words = session.words()
    if not loans:
        st.markdown(words("client.table_unknown" if loans is None else "client.table_empty"))
        return
    lines = [
        (
            one.key,
            say_kind(one.kind, words),
            say_state(one.state, words),
            say_ago(one.decided_days, words),
            say_amount(one.asked, sign, words),
            say_amount(one.granted, sign, words),
            say_loan_payments(one, words) if one.card is None else say_card(one.card, sign, words),
        )
        for one in loans
    ]
    _show_lines(("loan", "kind", "state", "decided", "asked", "granted", "instalments"), lines)


def _show_lines(keys: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
    words = session.words()
    show_table(columns_of([words(f"client.{key}") for key in keys], lines))


def _show_payments(histories: Histories) -> None:
    words, months = session.words(), histories.calendar
    if not histories.payments_known:
        st.markdown(words("client.table_unknown"))
    elif not months:
        st.markdown(words("client.no_payments"))
    else:
        draw(calendar_figure(months, theme=theme()))
        st.caption(words("client.calendar_legend"))
