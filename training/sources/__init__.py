"""The raw tables of a data folder: found, read under declared types, checked, and summed up in a manifest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tqdm import tqdm

from features.quoting import identifier
from features.sql import no_rows_sql, tables_behind
from features.tables import HISTORY_TABLES, load_table
from training.errors import DataError
from training.sources.applications import (
    absent_applications_note,
    application_query,
    bounds_notes,
    check_outcome,
    check_overlap,
    outcome_notes,
    stored_applications,
)
from training.sources.checks import CheckedTable, check_table
from training.sources.database import DEFAULT_MEMORY_LIMIT, Workspace, open_database, within_limits
from training.sources.files import TEST_FILE, TRAIN_FILE, SourceFile, find_files, similar_file
from training.sources.history import (
    MINIMUM_COVERAGE,
    Ownership,
    absent_note,
    asked_tables,
    left_out_note,
    measure_ownership,
    ownership_notes,
    remember_owners,
)
from training.sources.manifest import FileEntry, Manifest, file_sha256, manifest_of
from training.sources.phrases import meant
from training.sources.reading import read_raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from training.sources.spreadsheet import Dialect

__all__ = ["FileEntry", "Manifest", "Sources", "load_sources"]

_PARENTS = {load_table(name).links.parent for name in HISTORY_TABLES}


@dataclass(frozen=True)
class Sources:
    """Checked raw tables, ready for SQL.

    `queries` gives for each kept table the SELECT of its clean rows, `stored` that of the rows as they are in the
    files; `notes` says what was found and done. Converted files live in a temporary folder that goes with this object.
    """

    folder: Path
    queries: Mapping[str, str]
    stored: Mapping[str, str]
    manifest: Manifest
    notes: tuple[str, ...]
    memory_limit: str = DEFAULT_MEMORY_LIMIT
    dialect: Dialect = "plain"
    workspace: Workspace = field(default_factory=Workspace, repr=False, compare=False)

    @property
    def tables(self) -> tuple[str, ...]:
        """Return the names of the kept tables, ``application`` first."""
        return tuple(self.queries)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """Open a database with one view for each kept table, under the table's name.

        A table that the features of a kept one read beside it has a view without rows where it is not kept.
        """
        database = open_database(self.workspace, self.memory_limit)
        beside = {name: no_rows_sql(name) for table in self.queries for name in tables_behind(table)}
        for name, query in {**beside, **self.queries}.items():
            _make_view(database, name, query)
        return database


def load_sources(
    folder: Path,
    *,
    tables: Sequence[str] | None = None,
    labelled: bool = True,
    dialect: Dialect = "plain",
    memory_limit: str = DEFAULT_MEMORY_LIMIT,
    progress: bool = False,
) -> Sources:
    """Load and check the Home Credit tables of a folder.

    Parameters
    ----------
    folder
        Holds the tables as Parquet, CSV, gzipped or zipped CSV, under any case of the names.
    tables
        Use exactly these histories beside the applications; None uses those that cover enough applications.
    labelled
        Applications with outcomes are needed. When false, either file of applications will do and outcomes may be
        all alike: that is enough to score.
    dialect
        How text is written: ``plain`` is UTF-8, commas and decimal points; ``excel`` is what spreadsheets save.
    memory_limit
        What the database may use before it spills to disk, such as ``3GB``.
    progress
        Show a progress bar over the files.

    Raises
    ------
    DataError
        ``TRN101`` to ``TRN118``, ``TRN123`` and ``TRN124``: the folder, a file or a value cannot be used; the message
        says which and what to do.
    """
    asked = asked_tables(tables)
    files = _chosen(find_files(folder), folder, asked, labelled=labelled)
    workspace = Workspace()
    with open_database(workspace, memory_limit) as database, within_limits(memory_limit):
        checked = _check_files(database, files, workspace, dialect, progress=progress)
        query, notes = _checked_applications(database, checked, labelled=labelled)
        histories = _Histories(database, asked, {"application": query}, {"application": stored_applications(checked)})
        absent = [name for name in (TRAIN_FILE, TEST_FILE) if name not in checked]
        histories.notes.extend(absent_applications_note(name, similar_file(folder, name)) for name in absent)
        for name in HISTORY_TABLES:
            if name in checked:
                histories.add(checked[name])
            elif asked is None:
                histories.notes.append(absent_note(name, similar_file(folder, name)))
    entries = [_entry(source, checked[source.name], histories) for source in files.values()]
    all_notes = (*notes, *histories.notes)
    manifest = manifest_of(entries)
    return Sources(folder, histories.queries, histories.stored, manifest, all_notes, memory_limit, dialect, workspace)


def _chosen(
    files: dict[str, SourceFile], folder: Path, asked: tuple[str, ...] | None, *, labelled: bool
) -> dict[str, SourceFile]:
    """Keep the files asked for; refuse to go on without a file that is needed."""
    applications = TRAIN_FILE if labelled or TEST_FILE not in files else TEST_FILE
    needed = [applications, *(name for name in asked or () if name in HISTORY_TABLES)]
    for name in needed:
        if name not in files:
            raise DataError("TRN102", f"{name} is not in {folder}; {_advice(folder, name)}")
    if asked is None:
        return files
    return {name: source for name, source in files.items() if name in (*needed, TRAIN_FILE, TEST_FILE)}


def _advice(folder: Path, name: str) -> str:
    """Say how a file that is needed can be given, or done without."""
    advice = f"put {name}.csv (or .csv.gz, .zip, .parquet) there{meant(similar_file(folder, name))}"
    return advice if name == TRAIN_FILE else f"{advice}, or name only the histories you have with --tables, or 'none'"


def _check_files(
    database: duckdb.DuckDBPyConnection,
    files: dict[str, SourceFile],
    workspace: Workspace,
    dialect: Dialect,
    *,
    progress: bool,
) -> dict[str, CheckedTable]:
    """Read and check each file on its own."""
    checked = {}
    with tqdm(files.items(), desc="sources", unit="table", disable=None if progress else True) as bar:
        for name, source in bar:
            bar.set_postfix_str(name)
            table = load_table(name if name in HISTORY_TABLES else "application")
            checked[name] = check_table(database, read_raw(database, source, table, workspace.path, dialect=dialect))
    return checked


def _checked_applications(
    database: duckdb.DuckDBPyConnection, checked: dict[str, CheckedTable], *, labelled: bool
) -> tuple[str, tuple[str, ...]]:
    """Put train and test together in the view ``application``; return its query and what is to be said of it."""
    query = application_query(checked.get(TRAIN_FILE), checked.get(TEST_FILE))
    _make_view(database, "application", query)
    remember_owners(database, "application", query)
    check_overlap(database)
    if labelled:
        check_outcome(database)
    notes = [note for name in (TRAIN_FILE, TEST_FILE) if name in checked for note in checked[name].notes]
    return query, (*notes, *(() if labelled else outcome_notes(database)), *bounds_notes(database))


@dataclass
class _Histories:
    """The histories as they are judged one after the other, parents first."""

    database: duckdb.DuckDBPyConnection
    asked: tuple[str, ...] | None
    queries: dict[str, str]
    stored: dict[str, str]
    notes: list[str] = field(default_factory=list)
    coverage: dict[str, float] = field(default_factory=dict)

    def add(self, checked: CheckedTable) -> None:
        """Keep a history, or leave it out with a note."""
        name, links = checked.raw.name, checked.raw.table.links
        if links.parent not in self.queries:
            self.notes.append(f"{name}: left out with {links.parent}, on which it hangs")
            return
        ownership = measure_ownership(self.database, checked)
        self.coverage[name] = ownership.coverage
        if self.asked is None and ownership.coverage < MINIMUM_COVERAGE:
            self.notes.extend((*ownership_notes(name, ownership), left_out_note(checked, ownership.coverage)))
            return
        self._keep(checked, ownership)

    def _keep(self, checked: CheckedTable, ownership: Ownership) -> None:
        name = checked.raw.name
        self.notes.extend((*checked.notes, *ownership_notes(name, ownership)))
        self.queries[name] = checked.query
        self.stored[name] = checked.stored
        if name in _PARENTS:
            remember_owners(self.database, name, checked.query)


def _make_view(database: duckdb.DuckDBPyConnection, name: str, query: str) -> None:
    database.execute(f"CREATE VIEW {identifier(name)} AS {query}")


def _entry(source: SourceFile, checked: CheckedTable, histories: _Histories) -> FileEntry:
    """Describe one file for the manifest."""
    return FileEntry(
        table=source.name,
        file=source.path.name,
        size=source.path.stat().st_size,
        rows=checked.rows,
        sha256=file_sha256(source.path),
        columns=tuple(column.name for column in checked.raw.columns),
        coverage=histories.coverage.get(source.name),
        kept=checked.raw.table.name in histories.queries,
    )
