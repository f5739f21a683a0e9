#!/usr/bin/env bash
# Subject:   NannyML, CountBasedChunker: a number of chunks
# Versions:  nannyml 0.13.1, statsmodels 0.15.0
# Behaviour: Asked for ten chunks, it gives eleven wherever the rows do not divide by ten, the last with what is
#            left: 9 of 1,099 rows, whose statistics alarm by chance. A size of 100 likewise gives a chunk of 99,
#            or of 1. incomplete="drop" and "append" are there; neither is the default.
# Seen:      2026-11-30
#            1000 rows, CountBasedChunker: 10 chunks, the last of 100
#            1000 rows, SizeBasedChunker: 10 chunks, the last of 100
#            1001 rows, CountBasedChunker: 11 chunks, the last of 1
#            1001 rows, SizeBasedChunker: 11 chunks, the last of 1
#            1099 rows, CountBasedChunker: 11 chunks, the last of 9
#            1099 rows, SizeBasedChunker: 11 chunks, the last of 99
#            1099 rows, incomplete='append': 10 chunks, the last of 118
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet nannyml==0.13.1 statsmodels==0.15.0
NML_DISABLE_USAGE_LOGGING=1 "$folder/bin/python" - <<'PYTHON'
import warnings

warnings.simplefilter("ignore")
import numpy as np
import pandas as pd
from nannyml.chunk import CountBasedChunker, SizeBasedChunker

found = {}
for n_rows in (1_000, 1_001, 1_099):
    frame = pd.DataFrame({"score": np.zeros(n_rows)})
    for chunker in (CountBasedChunker(chunk_number=10), SizeBasedChunker(chunk_size=100)):
        sizes = [len(chunk) for chunk in chunker.split(frame)]
        found[type(chunker).__name__, n_rows] = sizes
        print(f"{n_rows} rows, {type(chunker).__name__}: {len(sizes)} chunks, the last of {sizes[-1]}")
appended = [len(chunk) for chunk in CountBasedChunker(chunk_number=10, incomplete="append").split(frame)]
print(f"{n_rows} rows, incomplete='append': {len(appended)} chunks, the last of {appended[-1]}")

by_number = found["CountBasedChunker", 1_099]
assert len(by_number) == 11 and by_number[-1] == 9, "changed: ten are ten"
assert found["SizeBasedChunker", 1_001][-1] == 1, "changed: the rest is no chunk of its own"
assert len(appended) == 10, "changed: append"
PYTHON
