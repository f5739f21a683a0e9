"""What became of the records of a dossier: how many were read, how many left out, and what was put right."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from features.tables import CREDIT_KEY, MONTH

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
    yield Remark.FUTURE, dated_by, [row for row, value in _numbers(rows, dated_by) if value > 0]
    for column in rows.table.columns:
        if column.minimum is not None or column.maximum is not None:
            outside = [row for row, value in _numbers(rows, column.name) if column.is_outside(value)]
            yield Remark.OUTSIDE, column.name, outside
    if CREDIT_KEY in rows.columns and rows.table.key != CREDIT_KEY:
        absent = [row for row, value in enumerate(rows.columns[CREDIT_KEY]) if value is None]
        yield Remark.NO_CREDIT, CREDIT_KEY, absent
    if dated_by == MONTH:
        yield Remark.MONTH_TWICE, MONTH, _repeated_months(rows)


def _numbers(rows: Rows, column: str) -> Iterator[tuple[int, float]]:
    """Yield the known values of a column of numbers, with their rows."""
    for row, value in enumerate(rows.columns[column]):
        if isinstance(value, int | float):
            yield row, value


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
