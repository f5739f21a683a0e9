"""Spark as the database that the checks ask: SQL as it is written for DuckDB in, rows of counts and examples out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from training.spark.dialect import written
from training.spark.libraries import library


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to a query."""

    rows: list[tuple[Any, ...]]

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows."""
        return self.rows


class SparkDatabase:
    """The views of a Spark session, under the interface of `training.sources.database.Database`.

    A table that a statement creates is kept by the executors, in memory as long as there is room; a view is not.

    Parameters
    ----------
    session
        Open Spark session.
    """

    def __init__(self, session: Any) -> None:
        self.session = session

    def execute(self, query: str) -> Rows:
        """Run a query, whose rows come to the driver; or create a view or a table, of which nothing does."""
        tree = library("sqlglot").parse_one(query, read="duckdb")
        if not isinstance(tree, library("sqlglot").exp.Create):
            return Rows([tuple(row) for row in self.session.sql(written(tree)).collect()])
        frame = self.session.sql(written(tree.expression))
        if tree.kind == "TABLE":
            frame = frame.persist()
        frame.createOrReplaceTempView(tree.this.name)
        return Rows([])

    def columns(self, relation: str) -> list[str]:
        """Return the columns of a view."""
        return list(self.session.table(relation).columns)
