#!/usr/bin/env bash
# Subject:   DuckDB, what NaN of a frame becomes
# Versions:  duckdb 2.0.0, pandas 3.1.1, polars 2.1.0, pyarrow 26.0.1, numpy 2.5.5
# Behaviour: The same three numbers, one of them NaN, have a count of 2 and a maximum of 3 when they come from a
#            pandas frame or a dictionary of numpy arrays, where NaN is read as NULL, but a count of 3 and a
#            maximum of NaN when they come from Arrow, Polars or bound parameters, where NaN stays NaN and is
#            larger than every number. A Parquet file inherits the difference from whoever wrote it, pandas or
#            Polars.
# Seen:      2026-11-30
#            pandas frame       count 2, maximum 3.0, mean 2.0
#            Arrow from pandas  count 2, maximum 3.0, mean 2.0
#            numpy arrays       count 2, maximum 3.0, mean 2.0
#            Parquet by pandas  count 2, maximum 3.0, mean 2.0
#            Arrow table        count 3, maximum nan, mean nan
#            Polars frame       count 3, maximum nan, mean nan
#            Parquet by Polars  count 3, maximum nan, mean nan
#            bound parameters   count 3, maximum nan, mean nan
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0 pandas==3.1.1 polars==2.1.0 pyarrow==26.0.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import tempfile

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa

values = np.array([1.0, np.nan, 3.0])
folder = tempfile.mkdtemp()
by_pandas, by_polars = f"{folder}/pandas.parquet", f"{folder}/polars.parquet"
pd.DataFrame({"x": values}).to_parquet(by_pandas)
pl.DataFrame({"x": values}).write_parquet(by_polars)
database = duckdb.connect()
database.execute("CREATE TABLE bound (x DOUBLE)")
database.executemany("INSERT INTO bound VALUES (?)", [[value] for value in values.tolist()])
sources = {
    "pandas frame": pd.DataFrame({"x": values}),
    "Arrow from pandas": pa.Table.from_pandas(pd.DataFrame({"x": values})),
    "numpy arrays": {"x": values},
    "Parquet by pandas": by_pandas,
    "Arrow table": pa.table({"x": values}),
    "Polars frame": pl.DataFrame({"x": values}),
    "Parquet by Polars": by_polars,
    "bound parameters": "bound",
}
found = {}
for name, source in sources.items():
    if isinstance(source, str):
        relation = source if source == "bound" else f"'{source}'"
    else:
        relation = "source"
        database.register(relation, source)
    column = "x" if name != "numpy arrays" else "COLUMNS(*)"
    query = f"SELECT count({column}), max({column}), avg({column}) FROM {relation}"
    found[name] = database.execute(query).fetchall()[0]
    print(f"{name:18} count {found[name][0]}, maximum {found[name][1]}, mean {found[name][2]}")

assert [count for count, _, _ in found.values()] == [2] * 4 + [3] * 4, "changed: NaN is read alike, or otherwise"
assert all(np.isnan(top) for count, top, _ in found.values() if count == 3), "changed: NaN is no longer the largest"
PYTHON
