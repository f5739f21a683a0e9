"""The batch: a file in, answers out, a request at a time so that what is done is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from frontend.api.answers import Assessment
from frontend.api.batches import RowProblems
from frontend.api.errors import FrontendError
from frontend.applications.batch_files import (
    COUNTRIES,
    AnsweredRow,
    BatchFile,
    Country,
    chunks,
    read_batch_file,
    results,
    template,
)
from frontend.applications.tables import UnreadableFileError
from frontend.figures.risk import histogram
from frontend.sentences.decisions import say_decision_briefly
from frontend.sentences.errors import say_error
from frontend.sentences.fields import say_file_problem, say_label
from frontend.views import session
from frontend.views.drawing import columns_of, draw, heading, minor_heading, show_metrics, show_table, theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.api.batches import RowAnswer
    from frontend.applications.form import FormField, Value
    from frontend.applications.snapshot import Snapshot

# Progress is seen a request at a time: smaller than the API would take, larger than its overhead.
ROWS_A_REQUEST = 200
MOST_MEGABYTES = 50
# As many as a single answer has.
N_REASONS = 4
MOST_SHOWN = 1000
MOST_PROBLEMS = 30
_RUN = "lot"
_UPLOAD = "lot_fichier"


@dataclass(slots=True)
class BatchRun:
    """An upload, and the answers so far, in its order."""

    digest: str
    file: BatchFile
    answered: list[AnsweredRow] = field(default_factory=list)
    error: FrontendError | None = None

    @property
    def rows(self) -> list[RowAnswer]:
        """The answers alone."""
        return [one.row for one in self.answered]

    @property
    def is_done(self) -> bool:
        """Whether every row has its answer."""
        return len(self.answered) == len(self.file.applications)


def uploaded_applications() -> list[dict[str, Value]]:
    """Return the applications of the file that was brought last; none without one."""
    run = st.session_state.get(_RUN)
    return [dict(one) for one in run.file.applications] if isinstance(run, BatchRun) else []


def show_batch(snapshot: Snapshot) -> None:
    """Draw the tab."""
    words = session.words()
    st.markdown(words("batch.intro"))
    examples = {key: sample.application for key, sample in snapshot.samples.items()}
    st.download_button(
        words("batch.template"),
        template(snapshot.form, examples, _country()),
        file_name="demandes.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        key="lot_modele",
    )
    uploaded = st.file_uploader(
        words("batch.upload"),
        type=["csv", "txt", "xlsx"],
        key=_UPLOAD,
        help=words("batch.upload_help"),
        max_upload_size=MOST_MEGABYTES,
    )
    if uploaded is not None:
        _take(uploaded.getvalue(), snapshot)
    run = _run()
    if run is not None:
        _show_run(run, snapshot)


def _run() -> BatchRun | None:
    return st.session_state.get(_RUN)


def _take(content: bytes, snapshot: Snapshot) -> None:
    """Read an upload once; another file, or another model, starts anew."""
    digest = hashlib.sha256(content + snapshot.seal.encode()).hexdigest()
    run = _run()
    if run is not None and run.digest == digest:
        return
    st.session_state.pop(_RUN, None)
    try:
        st.session_state[_RUN] = BatchRun(digest, read_batch_file(content, snapshot.form))
    except UnreadableFileError as error:
        st.error(session.words()(error.reason, detail=error.detail), icon=":material/error:")


def _show_run(run: BatchRun, snapshot: Snapshot) -> None:
    words, file = session.words(), run.file
    st.markdown(words.counted("batch.rows", len(file.applications)))
    if file.ignored:
        st.warning(words("batch.ignored", names=", ".join(file.ignored)), icon=":material/rule:")
    if file.absent:
        names = ", ".join(_column(one) for one in file.absent)
        st.error(words("batch.absent", names=names), icon=":material/error:")
        return
    _show_unknown(file)
    if run.error is not None:
        _show_error(run.error, run)
    if not run.is_done:
        label = words("batch.resume" if run.answered else "batch.run")
        if st.button(label, type="primary", icon=":material/play_arrow:", key="lot_evaluer"):
            _score(run, snapshot)
    if run.answered:
        _show_results(run, run.answered[-1].threshold, snapshot)


def _show_unknown(file: BatchFile) -> None:
    """List before anything is sent what no row of the file tells, and how much of what counts that is."""
    words = session.words()
    if not file.unknown:
        return
    weight = words.percent(sum(one.importance for one in file.unknown), 0)
    told = words.counted("batch.unknown", len(file.unknown), weight=weight)
    with st.expander(told, icon=":material/help:", key="lot_inconnues"):
        names = (words("batch.field"), words("batch.weight"))
        lines = [(_column(one), words.percent(one.importance)) for one in file.unknown]
        show_table(columns_of(names, lines))


def _country() -> Country:
    return COUNTRIES[session.language()]


def _score(run: BatchRun, snapshot: Snapshot) -> None:
    """Ask for the rows that have no answer yet, then draw anew; what is answered stays, whatever happens next."""
    words, total = session.words(), len(run.file.applications)
    run.error = None
    bar = st.progress(len(run.answered) / total)
    most_rows = min(ROWS_A_REQUEST, snapshot.limits.rows)
    try:
        waiting = run.file.applications[len(run.answered) :]
        for chunk in chunks(waiting, most_rows=most_rows, most_bytes=snapshot.limits.bytes):
            answer = session.client(snapshot).score_batch(chunk, n_reasons=N_REASONS)
            run.answered += [AnsweredRow(row, answer.threshold, answer.origin) for row in answer.rows]
            done = words("batch.progress", done=words.number(len(run.answered)), total=words.number(total))
            bar.progress(len(run.answered) / total, text=done)
    except FrontendError as error:
        run.error = error
    st.rerun()


def _show_error(error: FrontendError, run: BatchRun) -> None:
    words = session.words()
    st.error(say_error(error, words), icon=":material/cloud_off:")
    if run.answered:
        st.info(words("batch.partial", done=words.number(len(run.answered))), icon=":material/save:")


def _show_results(run: BatchRun, threshold: float, snapshot: Snapshot) -> None:
    words = session.words()
    heading(words("batch.results"))
    scored = [row for row in run.rows if isinstance(row, Assessment)]
    refused = sum(row.refused for row in scored)
    show_metrics(
        {
            "batch.scored": words.number(len(scored)),
            "batch.refusal_rate": words.rate(refused / len(scored) if scored else None),
            "batch.review": words.number(sum(bool(row.review) for row in scored)),
            "batch.failed": words.number(len(run.rows) - len(scored)),
        }
    )
    st.download_button(
        words("batch.download"),
        results(run.file.identifiers[: len(run.answered)], run.answered, _country()),
        file_name="resultats.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
        key="lot_resultats",
    )
    if scored:
        minor_heading(words("batch.distribution"))
        draw(histogram([row.default_probability for row in scored], threshold, theme=theme()))
    _show_problems(run, snapshot)
    _show_rows(run)


def _show_problems(run: BatchRun, snapshot: Snapshot) -> None:
    words = session.words()
    labels = {one.name: _column(one) for one in snapshot.form.fields}
    items = {item["name"]: item for item in snapshot.contract["inputs"]}
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
    minor_heading(words("batch.errors"))
    names = (words("batch.row"), words("batch.field"), words("batch.problem"))
    show_table(columns_of(names, lines[:MOST_PROBLEMS]))
    _tell_cut(lines, MOST_PROBLEMS)


def _column(one: FormField) -> str:
    """Return the column of a field in the file, by its label and its name there."""
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
        shown = columns_of([words(f"batch.{key}") for key in keys], lines[:MOST_SHOWN])
        st.dataframe(shown, hide_index=True, alt=words("batch.results_alt"))
        _tell_cut(lines, MOST_SHOWN)


def _tell_cut(lines: Sequence[object], most: int) -> None:
    """Say so where a table has only the first lines."""
    if len(lines) > most:
        st.caption(session.words()("batch.shown", n=session.words().number(most)))
