"""The application: a sample to start from, and the form."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.errors import InvalidApplicationError
from frontend.applications.requests import coverage_of
from frontend.sentences.errors import say_error, say_invalid_application
from frontend.sentences.fields import say_table
from frontend.views import session
from frontend.views.drawing import heading, show_field, show_in_columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.api.problems import FieldProblem
    from frontend.applications.form import FormField
    from frontend.applications.snapshot import Snapshot

UPLOAD = "dossier_enregistre"
_UNREADABLE = "dossier_illisible"


def show_application(snapshot: Snapshot) -> None:
    """Draw the tab."""
    words = session.words()
    _show_samples(snapshot)
    _show_coverage(snapshot)
    problems = session.problems_by_field()
    heading(words("form.principal"))
    st.caption(words("form.legend"))
    _show_fields(snapshot.form.principal, problems)
    heading(words("form.others"))
    for table, fields in snapshot.form.others.items():
        # A problem in a closed group would not be seen.
        opened = any(one.name in problems for one in fields)
        with st.expander(say_table(table, fields, words), expanded=opened, key=f"groupe_{table}"):
            _show_fields(fields, problems)
    _show_error(snapshot)
    st.button(
        words("form.submit"),
        type="primary",
        icon=":material/balance:",
        on_click=session.submit,
        args=(snapshot,),
        key="evaluer",
    )
    _show_file(snapshot)


def _show_samples(snapshot: Snapshot) -> None:
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words("form.sample"),
            list(snapshot.samples),
            format_func=lambda key: words.known(f"sample.{key}", key),
            key=session.sample_key(),
            help=words("form.sample_help"),
        )
        st.button(words("form.fill"), on_click=session.fill_sample, args=(snapshot,), key="remplir")
        st.button(words("form.clear"), on_click=session.fill, args=(snapshot, {}), key="vider")


def _show_coverage(snapshot: Snapshot) -> None:
    """Tell while the form is being filled how much of what counts is there."""
    words = session.words()
    coverage = coverage_of(snapshot.form, session.application(snapshot))
    floor = words.percent(float(snapshot.contract["coverage"]["floor"]), 0)
    st.progress(min(coverage, 1.0), text=words("form.coverage", coverage=words.percent(coverage, 0), floor=floor))


def _show_fields(fields: Sequence[FormField], problems: Mapping[str, FieldProblem]) -> None:
    show_in_columns(fields, lambda field: show_field(field, session.entry_key(field.name), problems.get(field.name)))


def _show_error(snapshot: Snapshot) -> None:
    error, words = session.last_error(), session.words()
    if isinstance(error, InvalidApplicationError):
        st.error(say_invalid_application(error, snapshot.form, words), icon=":material/edit_note:")
    elif error is not None:
        st.error(say_error(error, words), icon=":material/cloud_off:")


def _show_file(snapshot: Snapshot) -> None:
    """Offer to keep the application in a file: a page that was reloaded remembers nothing."""
    words = session.words()
    with st.expander(words("form.keep_file"), key="garder"):
        st.download_button(
            words("form.save"),
            json.dumps(session.application(snapshot), ensure_ascii=False, indent=1),
            file_name="dossier.json",
            mime="application/json",
            on_click="ignore",
            icon=":material/download:",
        )
        st.file_uploader(
            words("form.open"),
            type="json",
            key=UPLOAD,
            help=words("form.open_help"),
            on_change=_open_file,
            args=(snapshot,),
            max_upload_size=1,
        )
        if st.session_state.get(_UNREADABLE):
            st.error(words("form.not_an_application"), icon=":material/error:")


def _open_file(snapshot: Snapshot) -> None:
    uploaded = st.session_state[UPLOAD]
    if uploaded is None:
        return
    try:
        content = json.loads(uploaded.getvalue())
        known = {field.name: content[field.name] for field in snapshot.form.fields if field.name in content}
    except (ValueError, TypeError, KeyError):
        known = {}
    plain = all(value is None or isinstance(value, int | float | str) for value in known.values())
    st.session_state[_UNREADABLE] = not (known and plain)
    if known and plain:
        session.fill(snapshot, known)
