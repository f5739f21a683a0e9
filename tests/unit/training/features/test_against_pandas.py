"""The SQL of every history against its independent recomputation in pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from features.sql import feature_sql
from features.tables import HISTORY_TABLES
from tests.oracle import PANDAS_FEATURES

if TYPE_CHECKING:
    import duckdb


@pytest.mark.parametrize("table", HISTORY_TABLES)
def test_sql_equals_pandas(table: str, histories: duckdb.DuckDBPyConnection) -> None:
    """Every aggregate of a history, in the SQL's order, is what pandas computes from the same clean rows."""
    compute, sources = PANDAS_FEATURES[table]
    found = histories.execute(feature_sql(table)).fetchdf().set_index("SK_ID_CURR").sort_index()
    expected = compute(*(histories.table(name).fetchdf() for name in sources))

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
