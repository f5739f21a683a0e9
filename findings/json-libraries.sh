#!/usr/bin/env bash
# Subject:   json, orjson, msgspec and ujson: what each takes for JSON and writes for NaN
# Versions:  orjson 3.13.0, msgspec 0.23.0, ujson 6.1.0
# Behaviour: Doubles travel exactly in all four, little else does. A whole number above 2**64 becomes a double in
#            orjson. NaN is written as null by orjson and msgspec, as bare NaN by json and ujson, which read it
#            back too. 1e400 is infinity to json and ujson and an error to the others; 01 is 1 to ujson alone. Of
#            a name given twice all keep the last.
# Seen:      2026-11-30
#            json    doubles exact True, NaN written NaN; read: 18446744073709551616 inf nan refused {'a': 2}
#            orjson  doubles exact True, NaN written null; read: 1.8446744073709552e+19 refused refused refused {'a': 2}
#            msgspec doubles exact True, NaN written null; read: 18446744073709551616 refused refused refused {'a': 2}
#            ujson   doubles exact True, NaN written NaN; read: 18446744073709551616 inf nan 1 {'a': 2}
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet orjson==3.13.0 msgspec==0.23.0 ujson==6.1.0
"$folder/bin/python" - <<'PYTHON'
import json
import math
import random

import msgspec
import orjson
import ujson

LIBRARIES = {
    "json": (json.dumps, json.loads),
    "orjson": (orjson.dumps, orjson.loads),
    "msgspec": (msgspec.json.encode, msgspec.json.decode),
    "ujson": (ujson.dumps, ujson.loads),
}
TEXTS = ("18446744073709551616", "1e400", "NaN", "01", '{"a":1,"a":2}')
random.seed(0)
doubles = [random.gauss(0, 1) * 10.0 ** random.randint(-20, 20) for _ in range(50_000)]


def read(loads, text):
    try:
        return repr(loads(text))
    except ValueError:  # all their errors are
        return "refused"


found = {}
for name, (dumps, loads) in LIBRARIES.items():
    exact = loads(dumps(doubles)) == doubles
    written = dumps(math.nan)
    written = written.decode() if isinstance(written, bytes) else written
    found[name] = (exact, written, *(read(loads, text) for text in TEXTS))
    print(f"{name:7} doubles exact {exact}, NaN written {written}; read:", *found[name][2:])

assert all(exact for exact, *_ in found.values()), "changed: doubles no longer travel exactly"
assert [row[1] for row in found.values()] == ["NaN", "null", "null", "NaN"], "changed: NaN is written otherwise"
assert found["orjson"][2] == "1.8446744073709552e+19", "changed: orjson keeps large whole numbers"
assert [row[3] for row in found.values()] == ["inf", "refused", "refused", "inf"], "changed: 1e400"
assert [row[5] for row in found.values()] == ["refused"] * 3 + ["1"], "changed: a zero in front"
PYTHON
