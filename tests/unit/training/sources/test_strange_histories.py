"""What each history may come with: said in a note with its number, an example and what was done, or refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from features.sql import is_count
from features.tables import HISTORY_TABLES, load_table
from tests.builders.home_credit import write_tables
from training.errors import DataError
from training.features import build_features
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Tables = dict[str, pd.DataFrame]
    FolderOf = Callable[..., Path]

DATED_BY = {name: str(load_table(name).links.dated_by) for name in HISTORY_TABLES}
LOAN_MONTHS = ("POS_CASH_balance", "credit_card_balance")
every_history = pytest.mark.parametrize("name", HISTORY_TABLES)


def _with_parent(name: str) -> list[str]:
    """Return a history and the one it hangs on."""
    return ["bureau", name] if name == "bureau_balance" else [name]


def _features(folder: Path, out: Path, histories: list[str]) -> pd.DataFrame:
    """Return the features of a folder."""
    table = build_features(load_sources(folder, tables=histories), out)
    return pd.read_parquet(table.path).set_index("SK_ID_CURR")


@every_history
def test_absent_history_is_said(tables: Tables, folder_of: FolderOf, name: str) -> None:
    """A history that was not handed in gives no features, which the notes say."""
    sources = load_sources(folder_of(tables, *(other for other in HISTORY_TABLES if other != name)))

    assert f"{name}: not in the folder; no features are made of it" in sources.notes
    assert name not in sources.tables


@every_history
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_empty_history_is_no_history_for_anybody(
    tables: Tables, folder_of: FolderOf, tmp_path: Path, name: str, form: str
) -> None:
    """A file with a header and no rows is carried when asked for: counts are 0, the rest is missing, and it is said."""
    tables[name] = tables[name].iloc[:0]
    folder = folder_of(tables, *_with_parent(name))
    if form == "parquet":
        (folder / f"{name}.csv").unlink()
        tables[name].to_parquet(folder / f"{name}.parquet")
    asked = load_sources(folder, tables=_with_parent(name))
    rows = pd.read_parquet(build_features(asked, tmp_path / "features.parquet").path)
    counts = [column for column in rows.columns if column.startswith(_prefix(name)) and is_count(column)]
    rest = [column for column in rows.columns if column.startswith(_prefix(name)) and not is_count(column)]

    assert f"{name}: the file has a header and no rows; carried as no history for anybody" in asked.notes
    assert counts
    assert (rows[counts] == 0.0).all(axis=None)
    assert rest
    assert rows[rest].isna().all(axis=None)


@every_history
def test_empty_history_that_nobody_asked_for_is_left_out(tables: Tables, folder_of: FolderOf, name: str) -> None:
    """Nothing can be learned from it: without being asked for it is left out, which is said once, with the way back."""
    tables[name] = tables[name].iloc[:0]
    sources = load_sources(folder_of(tables, *_with_parent(name)))
    notes = [note for note in sources.notes if note.startswith(f"{name}:")]

    assert name not in sources.tables
    assert notes == [
        f"{name}: left out, as the file has a header and no rows; name it with --tables for counts of 0",
    ]


@every_history
def test_history_of_strangers_alone_is_left_out_and_they_are_counted(
    tables: Tables, folder_of: FolderOf, name: str
) -> None:
    """A history of other applicants, as of another country, says how many rows are theirs before it is left out."""
    key = str(load_table(name).links.parent_key)
    tables[name][key] += 50_000_000
    sources = load_sources(folder_of(tables, *_with_parent(name)))
    first, second = [note for note in sources.notes if note.startswith(f"{name}:")]

    assert first.startswith(f"{name}: {len(tables[name]):,} rows belong to no known ")
    assert f"for example {key} 5" in first
    assert second.startswith(f"{name}: left out, as only 0.0% ")


@pytest.mark.parametrize("name", ["bureau_balance", *LOAN_MONTHS])
def test_repeated_months_are_counted(tables: Tables, folder_of: FolderOf, name: str) -> None:
    """A credit that has a month twice is said, with its key: the file was put together from overlapping parts."""
    credit = "SK_ID_BUREAU" if name == "bureau_balance" else "SK_ID_PREV"
    example = tables[name][credit].head(2).min()
    tables[name] = pd.concat([tables[name], tables[name].head(2)])
    (note,) = load_sources(folder_of(tables, *_with_parent(name)), tables=_with_parent(name)).notes

    assert note == (
        f"{name}: 2 rows repeat a month that the credit has already, for example {credit} {example}; all count"
    )


def _prefix(name: str) -> str:
    """Return how the features of a history begin."""
    prefixes = {"previous_application": "PREVIOUS_", "POS_CASH_balance": "POS_", "credit_card_balance": "CARD_"}
    return prefixes.get(name, {"installments_payments": "INSTALMENTS_"}.get(name, f"{name.upper()}_"))


@every_history
def test_rows_of_strangers_are_counted_and_change_nothing(
    tables: Tables, folder_of: FolderOf, tmp_path: Path, name: str
) -> None:
    """Rows of applicants or credits that nobody knows are reported with an example; features stay bit for bit."""
    key = str(load_table(name).links.parent_key)
    before = _features(folder_of(tables, *_with_parent(name)), tmp_path / "a.parquet", _with_parent(name))
    strangers = tables[name].head(3).assign(**{key: 9_000_001})
    own = load_table(name).key
    if own is not None or name in LOAN_MONTHS:
        strangers[own or "SK_ID_PREV"] = range(8_000_000, 8_000_003)
    tables[name] = pd.concat([strangers, tables[name]])
    folder = write_tables(tmp_path / "more", {each: tables[each] for each in _files(name)})
    (note,) = load_sources(folder, tables=_with_parent(name)).notes

    assert note.startswith(f"{name}: 3 rows belong to no known ")
    assert note.endswith(f"(for example {key} 9000001); left out of the features")
    pd.testing.assert_frame_equal(
        before, _features(folder, tmp_path / "b.parquet", _with_parent(name)), check_exact=True
    )


def _files(name: str) -> list[str]:
    return ["application_train", "application_test", *_with_parent(name)]


@every_history
def test_date_beyond_any_memory_is_taken_as_missing(tables: Tables, folder_of: FolderOf, name: str) -> None:
    """A row dated before anybody was born keeps its place in the history, outside every window, and is reported."""
    tables[name].loc[[0, 1], DATED_BY[name]] = -9_000_000
    sources = load_sources(folder_of(tables, *_with_parent(name)), tables=_with_parent(name))
    with sources.connect() as database:
        query = f'SELECT count(*), count("{DATED_BY[name]}") FROM "{name}"'  # noqa: S608 - our own names
        ((rows, dated),) = database.execute(query).fetchall()
    unknown = 2 + int(tables[name][DATED_BY[name]].isna().sum())

    (note,) = sources.notes
    assert re.match(rf"{name}.{DATED_BY[name]}: 2 rows have a value (below|outside) -", note)
    assert ", for example SK_ID_" in note
    assert note.endswith("; the value is taken as missing")
    assert (rows, dated) == (len(tables[name]), len(tables[name]) - unknown)


@every_history
def test_spelling_of_the_file_changes_nothing(tables: Tables, folder_of: FolderOf, tmp_path: Path, name: str) -> None:
    """Another column order, an extra column, Windows line ends and a byte-order mark: the features stay."""
    folder = folder_of(tables, *_with_parent(name))
    before = _features(folder, tmp_path / "a.parquet", _with_parent(name))
    strange = tables[name][tables[name].columns[::-1]].assign(COMMENT="x")
    strange.to_csv(folder / f"{name}.csv", index=False, lineterminator="\r\n", encoding="utf-8-sig")

    assert load_sources(folder, tables=_with_parent(name)).notes == (
        f"{name}: columns not in the Home Credit layout are ignored (COMMENT)",
    )
    pd.testing.assert_frame_equal(
        before, _features(folder, tmp_path / "b.parquet", _with_parent(name)), check_exact=True
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("bureau", "CREDIT_TYPE"),
        ("bureau_balance", "STATUS"),
        ("previous_application", "NAME_YIELD_GROUP"),
        ("POS_CASH_balance", "NAME_CONTRACT_STATUS"),
        ("credit_card_balance", "NAME_CONTRACT_STATUS"),
    ],
)
def test_new_category_is_refused(tables: Tables, folder_of: FolderOf, name: str, column: str) -> None:
    """A category nobody declared is refused: what it means for a feature is for a person to say."""
    tables[name].loc[[0, 1], column] = "Neuf"
    folder = folder_of(tables, *_with_parent(name))

    with pytest.raises(DataError, match=rf"TRN109: {name}\.{column}: 2 rows have .*\('Neuf'\), for example SK_ID_"):
        load_sources(folder)


@pytest.mark.parametrize(
    ("name", "column"),
    [("bureau", "AMT_CREDIT_SUM"), ("previous_application", "AMT_CREDIT"), ("installments_payments", "AMT_PAYMENT")],
)
def test_negative_amount_is_taken_as_missing(tables: Tables, folder_of: FolderOf, name: str, column: str) -> None:
    """Where an amount cannot be negative it is reported with an example, and is missing."""
    tables[name].loc[[0, 1], column] = -1.0
    (note,) = load_sources(folder_of(tables, name), tables=[name]).notes

    assert note.startswith(f"{name}.{column}: 2 rows have a value outside 0…1e+11, for example SK_ID_")
    assert note.endswith("; the value is taken as missing")


@pytest.mark.parametrize("name", ["POS_CASH_balance", "installments_payments", "credit_card_balance"])
def test_month_without_its_credit_still_counts(tables: Tables, folder_of: FolderOf, tmp_path: Path, name: str) -> None:
    """Rows that do not name their credit are reported; they belong to the applicant all the same."""
    tables[name].loc[[0, 1], "SK_ID_PREV"] = None
    folder = folder_of(tables, name)
    (note,) = load_sources(folder, tables=[name]).notes
    rows = _features(folder, tmp_path / "features.parquet", [name])
    n_rows = {"POS_CASH_balance": "POS_MONTHS_COUNT", "credit_card_balance": "CARD_MONTHS_COUNT"}.get(name)

    assert note.startswith(f"{name}.SK_ID_PREV: 2 rows have no value, for example SK_ID_CURR 100001; those of an ")
    if n_rows is not None:
        assert rows[n_rows].sum() == len(tables[name])
