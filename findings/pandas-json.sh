#!/usr/bin/env bash
# Subject:   pandas, to_json and read_json
# Versions:  pandas 3.1.1, numpy 2.5.5
# Behaviour: to_json writes ten decimals (double_precision=10), so that small probabilities lose most of their
#            digits; read_json takes text for numbers where it can, so that the key "00123" comes back as 123 and
#            the text "1e5" as 100000; its numbers are off in the last digits too, even of text that json.dumps
#            wrote, unless precise_float=True.
# Seen:      2026-11-30
#            written by to_json and read back: 10000 of 10000 numbers are others
#            0.00012345678901234567 is written as {"0":0.0001234568}
#            read by json:      {'id': '00123', 'code': '1e5', 'score': 0.12345678901234568}
#            read by read_json: {'id': 123.0, 'code': 100000.0, 'score': 0.12345678901234501}
#            read_json of exact text: 9214 of 10000 are others, with precise_float 0
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pandas==3.1.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import io
import json

import numpy as np
import pandas as pd

scores = pd.Series(np.random.default_rng(0).random(10_000))
small = pd.Series([0.00012345678901234567])
written = pd.read_json(io.StringIO(scores.to_json()), typ="series")
print(f"written by to_json and read back: {int((written != scores).sum())} of {len(scores)} numbers are others")
print(f"{small.item()!r} is written as {small.to_json()}")
text = json.dumps([{"id": "00123", "code": "1e5", "score": 0.12345678901234568}])
frame = pd.read_json(io.StringIO(text))
print("read by json:     ", json.loads(text)[0])
print("read by read_json:", frame.iloc[0].to_dict())
exact = pd.read_json(io.StringIO(json.dumps(scores.tolist())), precise_float=True)[0]
loose = pd.read_json(io.StringIO(json.dumps(scores.tolist())))[0]
print(f"read_json of exact text: {int((loose != scores).sum())} of {len(scores)} are others, "
      f"with precise_float {int((exact != scores).sum())}")

assert (written != scores).mean() > 0.9, "changed: to_json keeps the numbers"
assert frame["id"][0] == 123 and frame["code"][0] == 100_000, "changed: read_json leaves text alone"
assert (loose != scores).any() and (exact == scores).all(), "changed: read_json is exact, or precise_float is not"
PYTHON
