"""The database: limits that are kept and said, temporary data that goes away."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from training.errors import DataError
from training.sources.database import Workspace, open_database, side_by_side, within_limits

if TYPE_CHECKING:
    import duckdb


def test_workspace_goes_with_its_owner() -> None:
    """The temporary folder disappears when nobody holds it any more."""
    workspace = Workspace()
    path = workspace.path
    (path / "spill").write_text("x")
    del workspace
    gc.collect()

    assert not path.exists()


def test_connection_keeps_its_workspace() -> None:
    """The folder stays as long as a connection may need it, and goes with the connection."""
    workspace = Workspace()
    path = workspace.path
    database = open_database(workspace)
    del workspace
    gc.collect()
    kept = path.exists()
    database.close()
    del database
    gc.collect()

    assert (kept, path.exists()) == (True, False)


def test_memory_limit_has_to_be_a_size() -> None:
    """A limit that is no size is refused with an example of one."""
    with pytest.raises(DataError, match=r"TRN117: memory limit 'much' is not a size; write it as 3GB or 800MB"):
        open_database(Workspace(), "much")


def test_memory_limit_is_set() -> None:
    """The database uses no more memory than it was given."""
    with open_database(Workspace(), "300MiB") as database:
        ((limit,),) = database.execute("SELECT current_setting('memory_limit')").fetchall()

    assert limit == "300.0 MiB"


def test_too_little_memory_is_said_on_one_line() -> None:
    """Running out of memory names the limit and the option that raises it."""
    with (
        open_database(Workspace(), "1MB") as database,
        pytest.raises(DataError, match=r"TRN118: the data does not fit in 1MB of memory; raise --memory-limit"),
        within_limits("1MB"),
    ):
        database.execute("CREATE TABLE numbers AS SELECT range AS number, random() AS noise FROM range(5000000)")


def test_work_side_by_side_comes_in_its_order() -> None:
    """Each item has a connection of its own to the same tables; answers come as the items were given."""
    with open_database(Workspace()) as database:
        database.execute("CREATE TABLE numbers AS SELECT range AS n FROM range(10)")

        def below(own: duckdb.DuckDBPyConnection, limit: int) -> int:
            ((count,),) = own.execute("SELECT count(*) FROM numbers WHERE n < ?", [limit]).fetchall()
            return int(count)

        counts = list(side_by_side(database, below, [7, 1, 5]))

    assert counts == [7, 1, 5]


def test_first_failure_in_order_ends_the_others() -> None:
    """The error is that of the first item that fails; a query that still runs is interrupted."""
    endless = "SELECT count(*) FROM range(1000000) AS a, range(1000000) AS b WHERE a.range + b.range < 0"

    def work(own: duckdb.DuckDBPyConnection, item: str) -> object:
        if item == "bad":
            raise DataError("TRN104", "this one")
        return own.execute(endless).fetchall()

    with open_database(Workspace()) as database, pytest.raises(DataError, match="this one"):
        list(side_by_side(database, work, ["bad", "endless", "bad"]))
