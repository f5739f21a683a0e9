"""The raw tables of a data folder: found, read under declared types, checked, and summed up in a manifest."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from tqdm import tqdm

from features.sql import no_rows_sql, tables_behind
from features.tables import HISTORY_TABLES, load_table
from training.sources.applications import stored_applications
from training.sources.checks import CheckedTable, check_table
from training.sources.database import DEFAULT_MEMORY_LIMIT, Workspace, open_database, side_by_side, within_limits
from training.sources.files import SourceFile, find_files, similar_file
from training.sources.history import asked_tables
from training.sources.judging import Judgement, chosen_files, judge, make_view
from training.sources.manifest import FileEntry, Manifest, file_sha256, manifest_of
from training.sources.reading import read_raw

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import duckdb

    from training.sources.spreadsheet import Dialect

__all__ = ["FileEntry", "Manifest", "Sources", "load_sources"]


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
            make_view(database, name, query)
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
    similar = partial(similar_file, folder)
    files = chosen_files(find_files(folder), folder, asked, similar, labelled=labelled)
    workspace = Workspace()
    with (
        ThreadPoolExecutor(1) as hashing,
        open_database(workspace, memory_limit) as database,
        within_limits(memory_limit),
    ):
        hashes = {path: hashing.submit(file_sha256, path) for path in {source.path for source in files.values()}}
        checked = _check_files(database, files, workspace, dialect, progress=progress)
        judgement = judge(database, checked, asked, similar, labelled=labelled)
    manifest = manifest_of(
        _entry(source, checked[source.name], judgement, hashes[source.path].result()) for source in files.values()
    )
    stored = {name: _stored(checked, name) for name in judgement.queries}
    notes = tuple(judgement.notes)
    return Sources(folder, judgement.queries, stored, manifest, notes, memory_limit, dialect, workspace)


def _stored(checked: Mapping[str, CheckedTable], name: str) -> str:
    """Return the SELECT of the rows of a kept table as they are in the files."""
    return stored_applications(checked) if name == "application" else checked[name].stored


def _check_files(
    database: duckdb.DuckDBPyConnection,
    files: dict[str, SourceFile],
    workspace: Workspace,
    dialect: Dialect,
    *,
    progress: bool,
) -> dict[str, CheckedTable]:
    """Read and check each file on its own."""

    def check(own: duckdb.DuckDBPyConnection, source: SourceFile) -> CheckedTable:
        table = load_table(source.name if source.name in HISTORY_TABLES else "application")
        return check_table(own, read_raw(own, source, table, workspace.path, dialect=dialect))

    done = side_by_side(database, check, files.values())
    bar = tqdm(done, total=len(files), desc="sources", unit="table", disable=None if progress else True)
    return dict(zip(files, bar, strict=True))


def _entry(source: SourceFile, checked: CheckedTable, judgement: Judgement, sha256: str) -> FileEntry:
    """Describe one file for the manifest."""
    return FileEntry(
        table=source.name,
        file=source.path.name,
        size=source.path.stat().st_size,
        rows=checked.rows,
        sha256=sha256,
        columns=tuple(column.name for column in checked.raw.columns),
        coverage=judgement.coverage.get(source.name),
        kept=checked.raw.table.name in judgement.queries,
    )
