"""Values against their declaration: refused with a pointer to the row, or put right with a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.errors import DataError
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    type Tables = dict[str, pd.DataFrame]
    type FolderOf = Callable[..., Path]


def _spoil(rows: pd.DataFrame, column: str, *values: object) -> None:
    """Put values into the first rows of a column."""
    rows[column] = rows[column].astype(object)
    rows.iloc[: len(values), rows.columns.get_loc(column)] = list(values)


@pytest.mark.parametrize(
    ("column", "values", "message"),
    [
        (
            "AMT_CREDIT_SUM",
            ["1 000,50", "12k"],
            r"TRN108: bureau\.AMT_CREDIT_SUM: 2 rows have a value that is not a number",
        ),
        ("AMT_CREDIT_SUM", ["inf"], r"TRN108: bureau\.AMT_CREDIT_SUM: 1 row has a value that is not a number"),
        ("DAYS_CREDIT", [-3.5], r"TRN108: bureau\.DAYS_CREDIT: 1 row has a value that is not an integer"),
        ("DAYS_CREDIT", ["1e30"], r"TRN108: bureau\.DAYS_CREDIT: 1 row has a value that is not an integer"),
        ("CREDIT_ACTIVE", ["Paused"], r"TRN109: bureau\.CREDIT_ACTIVE: 1 row has .* vocabulary \('Paused'\)"),
        ("SK_ID_CURR", [np.nan], r"TRN110: bureau\.SK_ID_CURR: 1 row has no value in a column that must name the row"),
    ],
)
def test_value_that_cannot_be_carried_is_refused(
    tables: Tables, folder_of: FolderOf, column: str, values: list[object], message: str
) -> None:
    """Table, column, count, an example key and the next step are told, never the value of an applicant."""
    _spoil(tables["bureau"], column, *values)
    ending = r".*, for example SK_ID_BUREAU 5000000; correct the file \(bureau\.csv\) or the declaration"

    with pytest.raises(DataError, match=message + ending) as caught:
        load_sources(folder_of(tables, "bureau"))
    assert "12k" not in str(caught.value)


def test_text_in_a_parquet_number_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """A Parquet file that stores numbers as text is read when they are numbers, and refused when one is not."""
    folder = folder_of(tables, "bureau")
    (folder / "bureau.csv").unlink()
    texts = tables["bureau"].astype({"AMT_CREDIT_SUM": "string"})
    texts.to_parquet(folder / "bureau.parquet")
    load_sources(folder)
    texts.loc[5, "AMT_CREDIT_SUM"] = "a lot"
    texts.to_parquet(folder / "bureau.parquet")

    with pytest.raises(DataError, match=r"TRN108: bureau\.AMT_CREDIT_SUM: 1 row has .* SK_ID_BUREAU 5000005"):
        load_sources(folder)


def test_key_that_is_no_number_is_refused(tables: Tables, folder_of: FolderOf) -> None:
    """A key has to be a number; there is then no other key to point with."""
    _spoil(tables["application_train"], "SK_ID_CURR", "first")

    with pytest.raises(
        DataError, match=r"TRN108: application_train\.SK_ID_CURR: 1 row has .* integer; correct the file"
    ):
        load_sources(folder_of(tables, "bureau"))


@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("application_train", "SK_ID_CURR"),
        ("application_test", "SK_ID_CURR"),
        ("bureau", "SK_ID_BUREAU"),
        ("previous_application", "SK_ID_PREV"),
    ],
)
def test_duplicate_key_is_refused(tables: Tables, folder_of: FolderOf, table: str, key: str) -> None:
    """Two rows of one key would multiply in a join: the table, the count and an example are told."""
    rows = tables[table]
    first = rows[key].iloc[0]
    rows.loc[[1, 2], key] = first
    message = rf"TRN111: {table}\.{key}: 1 key is on several rows, for example {first}; keep one row for each"

    with pytest.raises(DataError, match=message):
        load_sources(folder_of(tables, "bureau", "previous_application"))


def test_sentinel_becomes_missing(tables: Tables, folder_of: FolderOf) -> None:
    """The stored value 365243 means unknown and never reaches a feature."""
    train = tables["application_train"]
    train["DAYS_EMPLOYED"] = [365243, *[-10] * (len(train) - 1)]
    with load_sources(folder_of(tables, "bureau")).connect() as database:
        found = database.execute(
            "SELECT DAYS_EMPLOYED FROM application WHERE POPULATION = 'train' ORDER BY SK_ID_CURR LIMIT 2"
        ).fetchall()

    assert found == [(None,), (-10,)]


def test_impossible_value_becomes_missing_with_a_note(tables: Tables, folder_of: FolderOf) -> None:
    """A negative amount where none can be is counted, reported and taken as missing; the row stays."""
    tables["installments_payments"].loc[[0, 1, 2], "AMT_PAYMENT"] = -5.0
    sources = load_sources(folder_of(tables, "installments_payments"))
    with sources.connect() as database:
        ((rows, lowest),) = database.execute("SELECT count(*), min(AMT_PAYMENT) FROM installments_payments").fetchall()

    assert (
        "installments_payments.AMT_PAYMENT: 3 rows have a value outside 0…1e+11, for example SK_ID_CURR 100001; "
        "the value is taken as missing" in sources.notes
    )
    assert (rows, lowest >= 0) == (len(tables["installments_payments"]), True)


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("bureau", "DAYS_CREDIT"),
        ("bureau_balance", "MONTHS_BALANCE"),
        ("previous_application", "DAYS_DECISION"),
        ("POS_CASH_balance", "MONTHS_BALANCE"),
        ("installments_payments", "DAYS_INSTALMENT"),
        ("credit_card_balance", "MONTHS_BALANCE"),
    ],
)
def test_rows_from_after_the_application_are_left_out(
    tables: Tables, folder_of: FolderOf, table: str, column: str
) -> None:
    """What happened later was not known when the decision was taken: such rows are reported and not used."""
    tables[table].loc[[0, 1], column] = 3
    sources = load_sources(folder_of(tables, "bureau", table))
    with sources.connect() as database:
        ((rows,),) = database.execute(f'SELECT count(*) FROM "{table}"').fetchall()  # noqa: S608 - our own name

    (note,) = [note for note in sources.notes if "after the application" in note]
    assert note.startswith(f"{table}.{column}: 2 rows have a date after the application, for example SK_ID_")
    assert note.endswith("; those rows are left out")
    assert rows == len(tables[table]) - 2


@pytest.mark.parametrize(
    ("table", "column", "value", "note"),
    [
        (
            "previous_application",
            "AMT_APPLICATION",
            0.0,
            "2 rows have 0, which was never set, for example SK_ID_PREV 1000000; the value is taken as missing",
        ),
        (
            "previous_application",
            "FLAG_LAST_APPL_PER_CONTRACT",
            "N",
            (
                "2 rows have a request that was entered again later, for example SK_ID_PREV 1000000; only the last "
                "entry counts, the others on their own"
            ),
        ),
        (
            "bureau",
            "CREDIT_CURRENCY",
            "currency 2",
            (
                "2 rows have another currency, or none, for example SK_ID_BUREAU 5000000; their amounts are unknown "
                "to the features"
            ),
        ),
        (
            "bureau",
            "DAYS_CREDIT_ENDDATE",
            31_000,
            "2 rows have a value outside -20000…20000, for example SK_ID_BUREAU 5000000; the value is taken as missing",
        ),
        (
            "application_train",
            "OWN_CAR_AGE",
            64,
            "2 rows have a value above 63, for example SK_ID_CURR 100001; the value is taken as missing",
        ),
    ],
)
def test_value_that_is_not_what_it_looks_is_said(
    tables: Tables, folder_of: FolderOf, table: str, column: str, value: object, note: str
) -> None:
    """What was found, how many, an example and what was done stand in one note."""
    _spoil(tables[table], column, value, value)
    name = "bureau" if table.startswith("application_") else table
    notes = load_sources(folder_of(tables, name), tables=[name]).notes

    assert f"{table}.{column}: {note}" in notes


def test_payment_from_after_the_application_is_said_not_to_count(tables: Tables, folder_of: FolderOf) -> None:
    """Its day is taken as missing, and its amount does not count: both are said."""
    _spoil(tables["installments_payments"], "DAYS_ENTRY_PAYMENT", 3)
    _spoil(tables["installments_payments"], "AMT_PAYMENT", 100.0)
    day, amount = load_sources(folder_of(tables, "installments_payments"), tables=["installments_payments"]).notes

    assert "DAYS_ENTRY_PAYMENT: 1 row has a value above 0" in day
    assert "1 row has a payment without a day up to the application" in amount
    assert amount.endswith("; the payment does not count")


@pytest.mark.parametrize(
    ("table", "column", "turned", "cause"),
    [
        ("previous_application", "DAYS_DECISION", "sign", r"the sign seems to be turned: days before the application"),
        ("bureau", "DAYS_CREDIT", "year", r"they look like calendar years, where days before the application"),
        ("bureau", "DAYS_ENDDATE_FACT", "sign", r"the sign seems to be turned: days before the application"),
        ("POS_CASH_balance", "MONTHS_BALANCE", "sign", r"the sign seems to be turned: months before the application"),
        ("application_train", "DAYS_BIRTH", "sign", r"the sign seems to be turned: days before the application"),
        ("installments_payments", "AMT_PAYMENT", "sign", r"the unit or the sign is another than the layout's"),
    ],
)
def test_column_that_fails_as_a_whole_is_refused_with_its_cause(
    tables: Tables, folder_of: FolderOf, table: str, column: str, turned: str, cause: str
) -> None:
    """Where most rows fail alike the column is written in another way: nothing is dropped under a note."""
    tables[table][column] = 2016 - tables[table][column] // -365 if turned == "year" else -tables[table][column]
    name = "bureau" if table.startswith("application_") else table
    where = table.replace("_train", "")

    with pytest.raises(DataError, match=rf"TRN124: {where}\.{column}: [\d,]+ of [\d,]+ rows have .*; {cause}"):
        load_sources(folder_of(tables, name), tables=[name])
