"""Checks that concern the applications alone: train against test, the outcome, and the bounds of the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.quoting import identifier
from features.tables import load_table
from training.errors import DataError
from training.schema import load_inputs
from training.sources.checks import fails_as_a_whole, likely_cause
from training.sources.files import TEST_FILE, TRAIN_FILE
from training.sources.phrases import counted, meant
from training.sources.reading import TARGET

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.schema import InputEntry
    from training.sources.checks import CheckedTable
    from training.sources.database import Database

# Gives the column to files that do not have it, and no row.
_NO_OUTCOME = "(SELECT CAST(NULL AS BIGINT) AS TARGET WHERE FALSE)"


def application_query(train: CheckedTable | None, test: CheckedTable | None) -> str:
    """Return the SELECT of all applications: clean columns, and POPULATION saying train or test.

    At least one of the two files is there.
    """
    # Columns are named one by one: Spark puts the columns of a union side by side by place alone.
    names = [identifier(column.name) for column in load_table("application").columns if column.name != TARGET]
    parts = [
        f"SELECT {', '.join(names)}, {outcome} AS {TARGET}, '{population}' AS POPULATION FROM ({checked.query})"
        for checked, outcome, population in ((train, TARGET, "train"), (test, "CAST(NULL AS BIGINT)", "test"))
        if checked is not None
    ]
    return " UNION ALL ".join(parts)


def stored_applications(checked: Mapping[str, CheckedTable]) -> str:
    """Return the SELECT of the applications of both files as they are stored, without what became of them."""
    files = [checked[name].stored for name in (TRAIN_FILE, TEST_FILE) if name in checked]
    return f"SELECT * EXCLUDE (TARGET) FROM ({' UNION ALL BY NAME '.join((*files, _NO_OUTCOME))})"


def check_outcome(database: Database) -> None:
    """Check the outcome of the train applications in the view ``application``.

    Raises
    ------
    DataError
        ``TRN113`` for an outcome other than 0 or 1, ``TRN114`` when all have the same one.
    """
    odd, example, classes = _outcomes(database)
    if odd:
        raise DataError("TRN113", f"{_odd_outcomes(odd, example)}; correct them")
    if classes < len(("repaid", "default")):
        raise DataError("TRN114", f"{TRAIN_FILE}.TARGET has one value only; give applications with and without default")


def outcome_notes(database: Database) -> tuple[str, ...]:
    """Report the outcomes one could not learn from, where nothing is to be learned from them."""
    odd, example, _ = _outcomes(database)
    return (f"{_odd_outcomes(odd, example)}; carried as they are, training refuses them",) if odd else ()


def _outcomes(database: Database) -> tuple[int, int | None, int]:
    """Return the number of outcomes other than 0 and 1, an application with one, and the number of different ones."""
    ((odd, example, classes),) = database.execute(
        """
        SELECT count(*) - count(CASE WHEN TARGET IN (0, 1) THEN 1 END),
            min(CASE WHEN TARGET IS NULL OR TARGET NOT IN (0, 1) THEN SK_ID_CURR END),
            count(DISTINCT TARGET)
        FROM application WHERE POPULATION = 'train'
        """
    ).fetchall()
    return int(odd), example, int(classes)


def _odd_outcomes(count: int, example: int | None) -> str:
    rows = counted(count, "row is", "rows are")
    return f"{TRAIN_FILE}.TARGET: {rows} neither 0 nor 1, for example SK_ID_CURR {example}"


def absent_applications_note(absent: str, similar: str | None) -> str:
    """Say that one of the two files of applications was not handed in, and which file may have been meant for it."""
    present = TEST_FILE if absent == TRAIN_FILE else TRAIN_FILE
    return f"{absent}: not in the folder{meant(similar)}; the applications are those of {present} alone"


def check_overlap(database: Database) -> None:
    """Check that no application is in both files, by the keys that are remembered.

    Raises
    ------
    DataError
        ``TRN112`` for an application in train and test.
    """
    ((count, example),) = database.execute(
        """
        SELECT count(*), min(owner)
        FROM (SELECT owner FROM owner_in_application GROUP BY owner HAVING count(*) > 1)
        """
    ).fetchall()
    if count:
        shared = counted(count, "SK_ID_CURR is", "SK_ID_CURR are")
        detail = f"{shared} in {TRAIN_FILE} and {TEST_FILE}, for example {example}; remove them from one"
        raise DataError("TRN112", detail)


def bounds_notes(database: Database) -> tuple[str, ...]:
    """Report the values outside the bounds of the dictionary; they are carried as they are.

    Raises
    ------
    DataError
        ``TRN124`` when most applications have such a value in one column.
    """
    entries = [entry for entry in load_inputs() if entry.table == "application" and _outside(entry)]
    measures = ", ".join(f"count(CASE WHEN {_outside(entry)} THEN 1 END)" for entry in entries)
    ((rows, *counts),) = database.execute(f"SELECT count(*), {measures} FROM application").fetchall()
    for entry, count in zip(entries, counts, strict=True):
        if fails_as_a_whole(count, rows):
            raise _wholesale(database, entry, count, rows)
    return tuple(
        f"application.{entry.name}: {counted(count, 'row has', 'rows have')} a value outside "
        f"{entry.minimum:g}…{entry.maximum:g}, for example SK_ID_CURR {_first_outside(database, entry)}, kept as "
        "it is; the service refuses such a value"
        for entry, count in zip(entries, counts, strict=True)
        if count
    )


def _wholesale(database: Database, entry: InputEntry, count: int, rows: int) -> DataError:
    """Return the error for a column of which most applications are out of bounds."""
    query = f"SELECT min({entry.name}), max({entry.name}) FROM application WHERE {_outside(entry)}"
    (extent,) = database.execute(query).fetchall()
    cause = likely_cause(load_table("application").column(entry.name), *extent)
    return DataError(
        "TRN124",
        f"application.{entry.name}: {count:,} of {rows:,} rows have a value outside {entry.minimum:g}…"
        f"{entry.maximum:g}, for example SK_ID_CURR {_first_outside(database, entry)}; {cause}; correct the file",
    )


def _first_outside(database: Database, entry: InputEntry) -> int:
    """Return the first application with a value outside the bounds."""
    ((example,),) = database.execute(f"SELECT min(SK_ID_CURR) FROM application WHERE {_outside(entry)}").fetchall()
    return int(example)


def _outside(entry: InputEntry) -> str:
    """Return the SQL condition of a value outside the bounds; empty for categories."""
    if entry.minimum is None or entry.maximum is None:
        return ""
    return f"{identifier(entry.name)} NOT BETWEEN {entry.minimum!r} AND {entry.maximum!r}"
