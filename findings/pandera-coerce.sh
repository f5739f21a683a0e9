#!/usr/bin/env bash
# Subject:   pandera, coerce=True: whole numbers, flags and missing values of a table of applications
# Versions:  pandera 0.35.0, pandas 3.1.1
# Behaviour: coerce casts before it checks, and a cast says nothing: 2.7 children are 2, the text "False" is True
#            and so is "0". A check such as ge(0) passes over missing values (ignore_na), so that a column that is
#            missing throughout is at least 0. Without coerce the first two are refused.
# Seen:      2026-11-30
#            2.7 as a whole number  [2, 3]
#            text as a flag         [True, True, True]
#            missing, at least 0    [nan, nan]
#            2.7, without coerce    refused
#            text, without coerce   refused
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pandera==0.35.0 pandas==3.1.1
"$folder/bin/python" - <<'PYTHON'
import pandas as pd
import pandera.pandas as pa


def read(column, values):
    try:
        return pa.DataFrameSchema({"x": column}).validate(pd.DataFrame({"x": values}))["x"].tolist()
    except pa.errors.SchemaError:
        return "refused"


found = {
    "2.7 as a whole number": read(pa.Column(int, coerce=True), [2.7, 3.0]),
    "text as a flag": read(pa.Column(bool, coerce=True), ["False", "0", "no"]),
    "missing, at least 0": read(pa.Column(float, pa.Check.ge(0), nullable=True), [float("nan")] * 2),
    "2.7, without coerce": read(pa.Column(int), [2.7, 3.0]),
    "text, without coerce": read(pa.Column(bool), ["False", "0", "no"]),
}
for name, value in found.items():
    print(f"{name:22} {value}")

assert found["2.7 as a whole number"] == [2, 3], "changed: a fraction is no longer cut off"
assert found["text as a flag"] == [True] * 3, "changed: text is read as a flag"
assert len(found["missing, at least 0"]) == 2, "changed: missing values are checked"
assert found["2.7, without coerce"] == found["text, without coerce"] == "refused", "changed: types are not checked"
PYTHON
