#!/usr/bin/env bash
# Subject:   Excel files by XlsxWriter and openpyxl: doubles and keys there and back
# Versions:  xlsxwriter 3.3.1, openpyxl 3.1.5, pandas 3.1.1, numpy 2.5.5
# Behaviour: Both writers put numbers in the file with sixteen significant digits where a double needs up to
#            seventeen: a quarter of random doubles come back as their neighbour, and keys of more than sixteen
#            digits as another key. A sheet of probabilities is not a copy of them.
# Seen:      2026-11-30
#            xlsxwriter 1231 of 5000 scores are others; 12345678901234567 becomes 12345678901234570
#            openpyxl   1231 of 5000 scores are others; 12345678901234567 becomes 12345678901234570
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet xlsxwriter==3.3.1 openpyxl==3.1.5 pandas==3.1.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import tempfile

import numpy as np
import pandas as pd

scores = np.random.default_rng(0).random(5_000)
key = 12345678901234567
path = f"{tempfile.mkdtemp()}/scores.xlsx"
found = {}
for engine in ("xlsxwriter", "openpyxl"):
    pd.DataFrame({"key": key, "score": scores}).to_excel(path, index=False, engine=engine)
    back = pd.read_excel(path)
    differing = back["score"].to_numpy() != scores
    found[engine] = (differing.mean(), int(back["key"][0]))
    print(f"{engine:10} {int(differing.sum())} of {len(scores)} scores are others; {key} becomes {found[engine][1]}")

assert all(0.2 < share < 0.3 for share, _ in found.values()), "changed: the digits that are written"
assert all(other != key for _, other in found.values()), "changed: long keys are kept"
PYTHON
