"""Tables checked by Spark beside the same tables checked by DuckDB: the same notes and refusals, word for word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from tests.builders.home_credit import small_tables, write_tables
from tests.builders.spark_cluster import python_with_spark, settings_of
from tests.builders.spark_programs import ask_spark
from training.errors import DataError
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

type Tables = dict[str, pd.DataFrame]
type Spoil = Callable[[Tables], None]

PROGRAM = """
import json, sys
from pathlib import Path
from training.errors import DataError
from training.spark.session import spark_session, told_as_data_errors
from training.spark.tables import load_tables
def answer(session, folder, asked, labelled):
    try:
        with told_as_data_errors():
            return list(load_tables(session, Path(folder), tables=asked, labelled=labelled).notes)
    except DataError as error:
        return str(error)
with spark_session() as session:
    cases = {name: answer(session, *case) for name, case in json.load(sys.stdin).items()}
json.dump(cases, open(sys.argv[1], "w"))
"""


def _put(table: str, column: str, places: slice, value: object) -> Spoil:
    """Return what writes a value into some rows of a column."""

    def spoil(tables: Tables) -> None:
        rows = tables[table]
        if isinstance(value, str):
            rows[column] = rows[column].astype(object)
        rows.loc[rows.index[places], column] = value

    return spoil


def _repeat(table: str) -> Spoil:
    """Return what writes the first rows of a table twice."""

    def spoil(tables: Tables) -> None:
        tables[table] = pd.concat([tables[table], tables[table].head(3)], ignore_index=True)

    return spoil


def _drop(table: str, column: str) -> Spoil:
    def spoil(tables: Tables) -> None:
        tables[table] = tables[table].drop(columns=column)

    return spoil


def _train_as_test(tables: Tables) -> None:
    tables["application_test"] = tables["application_train"].drop(columns="TARGET")


# Refused or noted on one machine, and in the same words on Spark; each over the histories that it names.
CASES: Mapping[str, tuple[Spoil, list[str]]] = {
    "nothing wrong": (lambda _: None, ["bureau", "bureau_balance", "POS_CASH_balance"]),
    "unknown category": (_put("application_train", "NAME_CONTRACT_TYPE", slice(3, 6), "Leasing"), []),
    "text among numbers": (_put("application_train", "AMT_CREDIT", slice(2, 4), "12d"), []),
    "part of a whole number": (_put("application_train", "CNT_CHILDREN", slice(2, 4), 1.5), []),
    "infinite": (_put("application_train", "AMT_CREDIT", slice(2, 4), np.inf), []),
    "no key": (_put("application_train", "SK_ID_CURR", slice(2, 4), np.nan), []),
    "same key": (_repeat("application_train"), []),
    "train and test": (_train_as_test, []),
    "outcome of two": (_put("application_train", "TARGET", slice(1, 2), 2), []),
    "one outcome": (_put("application_train", "TARGET", slice(None), 0), []),
    "no such column": (_drop("application_train", "AMT_CREDIT"), []),
    "turned sign": (_put("application_train", "DAYS_BIRTH", slice(None), 9000), []),
    "calendar years": (_put("bureau", "DAYS_CREDIT", slice(None), 2015), ["bureau"]),
    "dates of the future": (_put("bureau", "DAYS_CREDIT", slice(3, 5), 4), ["bureau"]),
    "owners unknown": (_put("bureau", "SK_ID_CURR", slice(3, 9), 7), ["bureau"]),
    "months twice": (_repeat("POS_CASH_balance"), ["POS_CASH_balance"]),
    "beyond the range": (_put("application_train", "OWN_CAR_AGE", slice(4, 9), 91), []),
    "not a number": (_put("application_train", "AMT_ANNUITY", slice(4, 9), np.nan), []),
    "no rows": (lambda tables: tables.update(bureau=tables["bureau"].head(0)), ["bureau"]),
}
# The checks are the same whatever the form of the file; these cases turn on how text is read.
TEXT = ("nothing wrong", "text among numbers", "no key", "no such column", "months twice", "no rows")
FORMS = [(name, form) for name in CASES for form in ("parquet", "csv") if form == "parquet" or name in TEXT]


def folder_of(root: Path, name: str, form: str, spoil: Spoil) -> Path:
    """Write the tables of a case."""
    tables = small_tables()
    spoil(tables)
    return written(root / f"{name}-{form}".replace(" ", "-"), tables, form)


def written(folder: Path, tables: Tables, form: str) -> Path:
    """Write tables in a form; a column that holds text among numbers is text in Parquet."""
    if form == "csv":
        return write_tables(folder, tables)
    folder.mkdir()
    for name, rows in tables.items():
        text = {column: _as_text(rows[column]) for column in rows if rows[column].dtype == object}
        rows.assign(**text).to_parquet(folder / f"{name}.parquet")
    return folder


def _as_text(values: pd.Series) -> list[str | None]:
    return [None if pd.isna(value) else str(value) for value in values]


def noted_or_refused(folder: Path, asked: list[str]) -> list[str] | str:
    """Return what one machine says of a folder."""
    try:
        return list(load_sources(folder, tables=asked).notes)
    except DataError as error:
        return str(error)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what both engines say of each case, in each form."""
    python = python_with_spark()
    root = tmp_path_factory.mktemp("tables")
    folders = {f"{name}, {form}": (folder_of(root, name, form, CASES[name][0]), CASES[name][1]) for name, form in FORMS}
    question = {name: (str(folder), asked, True) for name, (folder, asked) in folders.items()}
    settings = settings_of(root / "settings", {"spark.master": "local[2]"})
    found = ask_spark(python, PROGRAM, question | odd_folders(root), settings)
    return found | {f"{name}, expected": noted_or_refused(*case) for name, case in folders.items()}


def odd_folders(root: Path) -> dict[str, tuple[str, list[str], bool]]:
    """Write what only Spark meets: tables in parts."""
    cases = {}
    for name in ("two types", "a column less", "half written", "partitioned", "no UTF-8", "more cells"):
        form = "csv" if name in {"no UTF-8", "more cells"} else "parquet"
        folder = written(root / name.replace(" ", "-"), small_tables(), form)
        cases[name] = (str(folder), [], True)
    for name in ("two-types", "a-column-less", "half-written", "partitioned"):
        _in_parts(root / name, name)
    text = root / "no-UTF-8" / "application_train.csv"
    text.write_bytes(text.read_bytes().replace(b"Cash loans", b"Cash l\xf6ans", 1))
    text = root / "more-cells" / "application_train.csv"
    lines = text.read_text(encoding="utf-8").splitlines()
    text.write_text("\n".join([*lines[:5], f"{lines[5]},1", *lines[6:]]) + "\n", encoding="utf-8")
    return cases


def _in_parts(folder: Path, name: str) -> None:
    file = folder / "application_train.parquet"
    rows = pd.read_parquet(file)
    file.unlink()
    if name == "partitioned":
        rows.to_parquet(file, partition_cols=["NAME_CONTRACT_TYPE"])
        return
    file.mkdir()
    second = rows.tail(20)
    if name == "two-types":
        second = second.assign(AMT_CREDIT=second["AMT_CREDIT"].astype(str))
    if name == "a-column-less":
        second = second.drop(columns="AMT_CREDIT")
    if name == "half-written":
        (file / "_temporary").mkdir()
    rows.head(20).to_parquet(file / "part-0.parquet")
    second.to_parquet(file / "part-1.parquet")


def without_place(said: Any) -> Any:  # noqa: ANN401
    """Leave out what differs by nature: where a file is, and at which line of a text that is read in pieces."""
    return re.sub(r" at line \d+| \([^()]*/[^()]*\)", "", said) if isinstance(said, str) else said


@pytest.mark.e2e
@pytest.mark.parametrize(("name", "form"), FORMS)
def test_spark_says_what_one_machine_says(name: str, form: str, answers: dict[str, Any]) -> None:
    """Notes and refusals have the same codes, counts and example keys, and the same words."""
    expected = without_place(answers[f"{name}, {form}, expected"])

    assert without_place(answers[f"{name}, {form}"]) == expected


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "two types",
            r"TRN127: application_train\.AMT_CREDIT is string in part-1\.parquet and double in part-0",
        ),
        ("a column less", r"TRN127: application_train\.AMT_CREDIT is absent in part-1\.parquet and double in part-0"),
        (
            "half written",
            r"TRN104: application_train\.parquet cannot be read: it is still being written, or",
        ),
        ("no UTF-8", r"TRN104: application_train\.csv cannot be read: it is not UTF-8 text"),
        ("more cells", r"TRN104: application_train\.csv cannot be read: 1 row has another number of cells"),
    ],
)
def test_parts_that_do_not_fit_are_refused(name: str, expected: str, answers: dict[str, Any]) -> None:
    """Parts of two schemas are never read as one table, and half of a table never as the whole."""
    assert re.match(expected, answers[name])


@pytest.mark.e2e
def test_partitions_are_read_as_columns(answers: dict[str, Any]) -> None:
    """A declared column that folders hold instead of files is checked and carried like any other."""
    assert isinstance(answers["partitioned"], list)
