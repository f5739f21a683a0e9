#!/usr/bin/env bash
# Subject:   DuckDB, TRY_CAST of text to a number
# Versions:  duckdb 2.0.0
# Behaviour: A check of a column of text by TRY_CAST ... IS NOT NULL lets through what no file of amounts means:
#            "2.5" is the whole number 3, ".5" is 1, "1_000" is 1000, "1e3" is 1000 and "0x1F" is 31, blanks
#            around are dropped. A decimal comma and a thousands blank are refused.
# Seen:      2026-11-30
#            '2.5'    INTEGER 3     DOUBLE 2.5     DECIMAL(9, 2) 2.50
#            '.5'     INTEGER 1     DOUBLE 0.5     DECIMAL(9, 2) 0.50
#            '1_000'  INTEGER 1000  DOUBLE 1000.0  DECIMAL(9, 2) 1000.00
#            '1_0.5'  INTEGER 11    DOUBLE 10.5    DECIMAL(9, 2) 10.50
#            '1e3'    INTEGER 1000  DOUBLE 1000.0  DECIMAL(9, 2) 1000.00
#            '0x1F'   INTEGER 31    DOUBLE None    DECIMAL(9, 2) None
#            ' 12 '   INTEGER 12    DOUBLE 12.0    DECIMAL(9, 2) 12.00
#            '1,5'    INTEGER None  DOUBLE None    DECIMAL(9, 2) None
#            '1 000'  INTEGER None  DOUBLE None    DECIMAL(9, 2) None
#            '12abc'  INTEGER None  DOUBLE None    DECIMAL(9, 2) None
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet duckdb==2.0.0
"$folder/bin/python" - <<'PYTHON'
import duckdb

TEXTS = ("2.5", ".5", "1_000", "1_0.5", "1e3", "0x1F", " 12 ", "1,5", "1 000", "12abc")
found = {}
for text in TEXTS:
    query = "SELECT TRY_CAST($1 AS INTEGER), TRY_CAST($1 AS DOUBLE), TRY_CAST($1 AS DECIMAL(9, 2))"
    found[text] = duckdb.execute(query, [text]).fetchall()[0]
    whole, double, decimal = found[text]
    print(f"{text!r:8} INTEGER {whole!s:5} DOUBLE {double!s:7} DECIMAL(9, 2) {decimal}")

expected = [3, 1, 1000, 11, 1000, 31, 12, None, None, None]
assert [whole for whole, _, _ in found.values()] == expected, "changed: text is read otherwise"
assert found["0x1F"][1] is None and found["1_0.5"][1] == 10.5, "changed: text is read as a double otherwise"
PYTHON
