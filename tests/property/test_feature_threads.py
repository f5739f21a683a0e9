"""Threads share the rows of a history as they come: who is first never reaches the last bit of a feature."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.quoting import identifier, literal
from features.sql import KEY, feature_sql, tables_behind
from features.tables import HISTORY_TABLES
from tests.builders.home_credit import clean_histories

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import pandas as pd

THREADS = (1, 2, 4)
RUNS = 2
# DuckDB's smallest: threads take row groups, so that even a small history is spread over all of them.
ROW_GROUP = 2_048
N_APPLICATIONS = 160

every_history = pytest.mark.parametrize("name", HISTORY_TABLES)


@cache
def histories() -> dict[str, pd.DataFrame]:
    """Return made-up histories of many row groups, made once."""
    return clean_histories(n_train=N_APPLICATIONS)


def shuffled_files(folder: Path, name: str, seed: int) -> dict[str, Path]:
    """Write a history, and the one it hangs on, in an order of their own and in many row groups."""
    files = {}
    for each in tables_behind(name):
        rows = histories()[each].sample(frac=1, random_state=seed)
        files[each] = folder / f"{each}.parquet"
        with duckdb.connect() as database:
            database.register("rows", rows)
            target = literal(str(files[each]))
            database.execute(f"COPY rows TO {target} (FORMAT parquet, ROW_GROUP_SIZE {ROW_GROUP})")
    return files


def answer(sql: str, files: dict[str, Path], threads: int) -> dict[str, np.ndarray]:
    """Run SQL over Parquet files with a number of threads; return the columns."""
    with duckdb.connect() as database:
        database.execute(f"SET threads = {threads}")
        for name, path in files.items():
            database.execute(
                f"CREATE VIEW {identifier(name)} AS SELECT * FROM read_parquet({literal(str(path))})"  # noqa: S608
            )
        return database.execute(sql).fetchnumpy()


def features_bytes(name: str, files: dict[str, Path], threads: int) -> bytes:
    """Return the features of a history, in the order of the applications, as bytes."""
    ordered = f"SELECT * FROM ({feature_sql(name)}) ORDER BY {KEY}"  # noqa: S608
    columns = answer(ordered, files, threads)
    return b"".join(
        column.filled().astype(float).tobytes() + column.mask.tobytes() if hasattr(column, "mask") else column.tobytes()
        for column in columns.values()
    )


@every_history
@settings(max_examples=2)
@given(seed=st.integers(0, 2**32 - 1))
def test_threads_and_order_change_no_bit(name: str, seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """However the rows lie and whoever reads them, run after run, every feature is the same to the last bit."""
    files = shuffled_files(tmp_path_factory.mktemp("shuffled"), name, seed)
    others = shuffled_files(tmp_path_factory.mktemp("others"), name, seed + 1)
    found = {
        features_bytes(name, each, threads) for each in (files, others) for threads in THREADS for _ in range(RUNS)
    }

    assert len(found) == 1


def test_plain_sums_would_be_seen(tmp_path: Path) -> None:
    """Over the same rows a sum of doubles does depend on their order: the property above looks where it happens."""
    name = "installments_payments"
    sql = f"SELECT sum(CAST(AMT_PAYMENT AS DOUBLE)) AS paid FROM {name} GROUP BY {KEY} ORDER BY {KEY}"  # noqa: S608
    sums = set()
    for seed in (0, 1):
        folder = tmp_path / str(seed)
        folder.mkdir()
        sums.add(answer(sql, shuffled_files(folder, name, seed), threads=1)["paid"].tobytes())

    assert len(sums) == 2
