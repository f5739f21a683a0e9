#!/usr/bin/env bash
# Subject:   pydantic, a strict float field and JSON
# Versions:  pydantic 2.14.3
# Behaviour: strict=True is about types, not about numbers: NaN and Infinity, which are no JSON, 1e400 and a
#            whole number of 400 digits pass as nan and inf, and 9007199254740993 becomes its neighbour. Outside
#            strict mode a float field takes "1_0.5" and true. allow_inf_nan=False refuses the first ones, the
#            rounding stays.
# Seen:      2026-11-30
#            NaN               strict nan                  lenient nan                  finite finite_number
#            Infinity          strict inf                  lenient inf                  finite finite_number
#            1e400             strict inf                  lenient inf                  finite finite_number
#            1000000000000000  strict inf                  lenient inf                  finite finite_number
#            9007199254740993  strict 9007199254740992.0   lenient 9007199254740992.0   finite 9007199254740992.0
#            "1_0.5"           strict float_type           lenient 10.5                 finite float_type
#            true              strict float_type           lenient 1.0                  finite float_type
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pydantic==2.14.3
"$folder/bin/python" - <<'PYTHON'
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

Finite = Annotated[float, Field(allow_inf_nan=False)]


def read(kind, text, strict):
    try:
        return TypeAdapter(kind).validate_json(text, strict=strict)
    except ValidationError as error:
        return error.errors()[0]["type"]


found = {}
for text in ("NaN", "Infinity", "1e400", "1" + "0" * 400, "9007199254740993", '"1_0.5"', "true"):
    found[text] = (read(float, text, True), read(float, text, False), read(Finite, text, True))
    strict, lenient, finite = found[text]
    print(f"{text[:16]:17} strict {strict!s:20} lenient {lenient!s:20} finite {finite}")

passed = [str(found[text][0]) for text in ("NaN", "Infinity", "1e400", "1" + "0" * 400)]
assert passed == ["nan", "inf", "inf", "inf"], "changed: strict refuses what is not finite"
assert found["9007199254740993"][2] == 9007199254740992.0, "changed: large whole numbers are refused"
assert found['"1_0.5"'][1] == 10.5 and found["true"][1] == 1.0, "changed: the lenient field"
PYTHON
