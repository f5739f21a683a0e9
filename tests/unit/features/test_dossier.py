"""What is wrong with a dossier is told by its place, all at once; what is put right is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.accounts import Remark
from features.cleaning import outside_sql
from features.dossier import read_dossier
from features.rows import Fault
from features.tables import HISTORY_TABLES, LARGEST_INTEGER, TABLE_NAMES, load_table
from tests.builders.dossiers import APPLICANT, a_dossier, all_columns

if TYPE_CHECKING:
    from features.tables import Column


def problems_of(dossier: object, *, most_records: int = 10_000) -> list[tuple[str, Fault]]:
    """Return the places and kinds of what is wrong."""
    return [(one.place, one.fault) for one in read_dossier(dossier, most_records=most_records).problems]


def remarks_of(dossier: object, table: str) -> list[tuple[Remark, int, str]]:
    """Return what was remarked in a table."""
    accounts = {account.table: account for account in read_dossier(dossier, most_records=10_000).accounts}
    return [(one.remark, one.count, one.place) for one in accounts[table].remarks]


def test_a_sound_dossier_is_read_whole() -> None:
    """All its columns are there, every record is counted and nothing is remarked."""
    dossier = a_dossier()

    read = read_dossier(dossier, most_records=10_000)

    assert read.problems == []
    assert {name: tuple(columns) for name, columns in read.columns.items()} == all_columns()
    assert {one.table: (one.records, one.left_out) for one in read.accounts} == {
        name: (len(dossier[name]), 0) for name in HISTORY_TABLES
    }
    assert read.given == frozenset(dossier["application"])


@pytest.mark.parametrize(
    ("table", "column", "value", "fault"),
    [
        ("bureau", "DAYS_CREDIT", "-300", Fault.NO_NUMBER),
        ("bureau", "DAYS_CREDIT", True, Fault.NO_NUMBER),
        ("bureau", "DAYS_CREDIT", [1], Fault.NO_NUMBER),
        ("bureau", "DAYS_CREDIT", -300.5, Fault.NO_WHOLE_NUMBER),
        ("bureau", "DAYS_CREDIT", LARGEST_INTEGER + 1, Fault.TOO_LARGE),
        ("bureau", "AMT_CREDIT_SUM", float("nan"), Fault.NAN),
        ("bureau", "AMT_CREDIT_SUM", float("inf"), Fault.TOO_LARGE),
        ("bureau", "AMT_CREDIT_SUM", 10**400, Fault.TOO_LARGE),
        ("bureau", "CREDIT_ACTIVE", 3, Fault.NO_TEXT),
        ("bureau", "CREDIT_ACTIVE", "active", Fault.VOCABULARY),
        ("bureau", "SK_ID_BUREAU", None, Fault.NO_KEY),
        ("bureau", "SK_ID_CURR", APPLICANT + 1, Fault.FOREIGN),
        ("bureau_balance", "SK_ID_BUREAU", None, Fault.NO_KEY),
        ("bureau_balance", "SK_ID_BUREAU", 1, Fault.ORPHAN),
        ("previous_application", "SK_ID_PREV", None, Fault.NO_KEY),
        ("POS_CASH_balance", "SK_ID_CURR", APPLICANT + 1, Fault.FOREIGN),
    ],
)
def test_a_wrong_value_is_told_by_its_place(table: str, column: str, value: object, fault: Fault) -> None:
    """One value that is not of its column is one problem, at ``table[row].column``."""
    dossier = a_dossier()
    dossier[table][3][column] = value

    assert problems_of(dossier) == [(f"{table}[3].{column}", fault)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"application": None}, [("application", Fault.NO_APPLICATION)]),
        ({"application": [1]}, [("application", Fault.NO_OBJECT)]),
        ({"bureau": None}, [("bureau", Fault.NO_LIST)]),
        ({"bureau": {}}, [("bureau", Fault.NO_LIST)]),
        ({"POS_CASH_balance": [{}, 3, "x"]}, [(f"POS_CASH_balance[{row}]", Fault.NO_OBJECT) for row in (1, 2)]),
        ({"bureaux": []}, [("bureaux", Fault.UNKNOWN_TABLE)]),
    ],
)
def test_a_wrong_table_is_told_by_its_name(change: dict[str, object], expected: list[tuple[str, Fault]]) -> None:
    """What is no table, or none of the seven, is said so."""
    assert problems_of(a_dossier() | {"application": {"SK_ID_CURR": APPLICANT}} | change) == expected


@pytest.mark.parametrize("content", [None, 3, "dossier", []])
def test_what_is_no_object_is_no_dossier(content: object) -> None:
    """A dossier is a JSON object."""
    assert problems_of(content) == [("", Fault.NO_OBJECT)]


def test_everything_is_told_at_once() -> None:
    """Problems of several tables come together, in the order of the tables."""
    dossier = a_dossier()
    dossier["application"]["AMT_CREDIT"] = "450000"
    dossier["bureau"][0]["CREDIT_ACTIVE"] = "?"
    dossier["bureau"][1]["DAYS_CREDIT"] = 0.5
    dossier["credit_card_balance"][2]["SK_ID_CURR"] = 7

    assert problems_of(dossier) == [
        ("application.AMT_CREDIT", Fault.NO_NUMBER),
        ("bureau[0].CREDIT_ACTIVE", Fault.VOCABULARY),
        ("bureau[1].DAYS_CREDIT", Fault.NO_WHOLE_NUMBER),
        ("credit_card_balance[2].SK_ID_CURR", Fault.FOREIGN),
    ]


def test_a_key_twice_is_told_at_both_records() -> None:
    """Two credits under one number cannot be told apart."""
    dossier = a_dossier()
    dossier["bureau"][2]["SK_ID_BUREAU"] = dossier["bureau"][0]["SK_ID_BUREAU"]
    dossier["bureau_balance"] = []

    assert problems_of(dossier) == [(f"bureau[{row}].SK_ID_BUREAU", Fault.TWICE) for row in (0, 2)]


def test_too_many_records_are_not_looked_at() -> None:
    """A table beyond the bound is one problem, however wrong its records are."""
    assert problems_of(a_dossier() | {"POS_CASH_balance": [{"SK_DPD": "x"}] * 6}, most_records=5)[-1:] == [
        ("credit_card_balance", Fault.TOO_MANY)
    ]
    dossier = {"application": {}, "POS_CASH_balance": [{"SK_DPD": "x"}] * 6}
    assert problems_of(dossier, most_records=5) == [("POS_CASH_balance", Fault.TOO_MANY)]


def test_a_balance_needs_the_table_of_its_credit() -> None:
    """Monthly rows without the table of the credits they belong to are of no credit."""
    dossier = a_dossier()
    del dossier["bureau"]

    assert {fault for _, fault in problems_of(dossier)} == {Fault.ORPHAN}
    assert problems_of(dossier | {"bureau_balance": []}) == []


def test_a_record_of_someone_needs_an_applicant_to_compare_with() -> None:
    """Where the application does not say whose it is, a record that does is of somebody else."""
    dossier: dict[str, Any] = {"application": {}, "bureau": [{"SK_ID_BUREAU": 1, "SK_ID_CURR": APPLICANT}]}

    assert problems_of(dossier) == [("bureau[0].SK_ID_CURR", Fault.FOREIGN)]


def test_undeclared_columns_are_found_wherever_they_are() -> None:
    """What becomes of them is for the policy of unknown fields to say: by itself it is no problem."""
    dossier = a_dossier()
    dossier["application"]["AGE"] = 40
    dossier["bureau"][1]["BANK"] = "x"

    read = read_dossier(dossier, most_records=10_000)

    assert read.problems == []
    assert [(one.place, one.received) for one in read.undeclared] == [("application.AGE", 40), ("bureau[1].BANK", "x")]


def test_what_is_put_right_is_counted() -> None:
    """Records after the application, impossible values, rows of no credit and repeated months are told."""
    dossier = a_dossier()
    rows = dossier["POS_CASH_balance"]
    rows[1]["MONTHS_BALANCE"] = 2
    rows[2]["SK_DPD"] = rows[4]["SK_DPD"] = -1
    rows[3]["SK_ID_PREV"] = None
    rows.append(dict(rows[0]))

    read = read_dossier(dossier, most_records=10_000)
    account = next(one for one in read.accounts if one.table == "POS_CASH_balance")

    assert read.problems == []
    assert (account.records, account.left_out) == (len(rows), 1)
    assert remarks_of(dossier, "POS_CASH_balance") == [
        (Remark.FUTURE, 1, "POS_CASH_balance[1].MONTHS_BALANCE"),
        (Remark.OUTSIDE, 2, "POS_CASH_balance[2].SK_DPD"),
        (Remark.NO_CREDIT, 1, "POS_CASH_balance[3].SK_ID_PREV"),
        (Remark.MONTH_TWICE, 1, f"POS_CASH_balance[{len(rows) - 1}].MONTHS_BALANCE"),
    ]


def test_a_sentinel_hides_no_impossible_value() -> None:
    """A value outside its range is counted beside one that only says that it is not known."""
    records = [{"SK_ID_PREV": 1, "DAYS_TERMINATION": 365243}, {"SK_ID_PREV": 2, "DAYS_TERMINATION": 200_000}]

    remarks = remarks_of(a_dossier() | {"previous_application": records}, "previous_application")

    assert remarks == [(Remark.OUTSIDE, 1, "previous_application[1].DAYS_TERMINATION")]


ODD_NUMBERS = st.one_of(
    st.none(),
    st.integers(),
    st.floats(),
    st.sampled_from([LARGEST_INTEGER, LARGEST_INTEGER + 1, float(LARGEST_INTEGER), 10**400, -0.0]),
)


@given(st.lists(ODD_NUMBERS, max_size=6), st.sampled_from(["DAYS_CREDIT", "AMT_CREDIT_SUM"]))
def test_a_column_has_a_fault_where_one_of_its_values_has(values: list[float | None], column: str) -> None:
    """Looking at a column as a whole finds what looking at each of its values finds."""
    records = [{"SK_ID_BUREAU": row, column: value} for row, value in enumerate(values)]
    each = [problems_of({"application": {}, "bureau": [one]}) for one in records]

    together = problems_of({"application": {}, "bureau": records})

    assert [fault for _, fault in together] == [fault for found in each for _, fault in found]


def test_a_table_that_is_left_out_is_said_to_be_unknown() -> None:
    """Its account has no number of records; that of an empty one has zero."""
    accounts = read_dossier({"application": {}, "bureau": []}, most_records=10).accounts

    assert {one.table: one.records for one in accounts} == {
        name: 0 if name == "bureau" else None for name in HISTORY_TABLES
    }


RANGED = [column for name in TABLE_NAMES for column in load_table(name).columns if outside_sql(column, "x")]


@settings(deadline=None)
@given(st.sampled_from(RANGED), st.floats(allow_nan=False, allow_infinity=False) | st.integers(-2000, 400_000))
def test_what_is_told_to_be_impossible_is_what_the_sql_takes_out(column: Column, value: float) -> None:
    """The account and the SQL agree on what lies outside a declared range."""
    condition = outside_sql(column, f"CAST({value!r} AS DOUBLE)")

    ((taken_out,),) = duckdb.execute(f"SELECT {condition}").fetchall()

    assert column.is_outside(value) == taken_out
