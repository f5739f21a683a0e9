#!/usr/bin/env bash
# Subject:   pandas 2 and 3, read_csv: the last digits of a double
# Versions:  pandas 2.3.3 and 3.1.1, numpy 2.4.6
# Behaviour: pandas 2 reads with a parser that is quick and not exact: four doubles in ten that to_csv wrote come back
#            as others, off by up to a few thousand units in the last place; float_precision="round_trip" is exact.
#            pandas 3 is exact, and has deprecated the setting. The same script gives other features, and a row at a
#            threshold another score, by the version alone.
# Seen:      2026-11-30
#            pandas 2.3.3, default: 43.3% of the numbers are others, by 1e-12 at most
#            pandas 2.3.3, round_trip: 0.0% of the numbers are others, by 0e+00 at most
#            pandas 3.1.1, default: 0.0% of the numbers are others, by 0e+00 at most
#            pandas 3.1.1, round_trip: 0.0% of the numbers are others, by 0e+00 at most
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for version in 2.3.3 3.1.1; do
  python3.12 -m venv "$folder/$version"
  "$folder/$version/bin/pip" install --quiet "pandas==$version" numpy==2.4.6
  "$folder/$version/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys

import numpy as np
import pandas as pd

rng = np.random.default_rng(0)
numbers = rng.normal(size=100_000) * 10.0 ** rng.integers(-3, 6, 100_000)
path = f"{sys.argv[1]}/numbers.csv"
pd.DataFrame({"x": numbers}).to_csv(path, index=False)
found = {}
for name, settings in (("default", {}), ("round_trip", {"float_precision": "round_trip"})):
    back = pd.read_csv(path, **settings)["x"].to_numpy()
    found[name] = float((back != numbers).mean())
    worst = np.abs(back / numbers - 1).max()
    print(f"pandas {pd.__version__}, {name}: {found[name]:.1%} of the numbers are others, by {worst:.0e} at most")

is_old = pd.__version__.startswith("2.")
assert (found["default"] > 0.3) == is_old and found["round_trip"] == 0, "changed: which version reads exactly"
PYTHON
done
