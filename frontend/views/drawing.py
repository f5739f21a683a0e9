"""How figures, tables and errors are put on the page: with their alternative, in the reader's language and theme."""

from __future__ import annotations

from itertools import batched
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.answers import Assessment, Outcome
from frontend.api.errors import FrontendError, RouteAbsentError
from frontend.figures.chart import Figure, Theme
from frontend.sentences.decisions import say_proposal
from frontend.sentences.errors import say_error
from frontend.sentences.fields import say_caption, say_choice, say_help, say_problem
from frontend.views import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from frontend.api.problems import FieldProblem
    from frontend.applications.form import FormField

# Ink and paper of each theme, as .streamlit/config.toml has them.
LIGHT = ("#1b2430", "#ffffff")
DARK = ("#eef2f6", "#11161d")
N_COLUMNS = 2
FLAG_OPTIONS = (None, 1, 0)
_ICONS = {
    Outcome.GRANT: ":material/check_circle:",
    Outcome.REVIEW: ":material/person_search:",
    Outcome.REFUSE: ":material/block:",
}


def theme() -> Theme:
    """Return what figures are written with."""
    ink, paper = DARK if st.context.theme.type == "dark" else LIGHT
    return Theme(session.words(), ink, paper)


def draw(figure: Figure) -> None:
    """Draw a figure as wide as the page, with its text for screen readers."""
    st.vega_lite_chart(spec=figure.spec, width="stretch", alt=figure.alternative)


def heading(text: str) -> None:
    """Write the title of a part of a tab."""
    st.header(text, anchor=False)


def minor_heading(text: str) -> None:
    """Write the title of a part of such a part."""
    st.subheader(text, anchor=False)


def decision_heading(assessment: Assessment) -> None:
    """Write what is proposed as a title."""
    heading(f"{_ICONS[assessment.proposal]} {say_proposal(assessment.proposal, session.words())}")


def show_in_columns[Item](items: Iterable[Item], show: Callable[[Item], None]) -> None:
    """Draw items side by side: row by row, so that a phone, which stacks the columns, keeps their order."""
    for row in batched(items, N_COLUMNS):
        for column, item in zip(st.columns(N_COLUMNS), row, strict=False):
            with column:
                show(item)


def show_field(field: FormField, key: str, problem: FieldProblem | None) -> None:
    """Draw the widget of a field, whose value lives in the session, and under it what is wrong."""
    words = session.words()
    label, help_text = say_caption(field, words), say_help(field, words)
    if field.kind == "number":
        empty = words("form.choose" if field.required else "form.unknown")
        st.text_input(label, key=key, help=help_text, placeholder=empty, autocomplete="off")
    else:
        options = FLAG_OPTIONS if field.kind == "flag" else (None, *field.category_labels)
        st.selectbox(label, options, key=key, help=help_text, format_func=lambda one: say_choice(field, one, words))
    if problem is not None:
        st.markdown(f":red[:material/error: {say_problem(problem, field, words)}]")


def show_table(columns: Mapping[str, Sequence[str]]) -> None:
    """Draw columns under their names."""
    st.table(dict(columns), hide_index=True, border="horizontal")


def show_facts(facts: Mapping[str, object], key: str) -> None:
    """Draw facts beside their names; the style sheet knows them by their key, and breaks a hash anywhere."""
    columns = {"": list(facts), " ": list(facts.values())}
    with st.container(key=f"faits_{key}"):
        st.table(columns, hide_index=True, hide_header=True, border="horizontal")


def show_metrics(metrics: Mapping[str, str]) -> None:
    """Draw numbers side by side, each under its name, by the key of that in the locales."""
    with st.container(horizontal=True):
        for key, value in metrics.items():
            st.metric(session.words()(key), value, border=True)


def columns_of[Line](names: Sequence[str], lines: Sequence[Sequence[Line]]) -> dict[str, list[Line]]:
    """Return the columns of a table that was written line by line.

    >>> columns_of(["row", "problem"], [("1", "absent"), ("2", "too large")])
    {'row': ['1', '2'], 'problem': ['absent', 'too large']}
    """
    return dict(zip(names, map(list, zip(*lines, strict=True)), strict=True))


def show_unavailable() -> None:
    """Say that this API does not have what would be here."""
    st.info(session.words()("page.unavailable"), icon=":material/info:")


def show_error(error: FrontendError, key: str) -> None:
    """Say what happened, and offer to try again where that may help."""
    words = session.words()
    if isinstance(error, RouteAbsentError):
        show_unavailable()
        return
    st.error(say_error(error, words), icon=":material/cloud_off:")
    st.button(words("page.retry"), key=f"reessayer_{key}", icon=":material/refresh:")


def attempt[Asked](ask: Callable[[], Asked], key: str, *, waiting: str = "") -> Asked | None:
    """Return what the API answers, or show why it does not and return None."""
    try:
        if not waiting:
            return ask()
        with st.spinner(waiting, show_time=True):
            return ask()
    except FrontendError as error:
        show_error(error, key)
        return None
