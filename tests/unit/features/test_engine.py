"""The features of one dossier are those of the batch, to the last bit."""

from __future__ import annotations

import json
import math
import struct
from functools import cache
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq
import pytest

from features.dossier import read_dossier
from features.engine import EngineError, FeatureEngine
from features.sql import is_count, tables_behind
from features.tables import HISTORY_TABLES, LARGEST_INTEGER, load_table
from tests.builders.dossiers import a_dossier, dossier_of
from tests.builders.home_credit import small_tables, write_tables
from training.features import build_features
from training.schema import load_inputs
from training.sources import load_sources

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.engine import Value


@cache
def every_feature() -> Mapping[str, tuple[str, ...]]:
    """Return the names of all features, by table."""
    tables = {entry.table for entry in load_inputs()}
    return {table: tuple(entry.name for entry in load_inputs() if entry.table == table) for table in tables}


@cache
def engine() -> FeatureEngine:
    """Return an engine for all features, opened once."""
    return FeatureEngine(every_feature())


def features_of(dossier: object, *, by: FeatureEngine | None = None) -> dict[str, Value]:
    """Return what an engine computes of a dossier that has no problem."""
    read = read_dossier(dossier, most_records=10_000)
    assert read.problems == []

    return (by or engine()).compute(read.columns)


def bits(value: object) -> object:
    """Return a double as its bits, so that equal means the same to the last one."""
    return struct.pack("<d", value) if isinstance(value, float) else value


def test_every_applicant_has_the_features_of_the_batch(tmp_path: Path) -> None:
    """Each column of the feature table is computed from the applicant's own dossier, bit for bit."""
    tables = small_tables(n_train=12, n_test=0)
    del tables["application_test"]
    sources = load_sources(write_tables(tmp_path / "data", tables), tables=HISTORY_TABLES)
    rows = pq.read_table(build_features(sources, tmp_path / "features.parquet").path).to_pylist()

    for row in rows:
        computed = features_of(dossier_of(tables, row["SK_ID_CURR"]))
        assert {name: bits(value) for name, value in computed.items()} == {name: bits(row[name]) for name in computed}
    assert len(rows) == 12
    assert set(rows[0]) - set(computed) == {"SK_ID_CURR", "POPULATION", "TARGET"}


def test_features_that_are_not_asked_for_change_none() -> None:
    """Each feature alone, with everything else pruned away, is what it is among all of them."""
    everything = features_of(a_dossier())
    one_a_table = {table: names[-1:] for table, names in every_feature().items()}

    few = features_of(a_dossier(), by=FeatureEngine(one_a_table))

    assert {name: bits(value) for name, value in few.items()} == {name: bits(everything[name]) for name in few}


@pytest.mark.parametrize("table", HISTORY_TABLES)
def test_no_rows_are_counted_and_no_table_is_unknown(table: str) -> None:
    """An empty history gives counts of 0 and nothing else; one that is left out gives no feature at all."""
    dossier: dict[str, Any] = {"application": a_dossier()["application"]}

    unknown, none = features_of(dossier), features_of(dossier | {table: []})

    assert not set(every_feature()[table]) & set(unknown)
    assert {name: none[name] for name in every_feature()[table]} == {
        name: 0.0 if is_count(name) else None for name in every_feature()[table]
    }


# What makes one more record of each table another one.
ANOTHER: dict[str, dict[str, int]] = {
    "bureau": {"SK_ID_BUREAU": 900_001, "DAYS_CREDIT": -45},
    "bureau_balance": {"MONTHS_BALANCE": -90},
    "previous_application": {"SK_ID_PREV": 900_002, "DAYS_DECISION": -46},
    "POS_CASH_balance": {"SK_ID_PREV": 900_003, "MONTHS_BALANCE": -3},
    "installments_payments": {"SK_ID_PREV": 900_004, "DAYS_INSTALMENT": -47, "DAYS_ENTRY_PAYMENT": -40},
    "credit_card_balance": {"SK_ID_PREV": 900_005, "MONTHS_BALANCE": -4},
}


@pytest.mark.parametrize("table", HISTORY_TABLES)
def test_a_record_moves_the_features_that_the_dictionary_names(table: str) -> None:
    """One more record is seen in features of its table, and in no feature that the dictionary gives to others."""
    dossier = a_dossier()
    another = dossier[table][-1] | ANOTHER[table]
    before, after = features_of(dossier), features_of(dossier | {table: [*dossier[table], another]})
    moved = {name for name, value in before.items() if bits(value) != bits(after[name])}
    of_table = {
        name for source, names in every_feature().items() for name in names if table in tables_behind(source, name)
    }
    rows_counted = {name for name in every_feature()[table] if is_count(name)}

    assert moved - of_table == set()
    assert moved & rows_counted


def test_left_out_and_null_are_missing_alike() -> None:
    """A column that a record leaves out is a column without value."""
    dossier = a_dossier()
    without = json.loads(json.dumps(dossier))
    for record in without["bureau"]:
        del record["AMT_ANNUITY"]
    for record in dossier["bureau"]:
        record["AMT_ANNUITY"] = None

    assert features_of(without) == features_of(dossier)


def test_the_order_of_records_and_keys_changes_nothing() -> None:
    """Records, their columns and the tables may come in any order."""
    dossier = a_dossier()
    turned = {
        name: content if isinstance(content, dict) else [dict(reversed(record.items())) for record in reversed(content)]
        for name, content in reversed(dossier.items())
    }

    assert features_of(turned) == features_of(dossier)


def test_the_applicant_goes_without_saying() -> None:
    """A dossier without the applicant's key anywhere has the same features."""
    dossier = a_dossier()
    nameless = json.loads(json.dumps(dossier))
    for record in [nameless["application"], *(record for name in HISTORY_TABLES for record in nameless[name])]:
        record.pop("SK_ID_CURR", None)

    assert features_of(nameless) == features_of(dossier)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("bureau", "DAYS_CREDIT", 1),
        ("bureau_balance", "MONTHS_BALANCE", 1),
        ("previous_application", "DAYS_DECISION", 1),
        ("POS_CASH_balance", "MONTHS_BALANCE", 2),
        ("installments_payments", "DAYS_INSTALMENT", 30),
        ("credit_card_balance", "MONTHS_BALANCE", 1),
    ],
)
def test_a_row_after_the_application_counts_for_nothing(table: str, column: str, value: int) -> None:
    """A record dated after the application is as good as not there."""
    dossier = a_dossier()
    without = json.loads(json.dumps(dossier))
    if table != "bureau":
        without[table] = without[table][1:]
    else:
        gone = without[table].pop(0)["SK_ID_BUREAU"]
        without["bureau_balance"] = [one for one in without["bureau_balance"] if one["SK_ID_BUREAU"] != gone]
    dossier[table][0][column] = value

    assert features_of(dossier) == features_of(without)


def test_sentinels_are_missing() -> None:
    """365243 days and a rating of -1 say that nothing is known."""
    dossier = a_dossier()
    dossier["application"] |= {"DAYS_EMPLOYED": 365243, "REGION_RATING_CLIENT_W_CITY": -1}
    for record in dossier["previous_application"]:
        record["DAYS_FIRST_DUE"] = 365243

    computed = features_of(dossier)

    assert computed["DAYS_EMPLOYED"] is None
    assert computed["REGION_RATING_CLIENT_W_CITY"] is None
    assert computed["PREVIOUS_DAYS_FIRST_DUE_MIN"] is None


def test_a_failure_of_the_engine_ends_with_its_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    """When DuckDB fails, no value is told, and the next dossier is computed by a database opened anew."""
    one = FeatureEngine({"application": ("AMT_CREDIT",)})
    read = read_dossier(a_dossier(), most_records=10_000).columns
    broken = {"application": {**read["application"], "AMT_CREDIT": ["450000 euros"]}}

    with pytest.raises(EngineError, match="features of application: ConversionException") as failure:
        one.compute(broken)

    assert "450000" not in str(failure.value)
    assert one.compute(read) == {"AMT_CREDIT": read["application"]["AMT_CREDIT"][0]}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/hostname')",
        "INSTALL httpfs",
        "LOAD httpfs",
        "ATTACH '/tmp/x.db'",
        "SET threads = 8",
    ],
)
def test_the_engine_is_shut_off(statement: str) -> None:
    """Its database reaches no file and no network, takes no extension, and keeps its settings."""
    database = engine().database

    with pytest.raises(duckdb.Error):
        database.execute(statement)


def extreme_records(table: str, *, upper: bool) -> list[dict[str, object]]:
    """Return many records whose every number is as far out as its declaration allows, or farther where nothing does."""
    columns = load_table(table).columns
    ends = {
        column.name: ((column.maximum if upper else column.minimum) or (LARGEST_INTEGER if upper else -LARGEST_INTEGER))
        for column in columns
        if column.type != "category"
    }
    words = {column.name: column.categories[0] for column in columns if column.type == "category"}
    whole = {name: int(value) for name, value in ends.items() if load_table(table).column(name).type == "integer"}
    own = [name for name in ("SK_ID_PREV", "SK_ID_BUREAU") if name in ends]
    dated = str(load_table(table).links.dated_by)
    same = {**words, **ends, **whole, "SK_ID_CURR": None}
    return [{**same, dated: -(row % 900), **dict.fromkeys(own, row)} for row in range(600)]


@pytest.mark.parametrize("upper", [True, False], ids=["upper", "lower"])
@pytest.mark.parametrize("table", [name for name in HISTORY_TABLES if name != "bureau_balance"])
def test_no_value_that_keeps_its_declaration_breaks_the_engine(table: str, *, upper: bool) -> None:
    """Sums and products of the largest and the smallest values fit the types of the SQL."""
    computed = features_of({"application": {}, table: extreme_records(table, upper=upper)})

    assert set(every_feature()[table]) <= set(computed)
    assert all(math.isfinite(value) for value in computed.values() if isinstance(value, float))


def test_a_duration_beyond_reason_is_no_failure() -> None:
    """An instalment plan of quadrillions of payments is unknown, and told, instead of too large for its price."""
    record = {"SK_ID_PREV": 1, "NAME_CONTRACT_STATUS": "Approved", "AMT_ANNUITY": 1e11, "AMT_CREDIT": 1.0}

    computed = features_of({"application": {}, "previous_application": [record | {"CNT_PAYMENT": 2**53}]})

    assert computed["PREVIOUS_APPLICATIONS_COUNT"] == 1.0
