"""Who runs the feature SQL, DuckDB in this process or Spark: from the rows of a table to rows per application."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, Protocol

from features.quoting import literal
from features.sql import feature_sql, tables_behind
from training.features.spark import spark_session, to_spark_sql

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb

EngineName = Literal["duckdb", "spark"]
ENGINES: tuple[EngineName, ...] = ("duckdb", "spark")
# Packing a file that the join reads once, at once, costs more than its size on disk.
_READ_ONCE = ", COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1"


class Engine(Protocol):
    """Runs the SQL of one table over its clean rows."""

    def run(self, table: str) -> str:
        """Run the SQL of a table, whose parent has been run before; return the relation that DuckDB reads."""


@contextmanager
def open_engine(name: EngineName, database: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[Engine]:
    """Open an engine over the tables of a database.

    Parameters
    ----------
    folder
        Where results are kept; for a Spark cluster, a folder that all its machines reach.
    """
    if name == "duckdb":
        yield _DuckDb(database, folder)
        return
    with spark_session() as session:
        yield _Spark(database, folder, session)


class _DuckDb:
    """DuckDB, larger than memory where need be."""

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path) -> None:
        self._database = database
        self._folder = folder

    def run(self, table: str) -> str:
        if table == "application":
            # The widest table is read once, by the join.
            return f"({feature_sql(table)})"
        result = self._folder / f"{table}.features.parquet"
        return _stored(self._database, f"({feature_sql(table)})", result, _READ_ONCE)


class _Spark:
    """Spark, over the clean rows as Parquet: the checks and the reading of all formats stay where they are."""

    def __init__(self, database: duckdb.DuckDBPyConnection, folder: Path, session: Any) -> None:  # noqa: ANN401  see spark.py
        self._database = database
        self._folder = folder
        self._session = session

    def run(self, table: str) -> str:
        result = self._folder / f"{table}.features"
        for name in tables_behind(table):
            rows = self._folder / f"{name}.rows.parquet"
            if not rows.exists():
                _stored(self._database, name, rows)
                self._session.read.parquet(str(rows)).createOrReplaceTempView(name)
        self._session.sql(to_spark_sql(feature_sql(table))).write.parquet(str(result))
        return f"read_parquet({literal(str(result / '*.parquet'))})"


def _stored(database: duckdb.DuckDBPyConnection, relation: str, path: Path, options: str = "") -> str:
    """Write a relation to a Parquet file; return the relation that reads it."""
    database.execute(f"COPY (FROM {relation}) TO {literal(str(path))} (FORMAT parquet{options})")
    return f"read_parquet({literal(str(path))})"
