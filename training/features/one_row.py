"""The feature table is one row per application: asked of each part and of the whole, of whichever engine made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.sql import KEY
from training.errors import DataError

if TYPE_CHECKING:
    from training.sources.database import Database


def check_part(database: Database, table: str, relation: str) -> None:
    """Check that the features of one table give each application once.

    Raises
    ------
    DataError
        ``TRN119`` where they do not.
    """
    rows, applicants = _counted(database, relation)
    if rows != applicants:
        raise DataError("TRN119", f"{table}.sql gives {rows:,} rows for {applicants:,} applications; group by {KEY}")


def check_whole(database: Database, relation: str) -> int:
    """Check that the joins neither lost nor multiplied an application; return how many there are.

    Raises
    ------
    DataError
        ``TRN119`` where they did.
    """
    ((expected,),) = database.execute("SELECT count(*) FROM application").fetchall()
    rows, applicants = _counted(database, relation)
    if not rows == applicants == expected:
        detail = f"{rows:,} rows for {applicants:,} keys, {expected:,} expected"
        raise DataError("TRN119", f"the feature table is not one row per application: {detail}")
    return rows


def _counted(database: Database, relation: str) -> tuple[int, int]:
    ((rows, applicants),) = database.execute(f"SELECT count(*), count(DISTINCT {KEY}) FROM {relation}").fetchall()
    return rows, applicants
