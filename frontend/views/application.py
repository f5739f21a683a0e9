"""The application: a sample to start from, and the form."""

from __future__ import annotations

import json
from itertools import batched
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.errors import ApplicationRefusedError, FieldProblem
from frontend.sentences.errors import say_refusal, say_trouble
from frontend.sentences.fields import say_caption, say_choice, say_group, say_help, say_problem
from frontend.views import session
from frontend.views.drawing import heading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.applications.form import FormField
    from frontend.applications.snapshot import Desk

N_COLUMNS = 2
FLAG_OPTIONS = (None, 1, 0)
UPLOAD = "dossier_enregistre"
_NOT_A_DOSSIER = "dossier_illisible"


def show_dossier(desk: Desk) -> None:
    """Draw the tab."""
    words = session.words()
    _show_samples(desk)
    problems = session.problem_of_field()
    heading(words("form.principal"))
    st.caption(words("form.legend"))
    _show_fields(desk.form.principal, problems)
    heading(words("form.others"))
    for table, fields in desk.form.others.items():
        # A problem in a closed group would not be seen.
        opened = any(one.name in problems for one in fields)
        with st.expander(say_group(table, fields, words), expanded=opened, key=f"groupe_{table}"):
            _show_fields(fields, problems)
    _show_failure(desk)
    st.button(
        words("form.submit"),
        type="primary",
        icon=":material/balance:",
        on_click=session.submit,
        args=(desk,),
        key="evaluer",
    )
    _show_file(desk)


def _show_samples(desk: Desk) -> None:
    words = session.words()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            words("form.sample"),
            list(desk.samples),
            format_func=lambda key: words.known(f"sample.{key}", key),
            key=session.SAMPLE,
            help=words("form.sample_help"),
        )
        st.button(words("form.fill"), on_click=session.fill_sample, args=(desk,), key="remplir")
        st.button(words("form.clear"), on_click=session.fill, args=(desk, {}), key="vider")


def _show_fields(fields: Sequence[FormField], problems: Mapping[str, FieldProblem]) -> None:
    # Row by row, so that a phone, which stacks the columns, keeps the order.
    for row in batched(fields, N_COLUMNS):
        for column, field in zip(st.columns(N_COLUMNS), row, strict=False):
            with column:
                _show_field(field)
                if field.name in problems:
                    told = say_problem(problems[field.name], field, session.words())
                    st.markdown(f":red[:material/error: {told}]")


def _show_field(field: FormField) -> None:
    """Draw the widget of a field; its value lives in the session, where callbacks put it."""
    words = session.words()
    key = session.entry_key(field.name)
    label, told = say_caption(field, words), say_help(field, words)
    if field.kind == "number":
        empty = words("form.choose" if field.required else "form.unknown")
        st.text_input(label, key=key, help=told, placeholder=empty, autocomplete="off")
        return
    options = FLAG_OPTIONS if field.kind == "flag" else (None, *field.category_labels)
    st.selectbox(label, options, key=key, help=told, format_func=lambda one: say_choice(field, one, words))


def _show_failure(desk: Desk) -> None:
    error, words = session.failure(), session.words()
    if isinstance(error, ApplicationRefusedError):
        st.error(say_refusal(error, desk.form, words), icon=":material/edit_note:")
    elif error is not None:
        st.error(say_trouble(error, words), icon=":material/cloud_off:")


def _show_file(desk: Desk) -> None:
    """Offer to keep the application in a file: a page that was reloaded remembers nothing."""
    words = session.words()
    with st.expander(words("form.keep_file"), key="garder"):
        st.download_button(
            words("form.save"),
            json.dumps(session.application(desk), ensure_ascii=False, indent=1),
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
            args=(desk,),
            max_upload_size=1,
        )
        if st.session_state.get(_NOT_A_DOSSIER):
            st.error(words("form.not_a_dossier"), icon=":material/error:")


def _open_file(desk: Desk) -> None:
    uploaded = st.session_state[UPLOAD]
    if uploaded is None:
        return
    try:
        content = json.loads(uploaded.getvalue())
        known = {field.name: content[field.name] for field in desk.form.fields if field.name in content}
    except (ValueError, TypeError, KeyError):
        known = {}
    plain = all(value is None or isinstance(value, int | float | str) for value in known.values())
    st.session_state[_NOT_A_DOSSIER] = not (known and plain)
    if known and plain:
        session.fill(desk, known)
