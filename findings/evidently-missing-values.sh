#!/usr/bin/env bash
# Subject:   Evidently, DataDriftPreset: a column that loses its values; pandas' nullable integers
# Versions:  evidently 0.7.23, pandas 2.3.3, numpy 2.4.6
# Behaviour: Missing values are dropped before the distributions are compared: a column of which half, or nine
#            tenths, are newly missing has no drift, number or category alike. A column of pandas' nullable
#            integers (Int64) belongs to no kind and is left out of the report without a word.
# Seen:      2026-11-30
#            0% newly missing: drift by column {'income': 0.0, 'housing': 0.0}, alarm above 0.1
#            50% newly missing: drift by column {'income': 0.02, 'housing': 0.007}, alarm above 0.1
#            90% newly missing: drift by column {'income': 0.054, 'housing': 0.02}, alarm above 0.1
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet evidently==0.7.23 pandas==2.3.3 numpy==2.4.6
DO_NOT_TRACK=1 "$folder/bin/python" - <<'PYTHON'
import json
import warnings

warnings.simplefilter("ignore")
import numpy as np
import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset

rng = np.random.default_rng(0)
n_rows = 3_000
reference = pd.DataFrame({
    "income": rng.lognormal(10, 0.5, n_rows),
    "housing": rng.choice(["rented", "owned", "parents"], n_rows),
    "children": pd.array(rng.integers(0, 5, n_rows), dtype="Int64"),
})
shuffled = reference.sample(frac=1, random_state=1).reset_index(drop=True)
found = {}
for share in (0.0, 0.5, 0.9):
    current = shuffled.copy()
    for name in ("income", "housing"):
        current.loc[rng.random(n_rows) < share, name] = None
    metrics = json.loads(Report([DataDriftPreset()]).run(current, reference).json())["metrics"]
    by_column = [metric for metric in metrics if "column" in metric["config"]]
    drift = {metric["config"]["column"]: round(metric["value"], 3) for metric in by_column}
    found[share] = drift
    print(f"{share:.0%} newly missing: drift by column {drift}, alarm above 0.1")

assert all(max(drift.values()) < 0.1 for drift in found.values()), "changed: missing values count as drift"
assert all(set(drift) == {"income", "housing"} for drift in found.values()), "changed: nullable integers are looked at"
PYTHON
