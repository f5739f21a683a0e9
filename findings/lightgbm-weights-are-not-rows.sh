#!/usr/bin/env bash
# Subject:   LightGBM, sample weights against repeated rows and rows of no weight
# Versions:  lightgbm 4.7.0, numpy 2.5.5, scipy 1.18.1
# Behaviour: A weight of 2 is not a row twice, and a weight of 0 is not an absent row: min_data_in_leaf and the
#            edges of the bins count rows, whatever they weigh, so that rows of weight 0 give other trees, and
#            weighted training differs from training on the rows repeated as often as they weigh. Where a
#            leaf and a bin may hold a single row, repeating and weighing agree.
# Seen:      2026-11-30
#            weights against repeated rows: probabilities differ by 0.39 at most
#            with 300 more rows of weight 0: by 0.39
#            weights against repeated rows, leaves and bins of one row: by 4.6e-09
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet lightgbm==4.7.0 numpy==2.5.5 scipy==1.18.1
"$folder/bin/python" - <<'PYTHON'
import lightgbm
import numpy as np

rng = np.random.default_rng(0)
rows = rng.normal(size=(300, 3))
default = (rng.random(300) < 0.3).astype(int)
weight = rng.integers(1, 4, 300)
plain = {"objective": "binary", "verbose": -1, "num_threads": 1, "deterministic": True, "seed": 0}


def scores(rows_, default_, weight_=None, **settings):
    data = lightgbm.Dataset(rows_, default_, weight=weight_)
    return lightgbm.train(plain | settings, data, num_boost_round=30).predict(rows)


repeated = np.repeat(np.arange(300), weight)
apart = np.abs(scores(rows, default, weight) - scores(rows[repeated], default[repeated])).max()
both = np.concatenate([np.ones(300), np.zeros(300)])
ghosts = scores(np.concatenate([rows, rows]), np.concatenate([default, 1 - default]), both)
haunted = np.abs(ghosts - scores(rows, default)).max()
free = {"min_data_in_leaf": 1, "min_data_in_bin": 1, "max_bin": 1000, "min_sum_hessian_in_leaf": 5.0}
near = np.abs(scores(rows, default, weight, **free) - scores(rows[repeated], default[repeated], **free)).max()
print(f"weights against repeated rows: probabilities differ by {apart:.2f} at most")
print(f"with 300 more rows of weight 0: by {haunted:.2f}")
print(f"weights against repeated rows, leaves and bins of one row: by {near:.1e}")

assert apart > 0.1, "changed: weights count as rows"
assert haunted > 0.1, "changed: rows of no weight are left out"
assert near < 1e-6, "changed: weights differ from rows in another way too"
PYTHON
