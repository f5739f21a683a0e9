"""The feature table as a whole: its columns, its rows, and what may not change them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import training.features.build as building
import training.sources
from features.sql import feature_sql, is_count
from features.tables import HISTORY_TABLES
from tests.builders.home_credit import small_tables, write_tables
from tests.builders.sample import home_credit_sample
from training.errors import DataError
from training.features import build_features
from training.schema import load_inputs
from training.sources import load_sources
from training.sources.database import open_database

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from training.features import FeatureTable
    from training.sources import Sources
    from training.sources.database import Workspace


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> Sources:
    """Load a faultless made-up folder."""
    return load_sources(write_tables(tmp_path_factory.mktemp("data"), small_tables()))


@pytest.fixture(scope="module")
def table(sources: Sources, tmp_path_factory: pytest.TempPathFactory) -> FeatureTable:
    """Compute the features of the made-up folder."""
    return build_features(sources, tmp_path_factory.mktemp("features") / "features.parquet")


def _features(tmp_path: Path, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the features of some tables, in a folder of their own."""
    sources = load_sources(write_tables(tmp_path / "data", tables), tables=HISTORY_TABLES)
    return pd.read_parquet(build_features(sources, tmp_path / "features.parquet").path).set_index("SK_ID_CURR")


def test_columns_and_dictionary_agree_both_ways(table: FeatureTable) -> None:
    """Every column of the table is in the dictionary and every entry of the dictionary is a column, in its order."""
    assert list(table.columns[3:]) == [entry.name for entry in load_inputs()]
    assert table.columns[:3] == ("SK_ID_CURR", "POPULATION", "TARGET")


def test_columns_of_a_table_are_declared_under_it(sources: Sources) -> None:
    """The dictionary names the right table for each aggregate."""
    with sources.connect() as database:
        for name in HISTORY_TABLES:
            cursor = database.execute(feature_sql(name))
            columns = [column[0] for column in cursor.description or ()]

            assert columns[1:] == [entry.name for entry in load_inputs() if entry.table == name], name


def test_there_is_one_row_per_application_in_order(table: FeatureTable) -> None:
    """Train and test applications are there once each, ordered by key; only train ones have an outcome."""
    rows = pd.read_parquet(table.path, columns=["SK_ID_CURR", "POPULATION", "TARGET"])

    assert rows["SK_ID_CURR"].tolist() == list(range(100_001, 100_051))
    assert rows["POPULATION"].value_counts().to_dict() == {"train": 40, "test": 10}
    assert rows["TARGET"].notna().equals(rows["POPULATION"] == "train")


def test_columns_are_numbers_or_categories(table: FeatureTable) -> None:
    """Categories are text and everything else is double precision."""
    rows = pd.read_parquet(table.path)
    kinds = {entry.name: entry.kind for entry in load_inputs()}

    for name, kind in kinds.items():
        assert rows[name].dtype == (object if kind == "category" else "float64"), name


def test_no_history_is_zero_for_counts_and_missing_for_the_rest(table: FeatureTable) -> None:
    """An applicant nobody knows has counts of 0 and no other aggregate, as the dictionary says."""
    rows = pd.read_parquet(table.path).set_index("SK_ID_CURR").loc[100_004]
    aggregates = [entry for entry in load_inputs() if entry.table != "application"]

    for entry in aggregates:
        if is_count(entry.name):
            assert rows[entry.name] == 0.0, entry.name
            assert "0" in entry.missing_fr, entry.name
        else:
            assert pd.isna(rows[entry.name]), entry.name


def test_no_value_is_infinite(table: FeatureTable) -> None:
    """A division by nothing gives a missing value, never an infinite one."""
    numbers = pd.read_parquet(table.path).select_dtypes("number")

    assert not numbers.isin([float("inf"), float("-inf")]).to_numpy().any()


def test_row_order_changes_nothing(tmp_path: Path) -> None:
    """Shuffled files give bit for bit the same features."""
    tables = small_tables()
    shuffled = {name: rows.sample(frac=1, random_state=3) for name, rows in tables.items()}

    pd.testing.assert_frame_equal(
        _features(tmp_path / "a", tables), _features(tmp_path / "b", shuffled), check_exact=True
    )


def test_other_applicants_change_nothing(tmp_path: Path) -> None:
    """The features of an applicant come from that applicant's rows alone: any batch of applicants gives the same."""
    tables = small_tables()
    kept = set(range(100_001, 100_021))
    bureau_ids = set(tables["bureau"].query("SK_ID_CURR in @kept")["SK_ID_BUREAU"])
    batch = {
        name: rows[rows["SK_ID_BUREAU"].isin(bureau_ids) if name == "bureau_balance" else rows["SK_ID_CURR"].isin(kept)]
        for name, rows in tables.items()
        if name != "application_test"
    }
    whole = _features(tmp_path / "a", tables).loc[sorted(kept)]

    pd.testing.assert_frame_equal(whole, _features(tmp_path / "b", batch), check_exact=True)


def test_features_of_real_histories_lie_within_the_dictionary(tmp_path: Path) -> None:
    """No real history gives an aggregate that the service would refuse as an input."""
    sources = load_sources(home_credit_sample(), tables=HISTORY_TABLES)
    rows = pd.read_parquet(build_features(sources, tmp_path / "features.parquet").path)
    for entry in load_inputs():
        if entry.kind != "category":
            outside = (rows[entry.name] < entry.minimum) | (rows[entry.name] > entry.maximum)

            assert not outside.any(), entry.name


def test_threads_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One thread or four write the same file byte for byte: sums do not depend on who comes first."""
    contents = set()
    for threads in (1, 4):
        monkeypatch.setattr(training.sources, "open_database", partial(_open_with_threads, threads))
        sources = load_sources(home_credit_sample(), tables=["bureau", "credit_card_balance"])
        contents.add(build_features(sources, tmp_path / f"{threads}.parquet").path.read_bytes())

    assert len(contents) == 1


def _open_with_threads(threads: int, workspace: Workspace, memory_limit: str) -> duckdb.DuckDBPyConnection:
    database = open_database(workspace, memory_limit)
    database.execute(f"SET threads = {threads}")
    return database


def test_cache_is_used_again(sources: Sources, tmp_path: Path) -> None:
    """The same contents and SQL give the file that is there already."""
    first = build_features(sources, tmp_path)
    written = first.path.stat().st_mtime_ns
    second = build_features(sources, tmp_path)

    assert first.path.name == f"features-{first.fingerprint[:16]}.parquet"
    assert (first.reused, second.reused) == (False, True)
    assert second.path.stat().st_mtime_ns == written


def test_damaged_cache_is_written_anew(sources: Sources, tmp_path: Path) -> None:
    """A file that is not what its name says is never used."""
    path = build_features(sources, tmp_path).path
    path.write_bytes(b"PAR1 half a file")

    assert not build_features(sources, tmp_path).reused
    assert len(pd.read_parquet(path)) == 50


def test_changed_sql_gives_another_fingerprint(sources: Sources, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stale features cannot be used: the SQL is part of their name."""
    before = building.features_fingerprint(sources)
    monkeypatch.setattr(building, "feature_sql", lambda table: f"SELECT 1 -- {table}")

    assert building.features_fingerprint(sources) != before


def test_sql_that_multiplies_rows_is_refused(sources: Sources, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table with several rows for one applicant never reaches the join, and nothing is written."""
    monkeypatch.setattr(building, "feature_sql", lambda table: f'SELECT SK_ID_CURR FROM "{table}"')  # noqa: S608 - ours

    with pytest.raises(DataError, match=r"TRN119: bureau\.sql gives 152 rows for 38 applications; group by SK_ID_CURR"):
        build_features(sources, tmp_path / "features.parquet")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_written_is_named(sources: Sources, tmp_path: Path) -> None:
    """Where the file cannot go is told on one line."""
    (tmp_path / "file").touch()

    with pytest.raises(DataError, match=r"TRN161: .*file/features\.parquet cannot be written"):
        build_features(sources, tmp_path / "file" / "features.parquet")


def test_table_read_beside_may_be_absent(sources: Sources, table: FeatureTable, tmp_path: Path) -> None:
    """Without earlier requests nothing is known of running loans; all other features of the payments stay."""
    alone = load_sources(sources.folder, tables=["installments_payments"])
    found = pd.read_parquet(build_features(alone, tmp_path / "alone.parquet").path)
    whole = pd.read_parquet(table.path)[found.columns]
    both = [name for name in found if name.startswith("INSTALMENTS_RUNNING_")]

    assert found[both].isna().all(axis=None)
    pd.testing.assert_frame_equal(found.drop(columns=both), whole.drop(columns=both), check_exact=True)
