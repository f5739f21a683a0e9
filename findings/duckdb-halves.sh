#!/usr/bin/env bash
# Subject:   DuckDB, numpy, pandas, Polars and Python: where a half is rounded to
# Versions:  duckdb 2.0.0, pandas 3.1.1, polars 2.1.0, numpy 2.5.5
# Behaviour: In DuckDB 2.5 becomes 2 by a cast when it is a DOUBLE, but 3 by a cast when it is a DECIMAL or text,
#            and 3 by round() in any type; 2.5 written in SQL is a DECIMAL. numpy, pandas, Polars and Python
#            round halves to even. With two decimals 2.675 is 2.68 in DuckDB, numpy, pandas and Polars, 2.67 in
#            Python, which looks at the double itself.
# Seen:      2026-11-30
#            DuckDB, CAST(double AS INTEGER)  (0.5, 1.5, 2.5) -> [0, 2, 2]
#            DuckDB, CAST(decimal AS INTEGER) (0.5, 1.5, 2.5) -> [1, 2, 3]
#            DuckDB, CAST(text AS INTEGER)    (0.5, 1.5, 2.5) -> [1, 2, 3]
#            DuckDB, round(double)            (0.5, 1.5, 2.5) -> [1, 2, 3]
#            numpy.round                      (0.5, 1.5, 2.5) -> [0, 2, 2]
#            pandas.Series.round              (0.5, 1.5, 2.5) -> [0, 2, 2]
#            polars.Series.round              (0.5, 1.5, 2.5) -> [0, 2, 2]
#            Python's round                   (0.5, 1.5, 2.5) -> [0, 2, 2]
#            2.675 to two decimals: {'DuckDB': 2.68, 'numpy': 2.68, 'pandas': 2.68, 'Polars': 2.68, 'Python': 2.67}
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0 pandas==3.1.1 polars==2.1.0 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import duckdb
import numpy as np
import pandas as pd
import polars as pl

HALVES = (0.5, 1.5, 2.5)


def sql(expression):
    rows = ", ".join(f"({half}, CAST({half} AS DOUBLE), '{half}')" for half in HALVES)
    query = f"SELECT {expression} FROM (VALUES {rows}) AS t(written, double, text) ORDER BY double"
    return [int(row[0]) for row in duckdb.sql(query).fetchall()]


whole = {
    "DuckDB, CAST(double AS INTEGER)": sql("CAST(double AS INTEGER)"),
    "DuckDB, CAST(decimal AS INTEGER)": sql("CAST(written AS INTEGER)"),
    "DuckDB, CAST(text AS INTEGER)": sql("CAST(text AS INTEGER)"),
    "DuckDB, round(double)": sql("round(double)"),
    "numpy.round": np.round(HALVES).astype(int).tolist(),
    "pandas.Series.round": pd.Series(HALVES).round().astype(int).tolist(),
    "polars.Series.round": pl.Series(HALVES).round().cast(int).to_list(),
    "Python's round": [round(half) for half in HALVES],
}
for name, answer in whole.items():
    print(f"{name:32} {HALVES} -> {answer}")
cents = {
    "DuckDB": duckdb.sql("SELECT round(2.675::DOUBLE, 2)").fetchall()[0][0],
    "numpy": float(np.round(2.675, 2)),
    "pandas": float(pd.Series([2.675]).round(2)[0]),
    "Polars": pl.Series([2.675]).round(2)[0],
    "Python": round(2.675, 2),
}
print("2.675 to two decimals:", cents)

away, even = [1, 2, 3], [0, 2, 2]
assert list(whole.values()) == [even, away, away, away, even, even, even, even], "changed: halves go elsewhere"
assert cents == {"DuckDB": 2.68, "numpy": 2.68, "pandas": 2.68, "Polars": 2.68, "Python": 2.67}, "changed: 2.675"
PYTHON
