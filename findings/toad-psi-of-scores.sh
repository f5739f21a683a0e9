#!/usr/bin/env bash
# Subject:   toad, PSI of two samples of a score
# Versions:  toad 0.1.7, pandas 3.1.1, scikit-learn 1.9.1, numpy 2.5.5
# Behaviour: PSI takes two arrays and cuts no bins: each distinct value is a bin of its own, and a value that only
#            one sample has counts for nothing. Of two samples of a continuous score no value is shared, so that
#            their PSI is 0, whether they are alike or a whole standard deviation apart. Of rounded scores it
#            works. Nothing is warned of.
# Seen:      2026-11-30
#            alike:                         0.0000
#            one standard deviation apart:  0.0000
#            the same, scores in ten bins:  0.9558
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet toad==0.1.7 pandas==3.1.1 scikit-learn==1.9.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
from toad.metrics import PSI

random = np.random.default_rng(0)
reference, alike = random.normal(size=5_000), random.normal(size=5_000)
apart = alike + 1.0
edges = np.quantile(reference, np.linspace(0.1, 0.9, 9))

found = {
    "alike": PSI(alike, reference),
    "one standard deviation apart": PSI(apart, reference),
    "the same, scores in ten bins": PSI(np.digitize(apart, edges), np.digitize(reference, edges)),
}
for name, value in found.items():
    print(f"{name + ':':30} {value:.4f}")

assert found["alike"] == found["one standard deviation apart"] == 0.0, "changed: raw scores are binned"
assert found["the same, scores in ten bins"] > 0.5, "changed: binned scores no longer differ"
PYTHON
