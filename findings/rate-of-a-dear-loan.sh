#!/usr/bin/env bash
# Subject:   numpy-financial and pyxirr, rate: the interest of a short, dear loan
# Versions:  numpy-financial 1.0.0, pyxirr 0.10.8, numpy 2.5.5
# Behaviour: The rate is searched from 10 % a period on. For a loan of 50 paid back by ten payments of 20, which
#            costs 38.5 % a period, the search of both ends at -184 %: a root of the same equation that no loan
#            has, without an error. Dear microloans thereby become the cheapest of a portfolio. From a guess near
#            the answer both find it.
# Seen:      2026-11-30
#            each loan: numpy-financial and pyxirr, then both from a guess of 40 %
#            100 by 24 of 5: 0.015 0.015 0.015 0.015
#            100 by 6 of 40: 0.327 0.327 0.327 0.327
#            50 by 10 of 20: -1.842 -1.842 0.385 0.385
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet numpy-financial==1.0.0 pyxirr==0.10.8 numpy==2.5.5
"$folder/bin/python" - <<'PYTHON'
import numpy_financial
import pyxirr

LOANS = ((24, 5.0, 100.0), (6, 40.0, 100.0), (10, 20.0, 50.0))
found = {}
for periods, payment, amount in LOANS:
    ours = numpy_financial.rate(periods, -payment, amount, 0.0)
    theirs = pyxirr.rate(periods, -payment, amount, 0.0)
    near = numpy_financial.rate(periods, -payment, amount, 0.0, guess=0.4)
    also = pyxirr.rate(periods, -payment, amount, 0.0, guess=0.4)
    found[periods] = (ours, theirs, near, also)
    print(f"{amount:.0f} by {periods} of {payment:.0f}: " + " ".join(f"{rate:.3f}" for rate in found[periods]))

assert abs(found[24][0] - 0.0151) < 1e-3, "changed: an ordinary loan"
assert found[10][0] < -1 and found[10][1] < -1, "changed: the dear loan has a rate that a loan can have"
assert abs(found[10][2] - 0.385) < 0.01 and abs(found[10][3] - 0.385) < 0.01, "changed: a near guess"
PYTHON
