"""How the history tables hang on the applications: unknown owners, coverage, and what is worth learning from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.database import identifier
from training.errors import DataError
from training.tables import HISTORY_TABLES, load_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import duckdb

    from training.sources.checks import CheckedTable

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
    known = ("application", *HISTORY_TABLES)
    for name in tables:
        if name not in known:
            raise DataError("TRN115", f"there is no table {name!r}; the tables are {', '.join(known)}")
        parent = load_table(name).links.parent
        if parent not in (None, "application") and parent not in tables:
            raise DataError("TRN116", f"{name} hangs on {parent}, which was not asked for; ask for both or for neither")
    return tuple(name for name in known if name in tables)


def measure_ownership(database: duckdb.DuckDBPyConnection, checked: CheckedTable) -> Ownership:
    """Count rows of unknown owners and the coverage of the train applications.

    The views ``application`` and, for a table that hangs on it, ``bureau`` have to exist.
    """
    links = checked.raw.table.links
    key = identifier(str(links.parent_key))
    applicant = "parent.SK_ID_CURR"
    (row,) = database.execute(
        f"""
        WITH owners AS (SELECT {key} AS owner, count(*) AS n FROM ({checked.query}) GROUP BY {key}),
        linked AS (
            SELECT owners.owner, owners.n, {applicant} AS applicant
            FROM owners LEFT JOIN {links.parent} AS parent ON parent.{key} = owners.owner
        )
        SELECT
            coalesce(sum(CASE WHEN applicant IS NULL THEN n END), 0)::BIGINT,
            min(CASE WHEN applicant IS NULL THEN owner END),
            count(DISTINCT CASE WHEN applicant IN (SELECT SK_ID_CURR FROM application WHERE POPULATION = 'train')
                THEN applicant END) / (SELECT count(*) FROM application WHERE POPULATION = 'train')
        FROM linked
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
    return (f"{name}: {ownership.unknown_rows:,} rows belong to no known {owner} ({example}); they are left out",)


def left_out_note(name: str, coverage: float) -> str:
    """Say why a table is left out and how to have it all the same."""
    return (
        f"{name}: left out, as only {coverage:.1%} of the training applications have a row in it "
        f"(at least {MINIMUM_COVERAGE:.0%} are needed to learn from it); name it with --tables to use it all the same"
    )
