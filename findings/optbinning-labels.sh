#!/usr/bin/env bash
# Subject:   optbinning, transform with metric="bins" and metric="indices"
# Versions:  optbinning 1.0.0, scikit-learn 1.9.1, pandas 3.1.1
# Behaviour: Labels of bins show two decimals whatever the scale of the column: five bins of a share between 0
#            and 0.001 have three labels, and a table grouped by label adds up bins of different risk. As an index
#            a missing value is 0 by default, that of the first bin.
# Seen:      2026-11-30
#            5 bins, rates of default [0.015, 0.073, 0.19, 0.365, 0.476]
#            labels: ['(-inf, 0.00)', '[0.00, 0.00)', '[0.00, inf)']
#            index of a missing value: 0; of the smallest share: 0
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet optbinning==1.0.0 scikit-learn==1.9.1 pandas==3.1.1
"$folder/bin/python" - <<'PYTHON'
import contextlib
import io
import warnings

warnings.simplefilter("ignore")
import numpy as np

with contextlib.redirect_stdout(io.StringIO()):
    from optbinning import OptimalBinning

rng = np.random.default_rng(0)
share = rng.random(5_000) / 1_000
default = (rng.random(5_000) < share * 500).astype(int)
binning = OptimalBinning(max_n_bins=5)
binning.fit(share, default)
bins = binning.transform(share, metric="indices")
labels = binning.transform(share, metric="bins")
index_of_missing = int(binning.transform(np.array([np.nan]), metric="indices")[0])
rates = [round(float(default[bins == index].mean()), 3) for index in np.unique(bins)]
print(f"{len(rates)} bins, rates of default {rates}")
print(f"labels: {sorted(set(labels.tolist()))}")
print(f"index of a missing value: {index_of_missing}; of the smallest share: {int(bins[share.argmin()])}")

assert len(set(labels.tolist())) < len(rates), "changed: labels tell bins apart"
assert index_of_missing == bins[share.argmin()] == 0, "changed: the index of a missing value"
PYTHON
