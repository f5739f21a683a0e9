#!/usr/bin/env bash
# Subject:   pandas, cut and qcut: the intervals of the answer used again
# Versions:  pandas 3.1.1, numpy 2.5.5
# Behaviour: The intervals that cut and qcut give back are rounded to three significant digits, though rows are
#            put in them by the exact edges: values lie outside their own interval, and cutting other rows by the
#            intervals, as a drift table does with its reference, puts some elsewhere or nowhere. The edges of
#            retbins=True are exact.
# Seen:      2026-11-30
#            first interval (-0.0009885, 0.0108], smallest score 1.149e-05
#            46 of 10000 scores lie outside the interval they were given
#            cut again by the intervals, 46 scores are elsewhere, 1 of them nowhere
#            cut again by the edges of retbins, 0 are elsewhere
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet pandas==3.1.1 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy as np
import pandas as pd

scores = np.random.default_rng(0).beta(1, 10, 10_000)
deciles, edges = pd.qcut(scores, 10, retbins=True)
outside = sum(score not in interval for score, interval in zip(scores, deciles))
again = pd.cut(scores, deciles.categories)
by_edges = pd.cut(scores, edges, include_lowest=True)
moved = int((again.codes != deciles.codes).sum())
print(f"first interval {deciles.categories[0]}, smallest score {scores.min():.3e}")
print(f"{outside} of {len(scores)} scores lie outside the interval they were given")
print(f"cut again by the intervals, {moved} scores are elsewhere, {int((again.codes == -1).sum())} of them nowhere")
print(f"cut again by the edges of retbins, {int((by_edges.codes != deciles.codes).sum())} are elsewhere")

assert outside > 0 and moved > 0, "changed: the intervals are exact"
assert (by_edges.codes == deciles.codes).all(), "changed: the edges of retbins are rounded too"
PYTHON
