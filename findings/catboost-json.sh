#!/usr/bin/env bash
# Subject:   CatBoost, the model saved as JSON
# Versions:  catboost 1.2.10, numpy 2.5.5
# Behaviour: A model saved as JSON and loaded again is not the same model: some probabilities differ in their
#            last digits. Saved in CatBoost's own binary form (cbm) they are the same bit for bit.
# Seen:      2026-11-30
#            json 84 of 2000 probabilities differ, by 2.2e-16 at most
#            cbm  0 of 2000 probabilities differ, by 0.0e+00 at most
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet catboost==1.2.10 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import tempfile

import numpy as np
from catboost import CatBoostClassifier

rng = np.random.default_rng(0)
rows = rng.normal(size=(2_000, 3))
default = (rng.random(2_000) < 1 / (1 + np.exp(-rows[:, 0]))).astype(int)
model = CatBoostClassifier(iterations=50, verbose=0, thread_count=1, allow_writing_files=False, random_seed=0)
model.fit(rows, default)
expected = model.predict_proba(rows)[:, 1]
differing = {}
for form in ("json", "cbm"):
    path = f"{tempfile.mkdtemp()}/model.{form}"
    model.save_model(path, format=form)
    again = CatBoostClassifier()
    again.load_model(path, format=form)
    apart = np.abs(again.predict_proba(rows)[:, 1] - expected)
    differing[form] = int((apart > 0).sum())
    print(f"{form:4} {differing[form]} of {len(rows)} probabilities differ, by {apart.max():.1e} at most")

assert differing["json"] > 0, "changed: JSON is exact"
assert differing["cbm"] == 0, "changed: the binary form is not exact"
PYTHON
