"""How the tables fit together: train with test, and each history with what it hangs on; the same for every engine."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from features.quoting import identifier
from features.tables import HISTORY_TABLES, load_table
from training.errors import DataError
from training.sources.applications import (
    absent_applications_note,
    application_query,
    bounds_notes,
    check_outcome,
    check_overlap,
    outcome_notes,
)
from training.sources.files import TEST_FILE, TRAIN_FILE
from training.sources.history import (
    MINIMUM_COVERAGE,
    Ownership,
    absent_note,
    left_out_note,
    measure_ownership,
    ownership_notes,
    remember_owners,
)
from training.sources.phrases import meant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from training.sources.checks import CheckedTable
    from training.sources.database import Database

    type SimilarName = Callable[[str], str | None]

_PARENTS = {load_table(name).links.parent for name in HISTORY_TABLES}


@dataclass
class Judgement:
    """What is made of checked tables.

    Attributes
    ----------
    queries
        By kept table, ``application`` first: the SELECT of its clean rows.
    notes
        What was found and done.
    coverage
        By history: the share of the applications that have a row in it.
    """

    queries: dict[str, str]
    notes: list[str]
    coverage: dict[str, float] = field(default_factory=dict)


def chosen_files[File](
    files: Mapping[str, File],
    place: object,
    asked: tuple[str, ...] | None,
    similar: SimilarName,
    *,
    labelled: bool,
) -> dict[str, File]:
    """Keep the files asked for; refuse to go on without a file that is needed.

    Parameters
    ----------
    place
        Where the files were looked for.
    similar
        Gives a name much like that of a table that is not there, or None.

    Raises
    ------
    DataError
        ``TRN102`` for a file that is not there.
    """
    applications = TRAIN_FILE if labelled or TEST_FILE not in files else TEST_FILE
    needed = [applications, *(name for name in asked or () if name in HISTORY_TABLES)]
    for name in needed:
        if name not in files:
            raise DataError("TRN102", f"{name} is not in {place}; {_advice(name, similar(name))}")
    if asked is None:
        return dict(files)
    return {name: file for name, file in files.items() if name in (*needed, TRAIN_FILE, TEST_FILE)}


def judge(
    database: Database,
    checked: Mapping[str, CheckedTable],
    asked: tuple[str, ...] | None,
    similar: SimilarName,
    *,
    labelled: bool,
) -> Judgement:
    """Judge checked tables together, parents first; leave out the histories that cover too little.

    Parameters
    ----------
    checked
        By file, each checked on its own.
    asked, similar, labelled
        As `chosen_files` takes them.

    Raises
    ------
    DataError
        ``TRN112`` to ``TRN114`` and ``TRN124``: applications that cannot be used together.
    """
    query, notes = _checked_applications(database, checked, labelled=labelled)
    judgement = Judgement({"application": query}, list(notes))
    absent = [name for name in (TRAIN_FILE, TEST_FILE) if name not in checked]
    judgement.notes.extend(absent_applications_note(name, similar(name)) for name in absent)
    for name in HISTORY_TABLES:
        if name in checked:
            _add_history(database, judgement, checked[name], by_coverage=asked is None)
        elif asked is None:
            judgement.notes.append(absent_note(name, similar(name)))
    return judgement


def make_view(database: Database, name: str, query: str) -> None:
    """Give a query the name of a table."""
    database.execute(f"CREATE TEMP VIEW {identifier(name)} AS {query}")


def _advice(name: str, similar: str | None) -> str:
    """Say how a file that is needed can be given, or done without."""
    advice = f"put {name}.csv (or .csv.gz, .zip, .parquet) there{meant(similar)}"
    return advice if name == TRAIN_FILE else f"{advice}, or name only the histories you have with --tables, or 'none'"


def _checked_applications(
    database: Database, checked: Mapping[str, CheckedTable], *, labelled: bool
) -> tuple[str, tuple[str, ...]]:
    """Put train and test together in the view ``application``; return its query and what is to be said of it."""
    query = application_query(checked.get(TRAIN_FILE), checked.get(TEST_FILE))
    make_view(database, "application", query)
    remember_owners(database, "application", query)
    check_overlap(database)
    if labelled:
        check_outcome(database)
    notes = [note for name in (TRAIN_FILE, TEST_FILE) if name in checked for note in checked[name].notes]
    return query, (*notes, *(() if labelled else outcome_notes(database)), *bounds_notes(database))


def _add_history(database: Database, judgement: Judgement, checked: CheckedTable, *, by_coverage: bool) -> None:
    """Keep a history, or leave it out with a note."""
    name, links = checked.raw.name, checked.raw.table.links
    if links.parent not in judgement.queries:
        judgement.notes.append(f"{name}: left out with {links.parent}, on which it hangs")
        return
    ownership = measure_ownership(database, checked)
    judgement.coverage[name] = ownership.coverage
    if by_coverage and ownership.coverage < MINIMUM_COVERAGE:
        judgement.notes.extend((*ownership_notes(name, ownership), left_out_note(checked, ownership.coverage)))
        return
    _keep(database, judgement, checked, ownership)


def _keep(database: Database, judgement: Judgement, checked: CheckedTable, ownership: Ownership) -> None:
    name = checked.raw.name
    judgement.notes.extend((*checked.notes, *ownership_notes(name, ownership)))
    judgement.queries[name] = checked.query
    if name in _PARENTS:
        remember_owners(database, name, checked.query)
