"""The SQL of a stored value under its declared type, whatever the type in which a file holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.quoting import identifier
from features.tables import LARGEST_INTEGER

if TYPE_CHECKING:
    from features.tables import Column
    from training.sources.reading import RawTable

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_FLOATS = ("DOUBLE", "FLOAT")


def value_sql(raw: RawTable, column: Column) -> str:
    """Return the SQL of a column's value under its declared type; unreadable or absent values are NULL."""
    name, stored = identifier(column.name), raw.stored_types[column.name]
    if column.type == "category":
        return f"NULLIF(CAST({name} AS VARCHAR), '')"
    if stored in _INTEGERS:
        return name
    if stored in _FLOATS:
        # Asked of a column of a Parquet file, isnan is answered from its statistics, in which PyArrow and Polars leave
        # NaN out: never. Of an expression without statistics it is computed.
        computed = f"CASE WHEN {name} IS NULL THEN NULL ELSE {name} END"
        return f"CASE WHEN isnan({computed}) THEN NULL ELSE {name} END"
    return f"TRY_CAST({_text(name)} AS DOUBLE)"


def no_number_sql(raw: RawTable, column: Column) -> str:
    """Return the SQL condition of a value that its declared type, which is no category, cannot hold."""
    name, stored = identifier(column.name), raw.stored_types[column.name]
    if stored in _INTEGERS:
        return "FALSE"
    value = value_sql(raw, column)
    faults = []
    if stored not in _FLOATS:
        faults.append(f"{_text(name)} IS NOT NULL AND ({value} IS NULL OR isnan({value}))")
    if column.type == "integer":
        # Beyond the largest whole number, infinity among them, Spark has no floor.
        faults.append(f"CASE WHEN abs({value}) > {LARGEST_INTEGER} THEN TRUE ELSE {value} <> floor({value}) END")
    else:
        faults.append(f"isinf({value})")
    return " OR ".join(faults)


def _text(name: str) -> str:
    return f"NULLIF(TRIM(CAST({name} AS VARCHAR)), '')"
