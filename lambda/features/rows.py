"""The records of one raw table of a dossier, checked value by value and turned into columns."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from math import isfinite
from types import NoneType
from typing import TYPE_CHECKING, Final, cast

from features.sql import KEY
from features.tables import LARGEST_INTEGER, load_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from features.engine import Value
    from features.tables import Column

    type Record = Mapping[str, object]

_TEXTS: Final = {str, NoneType}
_NUMBERS: Final = {int, float, NoneType}
_WHOLE_NUMBERS: Final = {int, NoneType}
_DOUBLES: Final = {float, NoneType}
_LARGEST_DOUBLE: Final = sys.float_info.max


class Fault(StrEnum):
    """What a dossier cannot be computed with."""

    NO_OBJECT = "no object"
    NO_LIST = "no list"
    NO_APPLICATION = "no application"
    UNKNOWN_TABLE = "unknown table"
    TOO_MANY = "too many records"
    UNKNOWN_COLUMN = "unknown column"
    NO_NUMBER = "no number"
    NO_WHOLE_NUMBER = "no whole number"
    NO_TEXT = "no text"
    NAN = "not a number"
    TOO_LARGE = "too large a number"
    VOCABULARY = "not in the vocabulary"
    NO_KEY = "no key"
    FOREIGN = "of another applicant"
    ORPHAN = "of no credit"
    TWICE = "a key twice"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: where, what, and what was received.

    `column` is the declaration that a value does not keep, where there is one.
    """

    place: str
    fault: Fault
    received: object = None
    column: Column | None = None


class Rows:
    """Records of a table under their declared types.

    Attributes
    ----------
    columns
        Values by declared column, in the order of the records: whole numbers as int, numbers as float, categories as
        text, None for what is missing, null or left out alike. Empty where a value is not of its column.
    problems
        What is wrong with the records by themselves.
    """

    def __init__(self, name: str, records: Sequence[Record]) -> None:
        self.table = load_table(name)
        self.records = records
        self.problems: list[Problem] = []
        self.columns = {column.name: self._column(column) for column in self.table.columns}
        self.problems += [*self._keyless(), *self._repeated()]

    def place(self, row: int, column: str) -> str:
        """Return how a value is spoken of: ``bureau[3].DAYS_CREDIT``, or ``application.AMT_CREDIT``."""
        return f"{self.table.name}{'' if self.table.links.parent is None else f'[{row}]'}.{column}"

    def foreign(self, owner: object) -> Iterator[Problem]:
        """Yield the records that name another applicant than `owner`."""
        for row, value in enumerate(self.columns.get(KEY, ())):
            if value is not None and value != owner:
                yield Problem(self.place(row, KEY), Fault.FOREIGN, value)

    def undeclared(self) -> Iterator[Problem]:
        """Yield the values of columns that the table does not have."""
        declared = _names(self.table.name)
        for row, record in enumerate(self.records):
            if not record.keys() <= declared:
                for name in record:
                    if name not in declared:
                        yield Problem(self.place(row, name), Fault.UNKNOWN_COLUMN, record[name])

    def _column(self, column: Column) -> list[Value]:
        values = [record.get(column.name) for record in self.records]
        read = _texts(values, column) if column.type == "category" else _numbers(values, column)
        if read is not None:
            return read
        faults = ((row, value, _fault(value, column)) for row, value in enumerate(values))
        self.problems += [
            Problem(self.place(row, column.name), fault, value, column) for row, value, fault in faults if fault
        ]
        return []

    def _keyless(self) -> Iterator[Problem]:
        """Yield the rows without their own key or their parent's; the applicant's goes without saying."""
        for name in self.table.key_columns:
            if name != KEY:
                for row, value in enumerate(self.columns[name]):
                    if value is None:
                        yield Problem(self.place(row, name), Fault.NO_KEY)

    def _repeated(self) -> Iterator[Problem]:
        """Yield the rows whose key another one has."""
        if self.table.key is None:
            return
        keys = self.columns[self.table.key]
        times = Counter(keys)
        for row, value in enumerate(keys):
            if value is not None and times[value] > 1:
                yield Problem(self.place(row, self.table.key), Fault.TWICE, value)


@cache
def _names(table: str) -> frozenset[str]:
    return frozenset(column.name for column in load_table(table).columns)


@cache
def _vocabulary(column: Column) -> frozenset[object]:
    return frozenset((*column.categories, "", None))


def _texts(values: list[object], column: Column) -> list[Value] | None:
    """Return categories, None where one of them is no text or not in the vocabulary."""
    if set(map(type, values)) <= _TEXTS and _vocabulary(column).issuperset(values):
        return cast("list[Value]", values)
    return None


def _numbers(values: list[object], column: Column) -> list[Value] | None:
    """Return numbers under the type of their column, None where one of them is not of it."""
    kinds = set(map(type, values))
    if not kinds <= _NUMBERS:
        return None
    numbers = cast("list[float | None]", values)
    if not _are_numbers_of([value for value in numbers if value is not None], column):
        return None
    kind, as_they_are = (float, _DOUBLES) if column.type == "number" else (int, _WHOLE_NUMBERS)
    return [*numbers] if kinds <= as_they_are else [None if value is None else kind(value) for value in numbers]


def _are_numbers_of(known: list[float], column: Column) -> bool:
    """Tell whether no number has a fault: what `_fault_of_number` says of each, asked of all of them at a time."""
    doubles = [value for value in known if type(value) is float]
    if not known:
        return True
    if not all(map(isfinite, doubles)) or (column.type == "integer" and not all(map(float.is_integer, doubles))):
        return False
    largest = _largest(column)
    return -largest <= min(known) and max(known) <= largest


def _fault(value: object, column: Column) -> Fault | None:
    """Return what is wrong with one value of a column; the empty text is missing, as in a file."""
    if value is None:
        return None
    if column.type == "category":
        return _fault_of_text(value, column)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Fault.NO_NUMBER
    return _fault_of_number(value, column)


def _fault_of_text(value: object, column: Column) -> Fault | None:
    if not isinstance(value, str):
        return Fault.NO_TEXT
    return None if value in _vocabulary(column) else Fault.VOCABULARY


def _largest(column: Column) -> float:
    return LARGEST_INTEGER if column.type == "integer" else _LARGEST_DOUBLE


def _fault_of_number(value: float, column: Column) -> Fault | None:
    if value != value:  # noqa: PLR0124  only NaN is not itself, and math.isnan fails on the largest whole numbers
        return Fault.NAN
    largest = _largest(column)
    if not -largest <= value <= largest:
        return Fault.TOO_LARGE
    if column.type == "integer" and isinstance(value, float) and not value.is_integer():
        return Fault.NO_WHOLE_NUMBER
    return None
