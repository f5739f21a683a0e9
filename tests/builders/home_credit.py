"""Small made-up tables in the Home Credit layout: linked, within their declared vocabularies, never real rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.tables import HISTORY_TABLES, load_table
from training.schema import load_inputs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.random import Generator

    from features.tables import Column, Table

FIRST_APPLICATION = 100_001
MISSING_SHARE = 0.1
# Longer than every window but the widest, so that windows make a difference.
N_MONTHS = 14


def a_table(name: str, n_rows: int, *, seed: int = 0, **columns: object) -> pd.DataFrame:
    """Return rows of a raw table with values drawn within their declaration; `columns` are set as given."""
    rng = np.random.default_rng(seed)
    table = load_table(name)
    rows = {column.name: _values(rng, table, column, n_rows) for column in table.columns}
    return pd.DataFrame(rows).assign(**columns)


def small_tables(*, n_train: int = 40, n_test: int = 10, seed: int = 0) -> dict[str, pd.DataFrame]:
    """Return the eight files of a small data folder, the histories belonging to three applications in four."""
    train = a_table("application", n_train, seed=seed, SK_ID_CURR=FIRST_APPLICATION + np.arange(n_train))
    train["TARGET"] = (np.arange(n_train) % 5 == 0).astype(int)
    test = a_table("application", n_test, seed=seed + 1, SK_ID_CURR=FIRST_APPLICATION + n_train + np.arange(n_test))
    applicants = np.concatenate([train["SK_ID_CURR"], test["SK_ID_CURR"]])
    owners = applicants[applicants % 4 != 0]
    return {
        "application_train": train,
        "application_test": test.drop(columns="TARGET"),
        **_bureau_tables(owners, seed),
        **_previous_tables(owners, seed),
    }


def clean_histories(*, n_train: int) -> dict[str, pd.DataFrame]:
    """Return made-up histories with their sentinels missing, as the sources hand them on to the features."""
    histories = {name: rows for name, rows in small_tables(n_train=n_train, n_test=0).items() if name in HISTORY_TABLES}
    for name, rows in histories.items():
        for column in load_table(name).columns:
            if column.sentinel is not None:
                rows[column.name] = rows[column.name].mask(rows[column.name] == column.sentinel)
            if column.type == "integer":
                rows[column.name] = rows[column.name].astype("Int64")
    return histories


def write_tables(folder: Path, tables: Mapping[str, pd.DataFrame]) -> Path:
    """Write each table as a CSV file into `folder`; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        rows.to_csv(folder / f"{name}.csv", index=False)
    return folder


def _bureau_tables(owners: np.ndarray, seed: int) -> dict[str, pd.DataFrame]:
    curr = np.repeat(owners, 4)
    ids = 5_000_000 + np.arange(curr.size)
    # Every fifth credit has no monthly history.
    followed = np.repeat(ids[ids % 5 != 0], 15)
    months = -(np.arange(followed.size) % 15)
    return {
        "bureau": a_table(
            "bureau", curr.size, seed=seed, SK_ID_CURR=curr, SK_ID_BUREAU=ids, CREDIT_CURRENCY="currency 1"
        ),
        "bureau_balance": a_table(
            "bureau_balance", followed.size, seed=seed, SK_ID_BUREAU=followed, MONTHS_BALANCE=months
        ),
    }


def _previous_tables(owners: np.ndarray, seed: int) -> dict[str, pd.DataFrame]:
    curr = np.repeat(owners, 6)
    ids = 1_000_000 + np.arange(curr.size)
    previous = a_table("previous_application", curr.size, seed=seed, SK_ID_CURR=curr, SK_ID_PREV=ids)
    previous["FLAG_LAST_APPL_PER_CONTRACT"], previous["NFLAG_LAST_APPL_IN_DAY"] = "Y", 1
    # Coarse days give applications decided on the same day, whose order the SQL has to settle.
    previous["DAYS_DECISION"] = previous["DAYS_DECISION"] // 300 * 300
    monthly = {"SK_ID_CURR": np.repeat(curr, N_MONTHS), "SK_ID_PREV": np.repeat(ids, N_MONTHS)}
    n_months = curr.size * N_MONTHS
    months = -(np.arange(n_months) % N_MONTHS) - 1
    return {
        "previous_application": previous,
        "POS_CASH_balance": a_table("POS_CASH_balance", n_months, seed=seed, MONTHS_BALANCE=months, **monthly),
        "installments_payments": _instalments(monthly, n_months, seed),
        "credit_card_balance": a_table("credit_card_balance", n_months, seed=seed, MONTHS_BALANCE=months, **monthly),
    }


def _instalments(keys: dict[str, np.ndarray], n_rows: int, seed: int) -> pd.DataFrame:
    """Return instalments of which some were paid in two parts, some late, some never."""
    number = np.arange(n_rows) % N_MONTHS // 2 + 1
    rows = a_table("installments_payments", n_rows, seed=seed, NUM_INSTALMENT_NUMBER=number, **keys)
    rows["NUM_INSTALMENT_VERSION"] = 1
    rows["DAYS_INSTALMENT"] = -number * 100
    rows["DAYS_ENTRY_PAYMENT"] = rows["DAYS_INSTALMENT"] + np.random.default_rng(seed).integers(-30, 60, n_rows)
    unpaid = np.arange(n_rows) % 7 == 0
    rows.loc[unpaid, ["DAYS_ENTRY_PAYMENT", "AMT_PAYMENT"]] = np.nan
    return rows


def _values(rng: Generator, table: Table, column: Column, n_rows: int) -> object:
    if column.type == "category":
        return _with_gaps(rng, table, column, rng.choice(np.array(column.categories, dtype=object), n_rows))
    low, high = _range(table, column)
    if column.type == "integer":
        values = rng.integers(int(low), int(high) + 1, n_rows).astype(float)
        if column.sentinel:
            values[rng.random(n_rows) < MISSING_SHARE] = column.sentinel
    else:
        values = np.round(rng.uniform(low, high, n_rows), 2)
    return _with_gaps(rng, table, column, values)


def _with_gaps(rng: Generator, table: Table, column: Column, values: np.ndarray) -> np.ndarray:
    """Take out a tenth of the values where a value may be missing."""
    if column.name in {*table.key_columns, "TARGET", "MONTHS_BALANCE", "NAME_CONTRACT_STATUS"}:
        return values
    return np.where(rng.random(values.size) < MISSING_SHARE, np.nan, values)


def _range(table: Table, column: Column) -> tuple[float, float]:
    """Return the smallest and largest value to draw."""
    bounds = {entry.name: (entry.minimum, entry.maximum) for entry in load_inputs() if entry.table == table.name}
    low, high = bounds.get(column.name, (column.minimum, column.maximum))
    if column.sentinel == 0:
        low = 1
    if column.name.startswith("DAYS_"):
        return (-9_000, -6_600) if column.name == "DAYS_BIRTH" else (-1_500, -1)
    if column.name.startswith("AMT_") and column.type == "number":
        return (1_000, 500_000)
    return (0 if low is None else low, 3 if high is None or high > 3 else high)
