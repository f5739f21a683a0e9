#!/usr/bin/env bash
# Subject:   pydantic, dates written without hyphens
# Versions:  pydantic 2.14.3
# Behaviour: A date of birth as banks write it, 19800101, is read by a datetime field as seconds since 1970: the
#            18th of August 1970, text or number alike, without an error. A date field refuses it, unless the
#            number happens to be whole days ("19872000"). Above 20,000,000,000 the number is taken for
#            milliseconds. A strict field refuses the number, not text in JSON.
# Seen:      2026-11-30
#            '19800101'  datetime 1970-08-18 04:01:41+00:00; date refused (inexact); strict refused (type)
#            19800101    datetime 1970-08-18 04:01:41+00:00; date refused (inexact); strict refused (type)
#            '19872000'  datetime 1970-08-19 00:00:00+00:00; date 1970-08-19; strict refused (type)
#            20000000000 datetime 2603-10-11 11:33:20+00:00; date refused (inexact); strict refused (type)
#            20000000001 datetime 1970-08-20 11:33:20.001000+00:00; date refused (inexact); strict refused (type)
#            strict, JSON text: 1970-08-18 04:01:41+00:00
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pydantic==2.14.3
"$folder/bin/python" - <<'PYTHON'
from datetime import date, datetime

from pydantic import TypeAdapter, ValidationError


def read(kind, value, **settings):
    try:
        return str(TypeAdapter(kind).validate_python(value, **settings))
    except ValidationError as error:
        return f"refused ({error.errors()[0]['type'].split('_')[-1]})"


def read_json(kind, text):
    try:
        return str(TypeAdapter(kind).validate_json(text, strict=True))
    except ValidationError as error:
        return error.errors()[0]["type"]


found = {}
for value in ("19800101", 19800101, "19872000", 20_000_000_000, 20_000_000_001):
    found[value] = (read(datetime, value), read(date, value), read(datetime, value, strict=True))
    print(f"{value!r:11} datetime {found[value][0]}; date {found[value][1]}; strict {found[value][2]}")
strict_text = read_json(datetime, '"19800101"')
print(f"strict, JSON text: {strict_text}")

assert found["19800101"][0] == found[19800101][0] == "1970-08-18 04:01:41+00:00", "changed: a datetime field"
assert found["19872000"][1] == "1970-08-19", "changed: a date field"
assert found[20_000_000_000][0][:4] == "2603" and found[20_000_000_001][0][:4] == "1970", "changed: milliseconds"
assert strict_text == "1970-08-18 04:01:41+00:00", "changed: strict JSON"
PYTHON
