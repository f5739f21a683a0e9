#!/usr/bin/env bash
# Subject:   DuckDB, COPY … TO a Parquet file: columns that are required or optional
# Versions:  duckdb 2.0.0, pyarrow 25.0.1
# Behaviour: A column is written as required (it can hold no null) where the statistics of what is read prove that it
#            has none. The same rows in one file prove it, in two files they do not: one query over the same data
#            writes another schema and other bytes. Without the optimizer's statistics_propagation all are optional.
# Seen:      2026-12-01
#            from one file                     a: required, b: optional
#            from one file, no propagation     a: optional, b: optional
#            from two files                    a: optional, b: optional
#            from two files, no propagation    a: optional, b: optional
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0 pyarrow==25.0.1
"$folder/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

folder = Path(sys.argv[1])
table = pa.table({"a": pa.array(range(1000)), "b": pa.array([None if row % 7 == 0 else row for row in range(1000)])})
pq.write_table(table, folder / "whole.parquet")
for part in (0, 1):
    pq.write_table(table.slice(500 * part, 500), folder / f"part-{part}.parquet")

found, written = {}, {}
for source, files in (("one file", "whole"), ("two files", "part-*")):
    for advice, setting in (("", ""), (", no propagation", "statistics_propagation")):
        database = duckdb.connect()
        if setting:
            database.execute(f"SET disabled_optimizers = '{setting}'")
        target = folder / "copied.parquet"
        query = f"SELECT * FROM read_parquet('{folder}/{files}.parquet') ORDER BY ALL"
        database.execute(f"COPY ({query}) TO '{target}' (FORMAT parquet)")
        schema = pq.ParquetFile(target).schema_arrow
        name = f"from {source}{advice}"
        found[name] = {field.name: "optional" if field.nullable else "required" for field in schema}
        written[name] = target.read_bytes()
        print(f"{name:33} " + ", ".join(f"{column}: {kind}" for column, kind in found[name].items()))

optional = {"a": "optional", "b": "optional"}
assert found["from one file"] == {"a": "required", "b": "optional"}, "changed: one file proves nothing"
assert found["from two files"] == optional, "changed: two files prove it too"
assert written["from one file"] != written["from two files"], "changed: the same bytes"
assert found["from one file, no propagation"] == found["from two files, no propagation"] == optional, "changed"
assert written["from one file, no propagation"] == written["from two files, no propagation"], "changed: other bytes"
PYTHON
