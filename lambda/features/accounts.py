"""What became of the records of a dossier: how many were read, how many left out, and what was put right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from features.tables import CREDIT_KEY, MONTH, Column

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.rows import Rows


class Remark(StrEnum):
    """What was put right, or is worth knowing; the same as the batch reader notes of a file."""

    FUTURE = "dated after the application"
    OUTSIDE = "outside the declared range"
    NO_CREDIT = "of no named credit"
    MONTH_TWICE = "a month twice"


@dataclass(frozen=True, slots=True)
class Remarked:
    """How often something was remarked in a column, and where for the first time."""

    remark: Remark
    count: int
    place: str


@dataclass(frozen=True, slots=True)
class TableAccount:
    """What became of the records of a history; `records` is None for one that was left out."""

    table: str
    records: int | None
    left_out: int = 0
    remarks: tuple[Remarked, ...] = ()


def account_of(rows: Rows) -> TableAccount:
    """Return what becomes of checked records once `features.cleaning` has been over them."""
    remarks = tuple(
        Remarked(remark, len(found), rows.place(found[0], column))
        for remark, column, found in _found(rows)
        if len(found)
    )
    left_out = sum(one.count for one in remarks if one.remark is Remark.FUTURE)
    return TableAccount(rows.table.name, len(rows.records), left_out, remarks)


def _found(rows: Rows) -> Iterator[tuple[Remark, str, Sequence[int]]]:
    """Yield each remark with its column and the rows it is of."""
    dated_by = str(rows.table.links.dated_by)
    yield Remark.FUTURE, dated_by, _outside(rows, Column(dated_by, "integer", maximum=0))
    for column in rows.table.columns:
        yield Remark.OUTSIDE, column.name, _outside(rows, column)
    if CREDIT_KEY in rows.columns and rows.table.key != CREDIT_KEY:
        absent = [row for row, value in enumerate(rows.columns[CREDIT_KEY]) if value is None]
        yield Remark.NO_CREDIT, CREDIT_KEY, absent
    if dated_by == MONTH:
        yield Remark.MONTH_TWICE, MONTH, _repeated_months(rows)


def _outside(rows: Rows, column: Column) -> list[int]:
    """Return the rows whose value lies outside a range; the extremes alone are looked at first."""
    if column.minimum is None and column.maximum is None:
        return []
    values = rows.columns[column.name]
    known = [value for value in values if isinstance(value, int | float)]
    if not known or not column.is_beyond(min(known), max(known)):
        return []
    return [row for row, value in enumerate(values) if isinstance(value, int | float) and column.is_outside(value)]


def _repeated_months(rows: Rows) -> list[int]:
    """Return the rows of months that a credit has already; all of them count."""
    months = list(zip(rows.columns[rows.table.credit_key], rows.columns[MONTH], strict=True))
    if len(set(months)) == len(months):
        return []
    seen: Counter[tuple[object, object]] = Counter()
    repeated = []
    for row, month in enumerate(months):
        if None not in month and seen[month]:
            repeated.append(row)
        seen[month] += 1
    return repeated
