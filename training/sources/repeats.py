"""Rows that are there twice: refused where a join would multiply them, said where they only count twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb

from features.tables import MONTH
from training.errors import DataError
from training.sources.faults import unreadable
from training.sources.phrases import counted
from training.sources.values import value_sql

if TYPE_CHECKING:
    from training.sources.database import Database
    from training.sources.reading import RawTable

# Months before the application that have a bit of their own in 128 of them; real histories go back 96.
_OLDEST_MONTH = -126


def fetch_row(database: Database, raw: RawTable, query: str) -> tuple[Any, ...]:
    """Return the one row of a query over a source file.

    Raises
    ------
    DataError
        ``TRN104`` for a Parquet file whose damage shows only when its pages are read.
    """
    try:
        (row,) = database.execute(query).fetchall()
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        raise unreadable(raw.path) from error
    return tuple(row)


def check_duplicates(database: Database, raw: RawTable) -> None:
    """Refuse a key that two rows share: joins would multiply them.

    Raises
    ------
    DataError
        ``TRN111``, with the number of such keys and an example.
    """
    if raw.table.key is None:
        return
    key = value_sql(raw, raw.table.column(raw.table.key))
    shared = f"SELECT {key} AS shared FROM {raw.relation} GROUP BY {key} HAVING count(*) > 1"
    count, example = fetch_row(database, raw, f"SELECT count(*), min(shared) FROM ({shared})")
    if count:
        keys = counted(count, "key is", "keys are")
        detail = f"{keys} on several rows, for example {whole(example)}; keep one row for each"
        raise DataError("TRN111", f"{raw.name}.{raw.table.key}: {detail}")


def repeated_months(database: Database, raw: RawTable, query: str) -> tuple[str, ...]:
    """Report the months that a credit has twice, as when a file was put together from overlapping parts.

    Months further back than any real history are not looked at.

    Parameters
    ----------
    query
        The SELECT of the clean rows.
    """
    if raw.table.links.dated_by != MONTH:
        return ()
    credit = raw.table.credit_key
    # A bit for each month: grouping by credit and month would take as many groups as the file has rows.
    months = f"bit_count(bit_or(CAST(1 AS HUGEINT) << CAST(-{MONTH} AS INTEGER)))"
    rows, example = fetch_row(
        database,
        raw,
        f"""
        SELECT CAST(coalesce(sum(n_rows - n_months), 0) AS BIGINT), min(CASE WHEN n_rows > n_months THEN credit END)
        FROM (
            SELECT {credit} AS credit, count(*) AS n_rows, {months} AS n_months
            FROM ({query})
            WHERE {MONTH} BETWEEN {_OLDEST_MONTH} AND 0 AND {credit} IS NOT NULL
            GROUP BY {credit}
        )
        """,
    )
    if not rows:
        return ()
    repeat = counted(rows, "row repeats", "rows repeat")
    return (f"{raw.name}: {repeat} a month that the credit has already, for example {credit} {example}; all count",)


def whole(key: object) -> str:
    """Write a key without the decimals of a double.

    Examples
    --------
    >>> whole(100001.0), whole("A")
    ('100001', 'A')
    """
    return str(int(key)) if isinstance(key, float) else str(key)
