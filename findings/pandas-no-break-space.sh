#!/usr/bin/env bash
# Subject:   pandas read_csv, French thousands: the no-break spaces that French software writes
# Versions:  pandas 3.1.1, babel 2.19.0
# Behaviour: Babel (and ICU, spreadsheets, browsers) groups French thousands by U+202F, the narrow no-break
#            space, or by U+00A0. read_csv accepts either as thousands=, and neither does anything: no error, the
#            column stays text. Only a plain blank works. The same with the Python engine is right.
# Seen:      2026-11-30
#            Babel writes '1\u202f234,56'
#            thousands=blank   engine=c       1234.56
#            thousands=blank   engine=python  1234.56
#            thousands=U+00A0  engine=c       '1\xa0234,56'
#            thousands=U+00A0  engine=python  1234.56
#            thousands=U+202F  engine=c       '1\u202f234,56'
#            thousands=U+202F  engine=python  1234.56
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pandas==3.1.1 babel==2.19.0
"$folder/bin/python" - <<'PYTHON'
import io

import pandas as pd
from babel.numbers import format_decimal

print("Babel writes", ascii(format_decimal(1234.56, locale="fr")))
found = {}
for name, space in (("blank", " "), ("U+00A0", "\u00a0"), ("U+202F", "\u202f")):
    text = f"montant;taux\n1{space}234,56;0,5\n"
    for engine in ("c", "python"):
        frame = pd.read_csv(io.StringIO(text), sep=";", decimal=",", thousands=space, engine=engine)
        found[name, engine] = frame["montant"].tolist()[0]
        print(f"thousands={name:7} engine={engine:7} {ascii(found[name, engine])}")

assert found["blank", "c"] == 1234.56, "changed: a blank no longer groups thousands"
assert [type(found[name, "c"]) for name in ("U+00A0", "U+202F")] == [str, str], "changed: the C engine reads them"
assert found["U+202F", "python"] == 1234.56, "changed: the Python engine no longer reads them"
PYTHON
