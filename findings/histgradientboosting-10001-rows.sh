#!/usr/bin/env bash
# Subject:   scikit-learn, HistGradientBoostingClassifier: the ten thousand and first row
# Versions:  scikit-learn 1.9.1, numpy 2.5.5
# Behaviour: With default settings one more row changes the training: above 10,000 rows early_stopping="auto"
#            holds a tenth of the rows back, drawn with random_state, and stops by them. The model then
#            has fewer trees, has learnt from fewer rows, and is another one with another seed. With 10,000 rows
#            the seed changes nothing.
# Seen:      2026-11-30
#            10000 rows: [100, 100] trees with seeds 0 and 1, probabilities differ by 0.000
#            10001 rows: [28, 28] trees with seeds 0 and 1, probabilities differ by 0.323
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet scikit-learn==1.9.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

rng = np.random.default_rng(0)
rows = rng.normal(size=(10_001, 5))
default = (rng.random(len(rows)) < 1 / (1 + np.exp(2 - rows[:, 0]))).astype(int)
found = {}
for n_rows in (10_000, 10_001):
    models = [
        HistGradientBoostingClassifier(random_state=seed).fit(rows[:n_rows], default[:n_rows]) for seed in (0, 1)
    ]
    first, second = (model.predict_proba(rows)[:, 1] for model in models)
    found[n_rows] = ([model.n_iter_ for model in models], float(np.abs(first - second).max()))
    print(f"{n_rows} rows: {found[n_rows][0]} trees with seeds 0 and 1, probabilities differ by {found[n_rows][1]:.3f}")

assert found[10_000] == ([100, 100], 0.0), "changed: ten thousand rows stop early or depend on the seed"
assert max(found[10_001][0]) < 100 and found[10_001][1] > 0, "changed: more rows no longer stop early by default"
PYTHON
