"""What holds for the features of any history: nothing but an applicant's own rows counts, in whatever order."""

from __future__ import annotations

from functools import cache

import duckdb
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sql import feature_sql, tables_behind
from features.tables import HISTORY_TABLES, load_table
from tests.builders.home_credit import clean_histories

KEY = "SK_ID_CURR"
every_history = pytest.mark.parametrize("name", HISTORY_TABLES)
orders = st.integers(0, 2**32 - 1)
few = settings(max_examples=15)


@cache
def tables() -> dict[str, pd.DataFrame]:
    """Return made-up histories, made once."""
    return clean_histories(n_train=24)


def features(name: str, histories: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Run the SQL of a history."""
    with duckdb.connect() as database:
        database.execute("SET threads = 1")
        for each in tables_behind(name):
            database.register(each, histories[each])
        return database.execute(feature_sql(name)).fetchdf().astype(float).set_index(KEY).sort_index()


def owned(name: str, applicants: set[int]) -> dict[str, pd.DataFrame]:
    """Return the histories of some applicants."""
    bureau = tables()["bureau"]
    loans = set(bureau.loc[bureau[KEY].isin(applicants), "SK_ID_BUREAU"])
    return {
        each: rows[rows["SK_ID_BUREAU"].isin(loans) if each == "bureau_balance" else rows[KEY].isin(applicants)]
        for each, rows in tables().items()
        if each in {*tables_behind(name), "bureau"}
    }


@every_history
@few
@given(seed=orders)
def test_order_of_rows_changes_nothing(name: str, seed: int) -> None:
    """However the rows of a file are shuffled, the features are the same to the last bit."""
    shuffled = {each: rows.sample(frac=1, random_state=seed) for each, rows in tables().items()}

    pd.testing.assert_frame_equal(features(name, tables()), features(name, shuffled), check_exact=True)


@every_history
@few
@given(seed=orders, data=st.data())
def test_batches_of_applicants_give_the_same_features(name: str, seed: int, data: st.DataObject) -> None:
    """Cut the applicants in two anywhere: each part gives the rows of the whole, hence nobody else's rows count."""
    whole = features(name, tables())
    applicants = pd.Series(whole.index).sample(frac=1, random_state=seed).astype(int).tolist()
    cut = data.draw(st.integers(1, len(applicants) - 1))
    parts = [features(name, owned(name, set(part))) for part in (applicants[:cut], applicants[cut:])]

    pd.testing.assert_frame_equal(whole, pd.concat(parts).sort_index(), check_exact=True)


@every_history
@few
@given(data=st.data())
def test_another_applicants_rows_change_nothing(name: str, data: st.DataObject) -> None:
    """Whatever numbers somebody else's rows are given, the features of the first applicant stay."""
    first = int(features(name, tables()).index[0])
    rows = tables()[name].copy()
    bureau = tables()["bureau"]
    mine = set(bureau.loc[bureau[KEY] == first, "SK_ID_BUREAU"])
    others = ~(rows["SK_ID_BUREAU"].isin(mine) if name == "bureau_balance" else rows[KEY] == first)
    keys = {KEY, "SK_ID_PREV", "SK_ID_BUREAU"}
    numbers = [
        column.name for column in load_table(name).columns if column.type != "category" and column.name not in keys
    ]
    column = data.draw(st.sampled_from(numbers))
    rows.loc[others, column] = data.draw(st.integers(-1_000, 1_000))

    pd.testing.assert_frame_equal(
        features(name, tables()).loc[[first]], features(name, tables() | {name: rows}).loc[[first]], check_exact=True
    )
