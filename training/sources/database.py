"""DuckDB as this room uses it: bounded memory, spilling to a folder of its own, never reaching the network."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import duckdb

from features.quoting import literal
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

DEFAULT_MEMORY_LIMIT = "3GB"
_AT_A_TIME = 2
_BETWEEN_INTERRUPTIONS_SECONDS = 0.05


class Answer(Protocol):
    """What a query gives."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows."""


class Database(Protocol):
    """Whoever answers the queries of the checks, written in the SQL of DuckDB: DuckDB itself, or Spark."""

    def execute(self, query: str) -> Answer:
        """Run a query."""


class Workspace:
    """A temporary folder for extracted, converted and spilled data, removed with its owner."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="pret-a-depenser-"))
        # A finalizer also runs at interpreter exit, so an interrupted command leaves nothing behind.
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)


def open_database(workspace: Workspace, memory_limit: str = DEFAULT_MEMORY_LIMIT) -> duckdb.DuckDBPyConnection:
    """Open an in-memory database that spills to `workspace` beyond `memory_limit`.

    Raises
    ------
    DataError
        ``TRN117`` when `memory_limit` is not a size such as ``3GB``.
    """
    database = duckdb.connect()
    # A connection may outlive whoever opened it: it holds on to the folder its tables and its spilled data are in.
    weakref.finalize(database, _let_go, workspace)
    try:
        database.execute(f"SET memory_limit = {literal(memory_limit)}")
    except duckdb.Error as error:
        database.close()
        raise DataError("TRN117", f"memory limit {memory_limit!r} is not a size; write it as 3GB or 800MB") from error
    database.execute(f"SET temp_directory = {literal(str(workspace.path / 'spill'))}")
    database.execute("SET autoinstall_known_extensions = false")
    _hide_bar(database)
    return database


def _hide_bar(database: duckdb.DuckDBPyConnection) -> None:
    """Turn DuckDB's own bar off: progress is shown per table by the commands."""
    with suppress(duckdb.InvalidInputException):  # in a notebook without widgets there is no bar to turn off
        database.execute("SET enable_progress_bar = false")


def side_by_side[Item, Result](
    database: duckdb.DuckDBPyConnection,
    work: Callable[[duckdb.DuckDBPyConnection, Item], Result],
    items: Iterable[Item],
) -> Iterator[Result]:
    """Yield what `work` makes of each item, in their order, two at a time on connections of their own.

    A query keeps all cores busy but where it begins and ends, and while Python unpacks a file none does. Temporary
    tables are not shared. When one fails, the other is interrupted.
    """
    begun: list[duckdb.DuckDBPyConnection] = []

    def run(item: Item) -> Result:
        with database.cursor() as own:
            _hide_bar(own)
            begun.append(own)
            return work(own, item)

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        futures = [pool.submit(run, item) for item in items]
        try:
            for future in futures:
                yield future.result()
        except BaseException:  # an interruption too must not wait for queries over whole files
            pool.shutdown(wait=False, cancel_futures=True)
            # What has not begun its query yet is not interrupted by being told once.
            while not all(future.done() for future in futures):
                for own in begun:
                    with suppress(duckdb.ConnectionException):  # closed already
                        own.interrupt()
                time.sleep(_BETWEEN_INTERRUPTIONS_SECONDS)
            raise


def _let_go(workspace: Workspace) -> None:
    """Drop the last reference to a workspace; its own finalizer removes the folder."""


@contextmanager
def within_limits(memory_limit: str) -> Iterator[None]:
    """Turn running out of memory into one line that says what to do.

    Raises
    ------
    DataError
        ``TRN118`` when the work does not fit in `memory_limit` and the disk beside it.
    """
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        advice = "raise --memory-limit, free disk space, or use fewer tables with --tables"
        raise DataError("TRN118", f"the data does not fit in {memory_limit} of memory; {advice}") from error
