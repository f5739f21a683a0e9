"""The application: a sample to start from, and the form."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

import streamlit as st

from frontend import wording
from frontend.errors import ApplicationRefusedError, FieldProblem
from frontend.views import visit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.form import FormField
    from frontend.views.desk import Desk

N_COLUMNS = 2
FLAG_OPTIONS = (None, 1, 0)


def show_dossier(desk: Desk) -> None:
    """Draw the tab."""
    _show_samples(desk)
    problems = visit.problem_of_field()
    with st.form("dossier", border=False):
        st.subheader(wording.PRINCIPAL, anchor=False)
        st.caption(wording.REQUIRED_LEGEND)
        _show_fields(desk.form.principal, problems)
        for table, fields in desk.form.others.items():
            # A problem in a closed group would not be seen.
            with st.expander(wording.say_group(table, fields), expanded=any(one.name in problems for one in fields)):
                _show_fields(fields, problems)
        _show_failure(desk)
        st.form_submit_button(
            wording.SUBMIT, type="primary", icon=":material/balance:", on_click=visit.submit, args=(desk,)
        )


def _show_samples(desk: Desk) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.selectbox(
            wording.SAMPLE_CHOICE,
            list(desk.samples),
            format_func=lambda key: wording.SAMPLES.get(key, key),
            key=visit.SAMPLE,
            help=wording.SAMPLE_HELP,
        )
        st.button(wording.SAMPLE_FILL, on_click=visit.fill_sample, args=(desk,))
        st.button(wording.CLEAR, on_click=visit.fill, args=(desk, {}))


def _show_fields(fields: Sequence[FormField], problems: Mapping[str, FieldProblem]) -> None:
    # Row by row, so that a phone, which stacks the columns, keeps the order.
    for row in batched(fields, N_COLUMNS):
        for column, field in zip(st.columns(N_COLUMNS), row, strict=False):
            with column:
                _show_field(field)
                if field.name in problems:
                    st.markdown(f":red[:material/error: {wording.say_problem(problems[field.name], field)}]")


def _show_field(field: FormField) -> None:
    """Draw the widget of a field; its value lives in the session, where callbacks put it."""
    key = visit.entry_key(field.name)
    label, told = wording.say_label(field), wording.say_help(field)
    empty = wording.CHOOSE if field.required else wording.UNKNOWN
    if field.kind == "number":
        st.text_input(label, key=key, help=told, placeholder=empty, autocomplete="off")
    elif field.kind == "flag":
        st.selectbox(
            label, FLAG_OPTIONS, key=key, help=told, format_func=lambda value: wording.FLAG_ANSWERS.get(value, empty)
        )
    else:
        st.selectbox(label, (None, *field.categories), key=key, help=told, format_func=lambda value: value or empty)


def _show_failure(desk: Desk) -> None:
    error = visit.failure()
    if isinstance(error, ApplicationRefusedError):
        st.error(wording.say_refusal(error, desk.form.fields), icon=":material/edit_note:")
    elif error is not None:
        st.error(wording.say_trouble(error), icon=":material/cloud_off:")
