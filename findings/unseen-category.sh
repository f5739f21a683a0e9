#!/usr/bin/env bash
# Subject:   LightGBM, XGBoost and CatBoost: a category that training never saw
# Versions:  lightgbm 4.7.0, xgboost-cpu 3.4.1, catboost 1.2.10, pandas 3.1.1, numpy 2.5.5
# Behaviour: Three answers to one question. XGBoost refuses the frame. LightGBM scores it in silence with the
#            number of a missing value, here that of group b; CatBoost with a number of its own. In a matrix
#            LightGBM cuts a code of 1.7 to 1. All three map known categories by their text, in whatever order
#            the frame lists them.
# Seen:      2026-11-30
#            LightGBM a, b, c: [0.183, 0.468, 0.814]  unseen z: [0.468]  missing: [0.468]
#            XGBoost  a, b, c: [0.144, 0.554, 0.873]  unseen z: refused  missing: [0.87]
#            CatBoost a, b, c: [0.152, 0.561, 0.831]  unseen z: [0.639]  missing: as text
#            LightGBM, codes 1.7 and 1 in a matrix: [0.468, 0.468]
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet lightgbm==4.7.0 xgboost-cpu==3.4.1 catboost==1.2.10 pandas==3.1.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import catboost
import lightgbm
import numpy as np
import pandas as pd
import xgboost

rng = np.random.default_rng(0)
region = rng.choice(list("abc"), 3_000)
risk = pd.Series(region).map({"a": 0.1, "b": 0.5, "c": 0.8})
default = (rng.random(3_000) < risk).astype(int)
frame = pd.DataFrame({"region": pd.Categorical(region), "noise": rng.normal(size=3_000)})


def asked(*values, categories=None):
    return pd.DataFrame({"region": pd.Categorical(values, categories=categories), "noise": 0.0})


light = lightgbm.train({"objective": "binary", "verbose": -1, "num_threads": 1}, lightgbm.Dataset(frame, default), 20)
extreme = xgboost.train(
    {"objective": "binary:logistic", "nthread": 1}, xgboost.DMatrix(frame, default, enable_categorical=True), 20
)
cat = catboost.CatBoostClassifier(
    iterations=50, verbose=0, thread_count=1, allow_writing_files=False, random_seed=0, cat_features=["region"]
).fit(frame.astype({"region": str}), default)


def three_digits(numbers):
    return [round(float(number), 3) for number in numbers]


def by_xgboost(rows):
    try:
        return three_digits(extreme.predict(xgboost.DMatrix(rows, enable_categorical=True)))
    except xgboost.core.XGBoostError as error:
        return "refused" if "not in the training set" in str(error) else str(error)


known = asked("a", "b", "c", categories=list("cba"))
unseen, missing = asked("z"), asked(None, categories=list("abc"))
found = {
    "LightGBM": [three_digits(light.predict(rows)) for rows in (known, unseen, missing)],
    "XGBoost": [by_xgboost(rows) for rows in (known, unseen, missing)],
    "CatBoost": [three_digits(cat.predict_proba(rows.astype({"region": str}))[:, 1]) for rows in (known, unseen)],
}
for name, (at_known, at_unseen, *at_missing) in found.items():
    print(f"{name:8} a, b, c: {at_known}  unseen z: {at_unseen}  missing: {at_missing[0] if at_missing else 'as text'}")
codes = three_digits(light.predict(np.array([[1.7, 0.0], [1.0, 0.0]])))
print(f"LightGBM, codes 1.7 and 1 in a matrix: {codes}")

assert found["XGBoost"][1] == "refused", "changed: XGBoost scores an unseen category"
assert found["LightGBM"][1] == found["LightGBM"][2], "changed: LightGBM tells an unseen category from a missing one"
assert isinstance(found["CatBoost"][1], list), "changed: CatBoost refuses an unseen category"
assert all(sorted(numbers[0]) == numbers[0] for numbers in found.values()), "changed: the order of categories counts"
assert codes[0] == codes[1], "changed: a code is no longer cut to a whole number"
PYTHON
