#!/usr/bin/env bash
# Subject:   scikit-learn, KBinsDiscretizer(strategy="quantile"): more than 200,000 rows
# Versions:  scikit-learn 1.9.1, numpy 2.5.5
# Behaviour: Above 200,000 rows the edges come from 200,000 rows drawn at random (subsample), from others with
#            every random_state: the bins of a reference differ from run to run unless one is given, and the first
#            and last edge are not the smallest and largest value. With 200,000 rows or subsample=None neither.
# Seen:      2026-11-30
#            200,000 rows                  edges of two seeds differ by 0.00% at most, 0 rows outside the edges
#            300,000 rows                  edges of two seeds differ by 33.51% at most, 2 rows outside the edges
#            300,000 rows, subsample=None  edges of two seeds differ by 0.00% at most, 0 rows outside the edges
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet scikit-learn==1.9.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
from sklearn.preprocessing import KBinsDiscretizer

amounts = np.random.default_rng(0).lognormal(10, 1, 300_000)[:, None]


def edges(rows, seed, **settings):
    binning = KBinsDiscretizer(
        10, encode="ordinal", strategy="quantile", quantile_method="averaged_inverted_cdf", random_state=seed, **settings
    )
    return binning.fit(rows).bin_edges_[0]


found = {}
for name, rows, settings in (
    ("200,000 rows", amounts[:200_000], {}),
    ("300,000 rows", amounts, {}),
    ("300,000 rows, subsample=None", amounts, {"subsample": None}),
):
    first, second = edges(rows, 0, **settings), edges(rows, 1, **settings)
    spread = float(np.abs(first / second - 1).max())
    outside = int((rows < first[0]).sum() + (rows > first[-1]).sum())
    found[name] = (spread, outside)
    print(f"{name:29} edges of two seeds differ by {spread:.2%} at most, {outside} rows outside the edges")

assert found["200,000 rows"] == found["300,000 rows, subsample=None"] == (0.0, 0), "changed: edges of all rows"
assert found["300,000 rows"][0] > 0.001 and found["300,000 rows"][1] > 0, "changed: edges come from all rows"
PYTHON
