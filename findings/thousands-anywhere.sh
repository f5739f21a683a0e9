#!/usr/bin/env bash
# Subject:   Thousands separators in pandas, DuckDB and Babel: a decimal comma read as English
# Versions:  pandas 3.1.1, duckdb 2.0.0, babel 2.19.0
# Behaviour: Told that the comma groups thousands, all three accept it anywhere and drop it, so that a French
#            amount of 2,50 becomes 250 and 12,3 becomes 123 without a word. Babel refuses with strict=True;
#            pandas and DuckDB have no such setting.
# Seen:      2026-11-30
#            fields: 1,234 2,50 12,3 0,0909
#            pandas, thousands=','  [1234.0, 250.0, 123.0, 909.0]
#            DuckDB, thousands=','  [1234.0, 250.0, 123.0, 909.0]
#            Babel, English         [1234.0, 250.0, 123.0, 909.0]
#            Babel, English, strict [1234.0, 'refused', 'refused', 'refused']
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pandas==3.1.1 duckdb==2.0.0 babel==2.19.0
"$folder/bin/python" - <<'PYTHON'
import io
import tempfile
from pathlib import Path

import duckdb
import pandas as pd
from babel.numbers import NumberFormatError, parse_decimal

FIELDS = ("1,234", "2,50", "12,3", "0,0909")
text = "amount\n" + "\n".join(f'"{field}"' for field in FIELDS) + "\n"
path = Path(tempfile.mkdtemp()) / "amounts.csv"
path.write_text(text)
read = "SELECT amount FROM read_csv(?, columns = {'amount': 'DOUBLE'}, thousands = ',')"


def strictly(field):
    try:
        return float(parse_decimal(field, locale="en", strict=True))
    except NumberFormatError:
        return "refused"


found = {
    "pandas, thousands=','": pd.read_csv(io.StringIO(text), thousands=",")["amount"].astype(float).tolist(),
    "DuckDB, thousands=','": [row[0] for row in duckdb.execute(read, [str(path)]).fetchall()],
    "Babel, English": [float(parse_decimal(field, locale="en")) for field in FIELDS],
    "Babel, English, strict": [strictly(field) for field in FIELDS],
}
print("fields:", *FIELDS)
for name, numbers in found.items():
    print(f"{name:22} {numbers}")

dropped = [1234.0, 250.0, 123.0, 909.0]
*lenient, strict = found.values()
assert lenient == [dropped] * 3, "changed: a separator in the wrong place is no longer dropped"
assert strict == [1234.0, "refused", "refused", "refused"], "changed: strict reads otherwise"
PYTHON
