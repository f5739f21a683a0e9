"""The seven raw tables as declared: types, vocabularies, sentinels, ranges and how the tables hang together.

Types come from ``lambda/features/schema/<table>.csv``, never from a guess at the file that was handed in.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast

SCHEMA_FOLDER = Path(__file__).parent / "schema"
# Beyond this a double no longer tells neighbouring integers apart.
LARGEST_INTEGER = 9_007_199_254_740_992
# Names the earlier credit of a row; a monthly row without one still belongs to its applicant.
CREDIT_KEY = "SK_ID_PREV"
# Dates the rows of a table that has one a credit and month.
MONTH = "MONTHS_BALANCE"

ColumnType = Literal["integer", "number", "category"]


@dataclass(frozen=True)
class Column:
    """One declared column of a raw table.

    `sentinel` is a stored value that means "unknown" and becomes missing. `minimum` and `maximum` bound what a row of
    history can hold; a value outside becomes missing too (the bounds of the application are in the dictionary).
    """

    name: str
    type: ColumnType
    sentinel: float | None = None
    categories: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None

    def is_outside(self, value: float) -> bool:
        """Tell whether a value, no sentinel, lies outside the declared range; `features.cleaning` says it in SQL.

        Examples
        --------
        >>> Column("DAYS_CREDIT", "integer", minimum=-100000.0).is_outside(-100001)
        True
        """
        return value != self.sentinel and self.is_beyond(value, value)

    def is_beyond(self, lowest: float, highest: float) -> bool:
        """Tell whether values of which these are the extremes leave the declared range, sentinels among them.

        Examples
        --------
        >>> Column("DAYS_TERMINATION", "integer", sentinel=365243.0, maximum=100000.0).is_beyond(-5, 365243)
        True
        """
        below = self.minimum is not None and lowest < self.minimum
        return below or (self.maximum is not None and highest > self.maximum)


@dataclass(frozen=True)
class Links:
    """How the rows of a table are told apart, owned and dated.

    `key` is the identifier no two rows share (None where rows have none of their own), `parent_key` the column naming
    the row of `parent` they belong to, and `dated_by` the column that says when, relative to the application.
    """

    key: str | None = None
    parent: str | None = None
    parent_key: str | None = None
    dated_by: str | None = None


@dataclass(frozen=True)
class Table:
    """One raw table: its name, links and declared columns in file order."""

    name: str
    links: Links
    columns: tuple[Column, ...]

    @property
    def key(self) -> str | None:
        """Return the column no two rows share, or None."""
        return self.links.key

    @property
    def parent_key(self) -> str | None:
        """Return the column that names the owner of a row, or None for the application itself."""
        return self.links.parent_key

    @property
    def key_columns(self) -> tuple[str, ...]:
        """Return the columns that may not be missing: the row's own key, then its owner's."""
        return tuple(name for name in (self.key, self.parent_key) if name is not None)

    @property
    def credit_key(self) -> str:
        """Return the column that names the credit of a row of history."""
        return CREDIT_KEY if self.parent_key == "SK_ID_CURR" else str(self.parent_key)

    def column(self, name: str) -> Column:
        """Return one declared column by name."""
        return next(column for column in self.columns if column.name == name)


_LINKS = {
    "application": Links(key="SK_ID_CURR"),
    "bureau": Links("SK_ID_BUREAU", "application", "SK_ID_CURR", "DAYS_CREDIT"),
    "bureau_balance": Links(None, "bureau", "SK_ID_BUREAU", "MONTHS_BALANCE"),
    "previous_application": Links("SK_ID_PREV", "application", "SK_ID_CURR", "DAYS_DECISION"),
    "POS_CASH_balance": Links(None, "application", "SK_ID_CURR", "MONTHS_BALANCE"),
    "installments_payments": Links(None, "application", "SK_ID_CURR", "DAYS_INSTALMENT"),
    "credit_card_balance": Links(None, "application", "SK_ID_CURR", "MONTHS_BALANCE"),
}

TABLE_NAMES: tuple[str, ...] = tuple(_LINKS)
HISTORY_TABLES: tuple[str, ...] = TABLE_NAMES[1:]


@cache
def load_table(name: str) -> Table:
    """Read the declaration of one raw table.

    Raises
    ------
    KeyError
        When `name` is not one of `TABLE_NAMES`.

    Examples
    --------
    >>> load_table("bureau").key
    'SK_ID_BUREAU'
    """
    links = _LINKS[name]
    with (SCHEMA_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return Table(name, links, tuple(_column(row) for row in csv.DictReader(file)))


def _column(row: dict[str, str]) -> Column:
    return Column(
        name=row["name"],
        type=cast("ColumnType", row["type"]),
        sentinel=_number(row["sentinel"]),
        categories=tuple(row["categories"].split("|")) if row["categories"] else (),
        minimum=_number(row["minimum"]),
        maximum=_number(row["maximum"]),
    )


def _number(text: str) -> float | None:
    return float(text) if text else None
