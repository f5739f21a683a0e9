#!/usr/bin/env bash
# Subject:   scikit-learn, CalibratedClassifierCV: class weights as sample_weight and inside the estimator
# Versions:  scikit-learn 1.9.1, numpy 2.5.5
# Behaviour: Two spellings of the same wish. Class weights inside the estimator (class_weight="balanced") are put
#            right by the calibration: the mean probability is the share of defaults. The same weights as
#            sample_weight reach the calibration too, which then calibrates to the weighted world: the mean
#            probability is three times the share of defaults.
# Seen:      2026-11-30
#            share of defaults 0.161
#            sigmoid  mean probability: class_weight 0.161, sample_weight 0.439
#            isotonic mean probability: class_weight 0.161, sample_weight 0.433
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet scikit-learn==1.9.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
from sklearn.calibration import CalibratedClassifierCV
from sklearn.linear_model import LogisticRegression
from sklearn.utils.class_weight import compute_sample_weight

rng = np.random.default_rng(0)
rows = rng.normal(size=(10_000, 3))
default = (rng.random(len(rows)) < 1 / (1 + np.exp(2 - rows[:, 0]))).astype(int)
weight = compute_sample_weight("balanced", default)
share, found = default.mean(), {}
print(f"share of defaults {share:.3f}")
for method in ("sigmoid", "isotonic"):
    inside = CalibratedClassifierCV(LogisticRegression(class_weight="balanced"), method=method, cv=3)
    outside = CalibratedClassifierCV(LogisticRegression(), method=method, cv=3)
    found[method] = (
        inside.fit(rows, default).predict_proba(rows)[:, 1].mean(),
        outside.fit(rows, default, sample_weight=weight).predict_proba(rows)[:, 1].mean(),
    )
    print(f"{method:8} mean probability: class_weight {found[method][0]:.3f}, sample_weight {found[method][1]:.3f}")

assert all(abs(inside - share) < 0.01 for inside, _ in found.values()), "changed: class_weight is not put right"
assert all(outside > 2 * share for _, outside in found.values()), "changed: sample_weight is not given to calibration"
PYTHON
