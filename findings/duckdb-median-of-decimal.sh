#!/usr/bin/env bash
# Subject:   DuckDB, median and quantile_cont of DECIMAL
# Versions:  duckdb 2.0.0, numpy 2.5.5
# Behaviour: The median of two amounts is between them only if their type has room for it: of DECIMAL it keeps
#            the scale, so the median of 0.01 and 0.02 is 0.01 as DECIMAL(9, 2) and 0.015 as DOUBLE, while avg of
#            the same DECIMAL is a DOUBLE and exact. A feature that was made DECIMAL for exact sums loses half a
#            cent of its medians.
# Seen:      2026-11-30
#            median(amount)              of DECIMAL(9, 2) is 0.01 (DECIMAL(9,2))
#            quantile_cont(amount, 0.5)  of DECIMAL(9, 2) is 0.01 (DECIMAL(9,2))
#            avg(amount)                 of DECIMAL(9, 2) is 0.015 (DOUBLE)
#            sum(amount)                 of DECIMAL(9, 2) is 0.03 (DECIMAL(38,2))
#            median(amount)              of DOUBLE        is 0.015 (DOUBLE)
#            quantile_cont(amount, 0.5)  of DOUBLE        is 0.015 (DOUBLE)
#            avg(amount)                 of DOUBLE        is 0.015 (DOUBLE)
#            sum(amount)                 of DOUBLE        is 0.03 (DOUBLE)
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import duckdb

query = """SELECT typeof({f}), {f} FROM (VALUES (CAST(0.01 AS {type})), (0.02)) AS t(amount)"""
found = {}
for kind in ("DECIMAL(9, 2)", "DOUBLE"):
    for f in ("median(amount)", "quantile_cont(amount, 0.5)", "avg(amount)", "sum(amount)"):
        found[kind, f] = duckdb.sql(query.format(f=f, type=kind)).fetchall()[0]
        answered, value = found[kind, f]
        print(f"{f:27} of {kind:13} is {value} ({answered})")

assert str(found["DECIMAL(9, 2)", "median(amount)"][1]) == "0.01", "changed: the median of DECIMAL"
assert found["DECIMAL(9, 2)", "avg(amount)"] == ("DOUBLE", 0.015), "changed: the mean of DECIMAL"
assert found["DOUBLE", "median(amount)"][1] == 0.015, "changed: the median of DOUBLE"
PYTHON
