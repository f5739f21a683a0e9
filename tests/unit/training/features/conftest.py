"""Clean histories, made up and real, and the comparison of SQL with its independent recomputation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.builders.home_credit import small_tables, write_tables
from tests.builders.sample import home_credit_sample
from training.features.sql import feature_sql
from training.population.generate import Plan, generate
from training.population.profile import load_profile
from training.sources import load_sources
from training.tables import HISTORY_TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb
    import pandas as pd


@pytest.fixture(scope="session", params=["made up", "sample", "real"])
def histories(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Open a database with the clean tables of a made-up folder, of a sample population, and of the real sample."""
    if request.param == "real":
        folder = home_credit_sample()
    elif request.param == "sample":
        folder = tmp_path_factory.mktemp("sample")
        generate(load_profile(), Plan(2_000, 0), folder, "parquet")
    else:
        folder = write_tables(tmp_path_factory.mktemp("tables"), small_tables(n_train=150, n_test=50))
    sources = load_sources(folder, tables=HISTORY_TABLES)
    with sources.connect() as database:
        yield database


@pytest.fixture
def assert_sql_gives(
    histories: duckdb.DuckDBPyConnection,
) -> Callable[[str, Callable[..., dict[str, pd.Series]]], None]:
    """Compare the SQL of a table with a function of its clean rows, column by column."""

    def compare(table: str, expected_of: Callable[..., dict[str, pd.Series]], *others: str) -> None:
        frames = [histories.table(name).fetchdf() for name in (table, *others)]
        found = histories.execute(feature_sql(table)).fetchdf().set_index("SK_ID_CURR").sort_index()
        expected = expected_of(*frames)

        assert list(expected) == list(found.columns)
        for name, values in expected.items():
            np.testing.assert_allclose(
                found[name].to_numpy(float),
                values.reindex(found.index).to_numpy(float),
                rtol=1e-9,
                atol=1e-9,
                err_msg=name,
            )
            assert values.index.isin(found.index).all()

    return compare
