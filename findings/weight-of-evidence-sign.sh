#!/usr/bin/env bash
# Subject:   Weight of evidence in optbinning, category_encoders and feature_engine: its sign
# Versions:  optbinning 1.0.0, category-encoders 2.11.2, feature-engine 1.9.4, scikit-learn 1.9.1, pandas 3.1.1
# Behaviour: The same four groups have weights of opposite signs: optbinning takes goods over bads, so that a
#            high weight is a good risk; category_encoders and feature_engine take bads over goods.
#            category_encoders also smooths by default, so that its numbers are not the others' with the sign
#            turned. A coefficient or a monotonic direction does not travel from one to another.
# Seen:      2026-11-30
#            optbinning         from the best to the worst risk: [1.4389, 0.6814, 0.0193, -1.0725]
#            category_encoders  from the best to the worst risk: [-1.4261, -0.6763, -0.0175, 1.0715]
#            feature_engine     from the best to the worst risk: [-1.4389, -0.6814, -0.0193, 1.0725]
#            optbinning + feature_engine: 2.2e-16 at most; category_encoders - feature_engine: 0.0128 at most
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet \
  optbinning==1.0.0 category-encoders==2.11.2 feature-engine==1.9.4 scikit-learn==1.9.1 pandas==3.1.1
"$folder/bin/python" - <<'PYTHON'
import contextlib
import io
import warnings

warnings.simplefilter("ignore")
import numpy as np
import pandas as pd
from category_encoders import WOEEncoder
from feature_engine.encoding import WoEEncoder

with contextlib.redirect_stdout(io.StringIO()):
    from optbinning import OptimalBinning

rng = np.random.default_rng(0)
region = rng.choice(list("abcd"), 5_000)
risk = pd.Series(region).map({"a": 0.05, "b": 0.1, "c": 0.2, "d": 0.4})
default = (rng.random(5_000) < risk).astype(int)
frame, asked = pd.DataFrame({"region": region}), pd.DataFrame({"region": list("abcd")})
binning = OptimalBinning(dtype="categorical")
binning.fit(region, default.to_numpy())
found = {
    "optbinning": binning.transform(np.array(list("abcd")), metric="woe"),
    "category_encoders": WOEEncoder().fit(frame, default).transform(asked)["region"],
    "feature_engine": WoEEncoder().fit(frame, default).transform(asked)["region"],
}
for name, weights in found.items():
    print(f"{name:18} from the best to the worst risk: {[round(float(weight), 4) for weight in weights]}")
turned = np.abs(np.asarray(found["optbinning"], float) + np.asarray(found["feature_engine"], float)).max()
smoothed = np.abs(np.asarray(found["category_encoders"], float) - np.asarray(found["feature_engine"], float)).max()
print(f"optbinning + feature_engine: {turned:.1e} at most; category_encoders - feature_engine: {smoothed:.4f} at most")

assert found["optbinning"][0] > 0 > found["feature_engine"][0], "changed: the signs agree"
assert turned < 1e-9 and smoothed > 1e-3, "changed: the sizes"
PYTHON
