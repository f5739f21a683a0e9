"""Small histories written by hand, and the features that the SQL makes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import duckdb

from features.quoting import identifier
from features.sql import KEY, feature_sql
from features.tables import TABLE_NAMES, load_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

type Row = Mapping[str, float | str | None]

APPLICANT = 100_001
_TYPES = {"integer": "BIGINT", "number": "DOUBLE", "category": "VARCHAR"}
# What nearly every row says; a test names what it is about.
_USUAL: Mapping[str, Row] = {
    "bureau": {"CREDIT_CURRENCY": "currency 1", "CREDIT_ACTIVE": "Active", "CREDIT_TYPE": "Consumer credit"},
    "previous_application": {
        "NAME_CONTRACT_STATUS": "Approved",
        "NAME_CONTRACT_TYPE": "Consumer loans",
        "FLAG_LAST_APPL_PER_CONTRACT": "Y",
        "NFLAG_LAST_APPL_IN_DAY": 1,
    },
    "installments_payments": {"NUM_INSTALMENT_VERSION": 1},
}


def features_of(table: str, histories: Mapping[str, Sequence[Row]]) -> dict[str, float | None]:
    """Return the features of one applicant from clean rows of its histories; what a row does not name is missing.

    Rows get the applicant's key and, where they name none, a key of their own in the order given.
    """
    with duckdb.connect() as database:
        for name in TABLE_NAMES[1:]:
            _make_table(database, name, histories.get(name, ()))
        cursor = database.execute(feature_sql(table))
        names = [column[0] for column in cursor.description or ()]
        ((*values,),) = cursor.fetchall()
    return dict(zip(names, values, strict=True))


def _make_table(database: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Row]) -> None:
    table = load_table(name)
    columns = ", ".join(f"{identifier(column.name)} {_TYPES[column.type]}" for column in table.columns)
    database.execute(f"CREATE TABLE {identifier(name)} ({columns})")
    for number, row in enumerate(rows, start=1):
        keys = {KEY: APPLICANT, **({table.key: number} if table.key else {})}
        whole = {**keys, **_USUAL.get(name, {}), **row}
        values = [whole.get(column.name) for column in table.columns]
        places = ", ".join("?" * len(values))
        database.execute(f"INSERT INTO {identifier(name)} VALUES ({places})", values)  # noqa: S608 - our own names
