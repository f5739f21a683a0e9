#!/usr/bin/env bash
# Subject:   imbalanced-learn, SMOTENC: the categories of made-up rows
# Versions:  imbalanced-learn 0.14.2, pandas 3.1.1, numpy 2.5.5
# Behaviour: A made-up row takes the most frequent category of its neighbours, and what a category weighs among
#            the distances is the median spread of the numeric columns. Beside an income in euros that is
#            nothing, so that neighbours are of any category: common ones grow, and of a rare one, which one
#            default in eleven has, half is gone. With scaled columns most of it stays. The estimator scales
#            nothing and says nothing.
# Seen:      2026-11-30
#            defaults:                         {'rented': 0.566, 'owned': 0.34, 'parents': 0.094}
#            made-up defaults, as they are:    {'rented': 0.664, 'owned': 0.294, 'parents': 0.043}
#            made-up defaults, scaled:         {'rented': 0.584, 'owned': 0.338, 'parents': 0.078}
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
numbers = pd.DataFrame({
    "income": rng.lognormal(10, 0.5, n_rows),
    "children": rng.integers(0, 4, n_rows).astype(float),
    "age": rng.normal(40, 10, n_rows),
})
housing = pd.Categorical(rng.choice(["rented", "owned", "parents"], n_rows, p=[0.6, 0.3, 0.1]))
before = pd.Series(housing)[default == 1].value_counts(normalize=True)
print("defaults:                        ", before.round(3).to_dict())
after = {}
for name, columns in (("as they are", numbers), ("scaled", (numbers - numbers.mean()) / numbers.std())):
    balanced, _ = SMOTENC(categorical_features="auto", random_state=0).fit_resample(
        columns.assign(housing=housing), default
    )
    after[name] = balanced["housing"].iloc[n_rows:].value_counts(normalize=True)
    print(f"made-up defaults, {name + ':':15}", after[name].round(3).to_dict())

assert after["as they are"]["parents"] < before["parents"] * 0.6, "changed: rare categories stay"
assert after["as they are"]["rented"] > before["rented"] + 0.05, "changed: common categories no longer grow"
assert after["scaled"]["parents"] > before["parents"] * 0.7, "changed: scaling no longer helps"
PYTHON
