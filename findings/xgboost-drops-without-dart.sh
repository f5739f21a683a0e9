#!/usr/bin/env bash
# Subject:   XGBoost 3.4, rate_drop and the name of the booster in a saved model
# Versions:  xgboost-cpu 3.4.1, numpy 2.5.5
# Behaviour: rate_drop drops trees whatever the booster is: with booster="gbtree" it trains the same model as
#            with booster="dart". Both are saved under the name gbtree; that trees count for their own shares
#            stands in weight_drop alone. Who adds up the leaves of a saved "gbtree", as converters do, is off by
#            whole log-odds. Without rate_drop, dart is plain boosting and has no weight_drop.
# Seen:      2026-11-30
#            booster=gbtree rate_drop=0.0: saved as gbtree, weight_drop absent, margin - sum of leaves 3.7e-07
#            booster=dart   rate_drop=0.0: saved as gbtree, weight_drop absent, margin - sum of leaves 3.7e-07
#            booster=gbtree rate_drop=0.5: saved as gbtree, weight_drop there, margin - sum of leaves 5.6e+00
#            booster=dart   rate_drop=0.5: saved as gbtree, weight_drop there, margin - sum of leaves 5.6e+00
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet xgboost-cpu==3.4.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import json

import numpy as np
import xgboost

rng = np.random.default_rng(0)
rows = rng.normal(size=(500, 3)).astype(np.float32)
default = (rng.random(500) < 1 / (1 + np.exp(-rows[:, 0]))).astype(int)


def leaf(tree, row):
    node = 0
    while tree["left_children"][node] != -1:
        left = row[tree["split_indices"][node]] < np.float32(tree["split_conditions"][node])
        node = tree["left_children" if left else "right_children"][node]
    return tree["split_conditions"][node]


found = {}
for booster, rate_drop in (("gbtree", 0.0), ("dart", 0.0), ("gbtree", 0.5), ("dart", 0.5)):
    settings = {"objective": "binary:logistic", "nthread": 1, "max_depth": 2, "verbosity": 0, "seed": 0}
    settings |= {"booster": booster, "rate_drop": rate_drop, "one_drop": int(rate_drop > 0)}
    model = xgboost.train(settings, xgboost.DMatrix(rows, default), num_boost_round=20)
    learner = json.loads(model.save_raw("json"))["learner"]
    saved = learner["gradient_booster"]
    base = float(learner["learner_model_param"]["base_score"].strip("[]"))
    summed = [np.log(base / (1 - base)) + sum(leaf(tree, row) for tree in saved["model"]["trees"]) for row in rows]
    margin = model.predict(xgboost.DMatrix(rows), output_margin=True)
    apart = float(np.abs(margin - summed).max())
    found[booster, rate_drop] = (saved["name"], "weight_drop" in saved["model"], apart, margin)
    print(f"booster={booster:6} rate_drop={rate_drop}: saved as {saved['name']}, weight_drop "
          f"{'there' if found[booster, rate_drop][1] else 'absent'}, margin - sum of leaves {apart:.1e}")

assert {name for name, *_ in found.values()} == {"gbtree"}, "changed: the saved name tells"
assert [dropped for _, dropped, *_ in found.values()] == [False, False, True, True], "changed: weight_drop"
assert found["gbtree", 0.5][2] > 1 and found["dart", 0.0][2] < 1e-5, "changed: the sum of the leaves"
assert (found["gbtree", 0.5][3] == found["dart", 0.5][3]).all(), "changed: gbtree no longer drops trees"
PYTHON
