#!/usr/bin/env bash
# Subject:   scikit-learn, log_loss: what a certain and wrong answer costs
# Versions:  scikit-learn 1.9.1, numpy 2.5.5
# Behaviour: Probabilities of 0 and 1 are moved inwards by the precision of their type, so that the same certain
#            and wrong answer costs 36.0 in double and 15.9 in single precision. Libraries that answer in float32
#            (XGBoost, onnxruntime's usual graphs) look better by log loss than the same probabilities in double.
# Seen:      2026-11-30
#            float64: a certain and wrong answer costs 36.0
#            float32: a certain and wrong answer costs 15.9
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet scikit-learn==1.9.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
from sklearn.metrics import log_loss

outcome = np.array([1, 1])
certain = np.array([0.0, 1.0])
found = {kind.__name__: log_loss(outcome, certain.astype(kind), labels=[0, 1]) * 2 for kind in (np.float64, np.float32)}
for name, loss in found.items():
    print(f"{name}: a certain and wrong answer costs {loss:.1f}")

assert round(found["float64"], 1) == 36.0, "changed: the cost in double"
assert round(found["float32"], 1) == 15.9, "changed: the cost in single precision"
PYTHON
