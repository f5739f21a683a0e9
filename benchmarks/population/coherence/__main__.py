"""Measure the rules: ``python -m benchmarks.population.coherence --data FOLDER``; with ``--keep`` as the real rates."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from benchmarks.population.coherence.rules import REAL_RATES, Rate, is_kept, measured, real_rates, rules
from training.errors import TrainingError


def main() -> int:
    """Print the share of each rule beside the real one; return 1 when one is broken too often."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.population.coherence", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the tables as Parquet")
    parser.add_argument("--keep", action="store_true", help="write the counts as those of the real sample")
    args = parser.parse_args()
    try:
        found = measured(args.data)
    except TrainingError as error:
        sys.stderr.write(f"error {error}\n")
        return 2
    if args.keep:
        counts = {code: [rate.eligible, rate.found] for code, rate in found.items()}
        REAL_RATES.write_text(json.dumps(counts, indent=0) + "\n", encoding="utf-8")
    return _told(found)


def _told(found: dict[str, Rate]) -> int:
    """Print a line a rule, and return whether any is broken too often."""
    real, n_broken = real_rates(), 0
    for rule in rules():
        kept = is_kept(rule, real[rule.code], found[rule.code])
        n_broken += not kept
        shares = f"{real[rule.code].share:8.2%} {found[rule.code].share:8.2%} of {found[rule.code].eligible:>9,}"
        sys.stdout.write(f"{rule.code} {shares} {'    ' if kept else 'OUT '} {rule.says}\n")
    return int(n_broken > 0)


if __name__ == "__main__":
    sys.exit(main())
