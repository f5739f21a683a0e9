"""The rows of a data folder as dossiers: one applicant after the other, as a client of the API would send them."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

from features.quoting import identifier
from features.sql import KEY
from features.tables import load_table

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb

    from training.sources import Sources

type Dossier = dict[str, Any]
type Group = tuple[int, list[dict[str, Any]]]

_ROWS_AT_ONCE = 20_000
_END: Group = (2**63, [])


def dossiers_of(
    sources: Sources, *, with_history_alone: bool = False, most: int | None = None
) -> Iterator[tuple[int, Dossier]]:
    """Yield the key and the raw rows of each applicant, in the order of the keys.

    Values are as the files have them, sentinels and impossible ones included; what has no value is left out of the
    records of histories. Every kept table is there, empty where the applicant has no row in it.

    Parameters
    ----------
    with_history_alone
        Pass over the applicants without a row in any history.
    most
        Only the first so many of them: the rows of the others are not sorted either.
    """
    with sources.connect() as database:
        last = None if most is None else _last_key(database, sources, most, with_history_alone=with_history_alone)
        groups = {name: _groups(database, sources, name, last) for name in sources.tables}
        applications = groups.pop("application")
        heads = {name: next(found, _END) for name, found in groups.items()}
        for key, (application,) in applications:
            for name, found in groups.items():
                while heads[name][0] < key:  # rows of nobody known
                    heads[name] = next(found, _END)
            histories = {name: _known(head[1]) if head[0] == key else [] for name, head in heads.items()}
            if any(histories.values()) or not with_history_alone:
                yield key, {"application": application, **histories}


def _last_key(
    database: duckdb.DuckDBPyConnection, sources: Sources, most: int, *, with_history_alone: bool
) -> int | None:
    """Return the key of the last of the first `most` applicants; None where there are none."""
    owned = [rows for name, rows in sources.stored.items() if load_table(name).parent_key == KEY]
    having = " UNION ALL ".join(f"SELECT {KEY} FROM ({rows})" for rows in owned)
    known = f"WHERE {KEY} IN ({having})" if with_history_alone and owned else ""
    keys = f"SELECT {KEY} FROM ({sources.stored['application']}) {known} ORDER BY {KEY} LIMIT {most}"
    ((last,),) = database.execute(f"SELECT max({KEY}) FROM ({keys})").fetchall()
    return None if last is None else int(last)


def _groups(database: duckdb.DuckDBPyConnection, sources: Sources, name: str, last: int | None) -> Iterator[Group]:
    """Yield the rows of a table by applicant, in the order of the keys, up to the `last` where there is one."""
    rows, until = sources.stored[name], "" if last is None else f"WHERE owner <= {last}"
    if load_table(name).parent_key in {None, KEY}:
        query = f"SELECT {KEY} AS owner, rows.* FROM ({rows}) AS rows {until} ORDER BY owner"
    else:
        parent, key = str(load_table(name).links.parent), identifier(str(load_table(name).parent_key))
        query = f"""
            SELECT parents.{KEY} AS owner, rows.*
            FROM ({rows}) AS rows INNER JOIN ({sources.stored[parent]}) AS parents ON parents.{key} = rows.{key}
            {until}
            ORDER BY owner
        """
    # Each table is read at its own pace: one cursor a table.
    cursor = database.cursor()
    cursor.execute(query)
    columns = [str(column[0]) for column in cursor.description or ()][1:]
    for owner, group in groupby(_fetched(cursor), key=lambda row: row[0]):
        yield int(owner), [dict(zip(columns, row[1:], strict=True)) for row in group]


def _fetched(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    while rows := cursor.fetchmany(_ROWS_AT_ONCE):
        yield from rows


def _known(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in record.items() if value is not None} for record in records]
