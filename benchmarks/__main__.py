"""Command line of the benchmarks: ``python -m benchmarks --help``; prints a table and writes ``reports/bench.json``."""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.measures import MEASURES, OPTIONAL_MEASURES, measure
from benchmarks.report import REPORT, read_report, say_table, with_figures, write_report
from benchmarks.scale.parts import PARTS
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the measures that are asked for; return 0, or 2 with one line on stderr when something is missing."""
    args = _parser().parse_args(arguments)
    report = read_report(args.out)
    for name in args.only or MEASURES:
        print(f"measuring {name} …", file=sys.stderr, flush=True)
        started = time.perf_counter()
        try:
            figures = _in_fresh_process(name, **_options(name, args))
        except DeliveryError as error:
            print(f"error {name}: {error}", file=sys.stderr)
            return BAD_INPUT
        if args.parts and figures is not None:  # those that were not asked for stay as they were
            figures = {**(report["measures"].get(name, {}).get("figures") or {}), **figures}
        report = with_figures(report, name, figures, seconds=time.perf_counter() - started)
        write_report(report, args.out)
    print(say_table(report))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*MEASURES, *OPTIONAL_MEASURES],
        metavar="NAME",
        help=", ".join(MEASURES) + "; when asked for: " + ", ".join(OPTIONAL_MEASURES),
    )
    parser.add_argument("--automl-minutes", type=float, default=10.0, help="budget of AutoML over all folds (10)")
    parser.add_argument("--applications", type=int, help="full size of the measure of scale (that of the real data)")
    parser.add_argument("--runs", type=int, help="of each contender of the measure of scale (3)")
    parser.add_argument(
        "--parts",
        nargs="+",
        choices=PARTS,
        metavar="PART",
        help=f"of the measure of scale: {', '.join(PARTS)} (all)",
    )
    parser.add_argument("--out", type=Path, default=REPORT, help="figures of other measures that it holds are kept")
    return parser


def _options(name: str, args: argparse.Namespace) -> dict[str, Any]:
    if name == "automl":
        return {"minutes": args.automl_minutes}
    given = {"applications": args.applications, "runs": args.runs, "parts": args.parts}
    return {option: value for option, value in given.items() if value} if name == "scale" else {}


def _in_fresh_process(name: str, **options: object) -> dict[str, Any] | None:
    """Take one measure in a process of its own: what one imports or allocates is not in the next one's way."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, name, **options).result()


if __name__ == "__main__":
    sys.exit(main())
