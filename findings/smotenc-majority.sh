#!/usr/bin/env bash
# Subject:   imbalanced-learn, SMOTENC: the categories of made-up rows
# Versions:  imbalanced-learn 0.14.2, pandas 3.1.1, numpy 2.5.5
# Behaviour: A made-up row takes the most frequent category of its neighbours, so that common categories grow and
#            rare ones vanish: of a category that a tenth of the defaults have, far fewer made-up defaults have
#            it. The balanced table tells another story of who defaults than the data.
# Seen:      2026-11-30
#            (to be run)
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet imbalanced-learn==0.14.2 pandas==3.1.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
import pandas as pd
from imblearn.over_sampling import SMOTENC

rng = np.random.default_rng(0)
n_rows = 4_000
default = (rng.random(n_rows) < 0.1).astype(int)
frame = pd.DataFrame({
    "income": rng.lognormal(10, 0.5, n_rows),
    "housing": pd.Categorical(rng.choice(["rented", "owned", "parents"], n_rows, p=[0.6, 0.3, 0.1])),
})
balanced, _ = SMOTENC(categorical_features="auto", random_state=0).fit_resample(frame, default)
made_up = balanced["housing"].iloc[n_rows:]
before = frame["housing"][default == 1].value_counts(normalize=True)
after = made_up.value_counts(normalize=True)
for housing in ("rented", "owned", "parents"):
    print(f"{housing:8} {before[housing]:.3f} of the defaults, {after[housing]:.3f} of the made-up defaults")

assert after["parents"] < before["parents"] / 3, "changed: rare categories stay"
assert after["rented"] > before["rented"] + 0.1, "changed: common categories no longer grow"
PYTHON
