"""The batch: a CSV file in, answers out, a request at a time so that what is done is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.answers import Assessment
from frontend.api.errors import FrontendError
from frontend.api.further_answers import RowProblems
from frontend.applications.batch_files import BatchFile, UnreadableFileError, chunks, read_batch_file, results, template
from frontend.figures.risk import histogram
from frontend.sentences.decisions import say_decision_briefly
from frontend.sentences.errors import say_trouble
from frontend.sentences.fields import say_file_problem, say_label
from frontend.views import session
from frontend.views.drawing import draw, heading, pen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.further_answers import RowAnswer
    from frontend.applications.form import FormField
    from frontend.applications.snapshot import Desk

# Progress is seen a request at a time: smaller than the API would take, larger than its overhead.
ROWS_A_REQUEST = 200
MOST_MEGABYTES = 50
MOST_SHOWN = 1000
MOST_ERRORS = 30
_RUN = "lot"
_UPLOAD = "lot_fichier"


@dataclass(slots=True)
class BatchRun:
    """An upload, and the answers so far, in its order."""

    digest: str
    file: BatchFile
    rows: list[RowAnswer] = field(default_factory=list)
    threshold: float | None = None
    trouble: FrontendError | None = None

    @property
    def is_done(self) -> bool:
        """Whether every row has its answer."""
        return len(self.rows) == len(self.file.applications)


def show_batch(desk: Desk) -> None:
    """Draw the tab."""
    words = session.words()
    st.markdown(words("batch.intro"))
    examples = {key: sample.application for key, sample in desk.samples.items()}
    st.download_button(
        words("batch.template"),
        template(desk.form, examples),
        file_name="demandes.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="lot_modele",
    )
    uploaded = st.file_uploader(
        words("batch.upload"),
        type="csv",
        key=_UPLOAD,
        help=words("batch.upload_help"),
        max_upload_size=MOST_MEGABYTES,
    )
    if uploaded is not None:
        _take(uploaded.getvalue(), desk)
    run = _run()
    if run is not None:
        _show_run(run, desk)


def _run() -> BatchRun | None:
    return st.session_state.get(_RUN)


def _take(content: bytes, desk: Desk) -> None:
    """Read an upload once; another file, or another model, starts anew."""
    digest = hashlib.sha256(content + desk.seal.encode()).hexdigest()
    run = _run()
    if run is not None and run.digest == digest:
        return
    st.session_state.pop(_RUN, None)
    try:
        st.session_state[_RUN] = BatchRun(digest, read_batch_file(content, desk.form))
    except UnreadableFileError as error:
        st.error(session.words()(error.reason), icon=":material/error:")


def _show_run(run: BatchRun, desk: Desk) -> None:
    words, file = session.words(), run.file
    st.markdown(words.counted("batch.rows", len(file.applications)))
    if file.ignored:
        st.warning(words("batch.ignored", names=", ".join(file.ignored)), icon=":material/rule:")
    if file.absent:
        names = ", ".join(f"{say_label(one, words)} ({one.name})" for one in file.absent)
        st.error(words("batch.absent", names=names), icon=":material/error:")
        return
    if run.trouble is not None:
        _show_trouble(run.trouble, run)
    if not run.is_done:
        label = words("batch.resume" if run.rows else "batch.run")
        if st.button(label, type="primary", icon=":material/play_arrow:", key="lot_evaluer"):
            _score(run, desk)
    if run.rows and run.threshold is not None:
        _show_results(run, run.threshold, desk)


def _score(run: BatchRun, desk: Desk) -> None:
    """Ask for the rows that have no answer yet, then draw anew; what is answered stays, whatever happens next."""
    words, total = session.words(), len(run.file.applications)
    run.trouble = None
    bar = st.progress(len(run.rows) / total)
    most_rows = min(ROWS_A_REQUEST, desk.limits.rows)
    try:
        for chunk in chunks(run.file.applications[len(run.rows) :], most_rows=most_rows, most_bytes=desk.limits.bytes):
            answer = session.client(desk).score_batch(chunk)
            run.rows.extend(answer.rows)
            run.threshold = answer.threshold
            done = words("batch.progress", done=words.number(len(run.rows)), total=words.number(total))
            bar.progress(len(run.rows) / total, text=done)
    except FrontendError as error:
        run.trouble = error
    st.rerun()


def _show_trouble(error: FrontendError, run: BatchRun) -> None:
    words = session.words()
    st.error(say_trouble(error, words), icon=":material/cloud_off:")
    if run.rows:
        st.info(words("batch.partial", done=words.number(len(run.rows))), icon=":material/save:")


def _show_results(run: BatchRun, threshold: float, desk: Desk) -> None:
    words = session.words()
    heading(words("batch.results"))
    scored = [row for row in run.rows if isinstance(row, Assessment)]
    refused = sum(row.refused for row in scored)
    figures = {
        "batch.scored": words.number(len(scored)),
        "batch.refusal_rate": words.percent(refused / len(scored)) if scored else "–",
        "batch.review": words.number(sum(bool(row.review) for row in scored)),
        "batch.failed": words.number(len(run.rows) - len(scored)),
    }
    with st.container(horizontal=True):
        for key, value in figures.items():
            st.metric(words(key), value, border=True)
    st.download_button(
        words("batch.download"),
        results(run.file.identifiers[: len(run.rows)], run.rows),
        file_name="resultats.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
        key="lot_resultats",
    )
    if scored:
        st.markdown(f"**{words('batch.distribution')}**")
        draw(histogram([row.default_probability for row in scored], threshold, pen=pen()))
    _show_errors(run, desk)
    _show_rows(run)


def _show_errors(run: BatchRun, desk: Desk) -> None:
    words = session.words()
    labels = {one.name: _column(one) for one in desk.form.fields}
    items = {item["name"]: item for item in desk.contract["inputs"]}
    lines = [
        (
            identifier,
            labels.get(problem.field, problem.field),
            say_file_problem(problem, items.get(problem.field), words),
        )
        for identifier, row in zip(run.file.identifiers, run.rows, strict=False)
        if isinstance(row, RowProblems)
        for problem in row.problems
    ]
    if not lines:
        return
    st.markdown(f"**{words('batch.errors')}**")
    names = (words("batch.row"), words("batch.field"), words("batch.problem"))
    shown = lines[:MOST_ERRORS]
    st.table(dict(zip(names, map(list, zip(*shown, strict=True)), strict=True)), hide_index=True, border="horizontal")
    if len(lines) > MOST_ERRORS:
        st.caption(words("batch.shown", n=words.number(MOST_ERRORS)))


def _column(one: FormField) -> str:
    return f"{say_label(one, session.words())} ({one.name})"


def _show_rows(run: BatchRun) -> None:
    words = session.words()
    lines = [
        (
            identifier,
            words.percent(row.default_probability, 2),
            say_decision_briefly(refused=row.refused, words=words),
            words.percent(row.coverage, 0),
            " ".join(row.review),
        )
        for identifier, row in zip(run.file.identifiers, run.rows, strict=False)
        if isinstance(row, Assessment)
    ]
    keys = ("row", "result_probability", "result_decision", "result_coverage", "result_review")
    if lines:
        _table([words(f"batch.{key}") for key in keys], lines, alt=words("batch.results_alt"))


def _table(names: Sequence[str], lines: Sequence[tuple[str, ...]], *, alt: str) -> None:
    """Draw the first lines of a table."""
    shown = lines[:MOST_SHOWN]
    st.dataframe(dict(zip(names, map(list, zip(*shown, strict=True)), strict=True)), hide_index=True, alt=alt)
    if len(lines) > MOST_SHOWN:
        st.caption(session.words()("batch.shown", n=session.words().number(MOST_SHOWN)))
