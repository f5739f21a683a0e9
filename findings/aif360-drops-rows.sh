#!/usr/bin/env bash
# Subject:   AIF360, StandardDataset: rows with a missing value
# Versions:  aif360 0.6.1, pandas 3.1.1, scikit-learn 1.9.1
# Behaviour: A row with any missing value leaves the audit. Where thin files belong to one group more than to the
#            other, those who are left are another population: a disparate impact of 0.76 is measured as 0.89, on
#            the right side of four fifths. One warning on the log counts the rows. With no favourable outcome in
#            the privileged group the ratio is infinite, without an error.
# Seen:      2026-11-30
#            rows given 20000, judged 14841: disparate impact 0.887
#            without the columns that have gaps, judged 20000: disparate impact 0.763
#            privileged group always refused: disparate impact inf
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet aif360==0.6.1 pandas==3.1.1 scikit-learn==1.9.1
"$folder/bin/python" - <<'PYTHON'
import logging
import warnings

warnings.simplefilter("ignore")
logging.disable(logging.WARNING)
import numpy as np
import pandas as pd
from aif360.datasets import StandardDataset
from aif360.metrics import BinaryLabelDatasetMetric

rng = np.random.default_rng(0)
n_rows = 20_000
frame = pd.DataFrame({"sex": rng.integers(0, 2, n_rows).astype(float)})
thin_file = rng.random(n_rows) < np.where(frame["sex"] == 0, 0.6, 0.1)
for column in range(6):
    frame[f"x{column}"] = rng.normal(size=n_rows)
    frame.loc[thin_file & (rng.random(n_rows) < 0.2), f"x{column}"] = np.nan
frame["refused"] = (rng.random(n_rows) < np.where(thin_file, 0.5, 0.1)).astype(float)


def impact(rows):
    data = StandardDataset(rows, "refused", [0], ["sex"], [[1]])
    metric = BinaryLabelDatasetMetric(data, [{"sex": 0}], [{"sex": 1}])
    return len(data.features), float(metric.disparate_impact())


kept, judged = impact(frame)
everybody, true = impact(frame[["sex", "refused"]])
print(f"rows given {n_rows}, judged {kept}: disparate impact {judged:.3f}")
print(f"without the columns that have gaps, judged {everybody}: disparate impact {true:.3f}")
nobody = frame[["sex", "refused"]].assign(refused=lambda rows: rows["refused"].where(rows["sex"] == 0, 1.0))
print(f"privileged group always refused: disparate impact {impact(nobody)[1]}")

assert kept < everybody == n_rows, "changed: rows with gaps are kept"
assert abs(judged - true) > 0.05, "changed: the impact is the same"
assert np.isinf(impact(nobody)[1]), "changed: the ratio to a group without favourable outcomes"
PYTHON
