"""What becomes of a raw value before the SQL of the features sees it: the same SQL over files and over one dossier.

Sentinels and impossible values are missing, and a row dated after the application is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.quoting import identifier

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from features.tables import Column, Table

SQL_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR"}


def outside_sql(column: Column, value: str) -> str:
    """Return the SQL condition of a value outside the declared range, sentinels aside; empty without a range.

    Parameters
    ----------
    value
        SQL of the value under its declared type.

    Examples
    --------
    >>> from features.tables import load_table
    >>> outside_sql(load_table("bureau").column("DAYS_CREDIT"), "DAYS_CREDIT")
    'DAYS_CREDIT < -100000.0'
    """
    limits = []
    if column.minimum is not None:
        limits.append(f"{value} < {column.minimum!r}")
    if column.maximum is not None:
        limits.append(f"{value} > {column.maximum!r}")
    either = " OR ".join(limits)
    return f"({either}) AND {value} <> {column.sentinel!r}" if either and column.sentinel is not None else either


def clean_rows_sql(table: Table, columns: Sequence[Column], values: Mapping[str, str], relation: str) -> str:
    """Return the SELECT of the clean rows of a table.

    Parameters
    ----------
    columns
        Those to select.
    values
        SQL of each column's value under its declared type, that of the column that dates the rows included.
    relation
        Where the rows are.
    """
    selected = ", ".join(f"{_clean_sql(one, values[one.name])} AS {identifier(one.name)}" for one in columns)
    query = f"SELECT {selected} FROM {relation}"
    dated_by = table.links.dated_by
    return query if dated_by is None else f"{query} WHERE NOT coalesce({values[dated_by]} > 0, FALSE)"


def _clean_sql(column: Column, value: str) -> str:
    """Return the SQL of a clean value: BIGINT for integers, DOUBLE for numbers, VARCHAR for categories."""
    if column.type == "category":
        return value
    outside = outside_sql(column, value)
    if column.sentinel is not None:
        value = f"NULLIF({value}, {column.sentinel!r})"
    if outside:
        value = f"CASE WHEN {outside} THEN NULL ELSE {value} END"
    return f"CAST({value} AS {SQL_TYPES[column.type]})"
