"""How the history tables hang on the applications: unknown owners, coverage, and what is worth learning from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.quoting import identifier
from features.tables import TABLE_NAMES, load_table
from training.errors import DataError
from training.sources.phrases import counted, meant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.sources.checks import CheckedTable
    from training.sources.database import Database

# Below this share of applications with a history, a model would learn the absence of the table, not the history.
MINIMUM_COVERAGE = 0.10


@dataclass(frozen=True)
class Ownership:
    """How many rows of a table belong to nobody known, one such owner, and the train applications it covers.

    `coverage` is the share of the train applications with at least one row in the table.
    """

    unknown_rows: int
    unknown_example: int | None
    coverage: float


def asked_tables(tables: Sequence[str] | None) -> tuple[str, ...] | None:
    """Check the names of the tables asked for; None leaves the choice to the coverage.

    Raises
    ------
    DataError
        ``TRN115`` for a name that is no table, ``TRN116`` for a table without the one it hangs on.
    """
    if tables is None:
        return None
    asked = {_known(name) for name in tables}
    for name in asked:
        parent = load_table(name).links.parent
        if parent not in (None, "application", *asked):
            raise DataError("TRN116", f"{name} hangs on {parent}, which was not asked for; ask for both or for neither")
    return tuple(name for name in TABLE_NAMES if name in asked)


def _known(name: str) -> str:
    """Return the table meant by a name in any case."""
    for known in TABLE_NAMES:
        if known.lower() == name.lower():
            return known
    raise DataError("TRN115", f"there is no table {name!r}; the tables are {', '.join(TABLE_NAMES)}")


def remember_owners(database: Database, parent: str, query: str) -> None:
    """Keep the keys of a parent table at hand: each `owner`, its `applicant`, and whether coverage counts that one.

    Coverage counts the applications one can learn from; where there are none, those to be scored. The keys of
    ``application`` have to be remembered first.
    """
    if parent == "application":
        keys = f"""
            SELECT SK_ID_CURR AS owner, SK_ID_CURR AS applicant,
                POPULATION = 'train' OR NOT bool_or(POPULATION = 'train') OVER () AS counts
            FROM ({query})
        """
    else:
        key = identifier(str(load_table(parent).key))
        keys = f"""
            SELECT rows.{key} AS owner, known.applicant, known.counts
            FROM ({query}) AS rows INNER JOIN owner_in_application AS known ON known.owner = rows.SK_ID_CURR
        """
    database.execute(f"CREATE TEMP TABLE owner_in_{parent} AS {keys}")


def measure_ownership(database: Database, checked: CheckedTable) -> Ownership:
    """Count rows of unknown owners and the coverage of the train applications.

    The keys of the parent table have to be remembered, see `remember_owners`.
    """
    links = checked.raw.table.links
    key = identifier(str(links.parent_key))
    (row,) = database.execute(
        f"""
        WITH owners AS (SELECT {key} AS owner, count(*) AS n FROM ({checked.query}) GROUP BY {key})
        SELECT
            CAST(coalesce(sum(CASE WHEN known.applicant IS NULL THEN owners.n END), 0) AS BIGINT),
            min(CASE WHEN known.applicant IS NULL THEN owners.owner END),
            count(DISTINCT CASE WHEN known.counts THEN known.applicant END)
                / (SELECT count(*) FROM owner_in_application WHERE counts)
        FROM owners LEFT JOIN owner_in_{links.parent} AS known ON known.owner = owners.owner
        """
    ).fetchall()
    return Ownership(int(row[0]), row[1], float(row[2]))


def ownership_notes(name: str, ownership: Ownership) -> tuple[str, ...]:
    """Report the rows that belong to no known application or credit."""
    if not ownership.unknown_rows:
        return ()
    links = load_table(name).links
    owner = "application" if links.parent == "application" else f"{links.parent} credit"
    example = f"for example {links.parent_key} {ownership.unknown_example}"
    rows = counted(ownership.unknown_rows, "row belongs", "rows belong")
    return (f"{name}: {rows} to no known {owner} ({example}); left out of the features",)


def absent_note(name: str, similar: str | None) -> str:
    """Say that a table was not handed in, and which file may have been meant for it."""
    return f"{name}: not in the folder{meant(similar)}; no features are made of it"


def left_out_note(checked: CheckedTable, coverage: float) -> str:
    """Say why a table is left out and how to have it all the same."""
    name = checked.raw.name
    if not checked.rows:
        return f"{name}: left out, as the file has a header and no rows; name it with --tables for counts of 0"
    return (
        f"{name}: left out, as only {coverage:.1%} of the training applications have a row in it "
        f"(at least {MINIMUM_COVERAGE:.0%} are needed to learn from it); name it with --tables to use it all the same"
    )
