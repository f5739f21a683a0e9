#!/usr/bin/env bash
# Subject:   shap, KernelExplainer: explanations of more than ten features
# Versions:  shap 0.54.1, numpy 2.5.5
# Behaviour: By default only ten features are given a value (l1_reg="num_features(10)"); all others are exactly 0
#            and their share is spread over the ten, so that the values still add up. Of a linear model of twenty
#            features ten are said to have no part in the answer. l1_reg=0 gives each feature its own.
# Seen:      2026-11-30
#            default  10 of 20 have a value, off by 4.09 at most; the sum by 1e-14
#            l1_reg=0 20 of 20 have a value, off by 0.00 at most; the sum by 0e+00
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet shap==0.54.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
import shap

rng = np.random.default_rng(0)
background = rng.normal(size=(50, 20))
weights = np.linspace(1, 2, 20)
row = background[:1] + 3.0
explainer = shap.KernelExplainer(lambda rows: rows @ weights, background)
true = (row - background.mean(axis=0)) * weights
found = {}
for name, settings in (("default", {}), ("l1_reg=0", {"l1_reg": 0})):
    values = explainer.shap_values(row, silent=True, **settings)
    found[name] = (int((np.abs(values) > 1e-9).sum()), float(np.abs(values - true).max()))
    gap = abs(values.sum() + explainer.expected_value - (row @ weights)[0])
    print(f"{name:8} {found[name][0]} of 20 have a value, off by {found[name][1]:.2f} at most; the sum by {gap:.0e}")

assert found["default"][0] == 10 and found["default"][1] > 1, "changed: more than ten features are explained"
assert found["l1_reg=0"][0] == 20 and found["l1_reg=0"][1] < 1e-6, "changed: l1_reg=0"
PYTHON
