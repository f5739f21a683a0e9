"""A drifting population sent to the API for real, and monitored from the audit records it leaves.

``python -m benchmarks.drift_api`` calls the handler in this process, thousands of times, in weeks that drift more and
more; spoils the files as a delivery would (a cut line, a line twice); then makes a report a week, the history and the
trend page. The moments in the files are moved to weeks in a row; nothing else in them is touched.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import io
import json
import os
import sys
import time
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.drift_power import read_pool
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE
from monitoring.commands.report import told
from monitoring.history import read_history
from monitoring.injection import feed_gone, shifted, unchanged
from monitoring.log_lines import moment_of
from monitoring.report import Surroundings, make_report
from monitoring.trend import trend_page
from monitoring.windows import WindowSource
from scoring.contract import Contract, load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring.array_windows import Columns
    from monitoring.injection import Change

AUDITED_SHARE = 0.9
REJECTED_EVERY = 50
# A key for the identifiers of applicants, of whom this run sends none.
HASH_KEY = "no applicant is named in this run"
WEEKS = (
    ("calme", unchanged, 0.0),
    ("calme", unchanged, 0.0),
    ("population un peu déplacée", shifted, 0.3),
    ("population déplacée", shifted, 0.8),
    ("flux perdu pour la moitié", feed_gone, 0.5),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Call, spoil, report; print what each week says."""
    args = _parser().parse_args(arguments)
    contract = load_contract(args.bundle)
    pool = read_pool(contract, args.features, args.scores).columns
    lines, handler = _handler(args.bundle)
    started = time.perf_counter()
    for week, (_, change, strength) in enumerate(WEEKS):
        drawn = _drawn(contract, pool, change, strength, n=args.requests, seed=args.seed + week)
        text = _called(handler, lines, _applications(contract, drawn))
        _write_week(args.out / "audit" / f"semaine-{week + 1}.gz", text, weeks_ago=len(WEEKS) - week)
    seconds = time.perf_counter() - started
    print(f"{args.requests * len(WEEKS):,} requests answered in {seconds:.0f} s")  # noqa: T201  a command
    _report_weeks(args)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift_api", description=__doc__)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--features", required=True, help="FILE.parquet[:train|:test] to draw applicants from")
    parser.add_argument("--scores", type=Path, required=True, help="answers of the bundle over it")
    parser.add_argument("--requests", type=int, default=1_300, help="a week")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=Path("reports/api"))
    return parser


def _handler(bundle: Path) -> tuple[io.StringIO, Any]:
    """Return what the function prints from now on, and its entry point, as Lambda loads it."""
    os.environ |= {
        "BUNDLE_DIR": str(bundle),
        "AUDIT": "on",
        "AUDIT_SHARE": str(AUDITED_SHARE),
        "AUDIT_HASH_KEY": HASH_KEY,
        "METRICS": "on",
    }
    lines = io.StringIO()
    with contextlib.redirect_stdout(lines):
        return lines, import_module("scoring.handler").handler


def _drawn(
    contract: Contract, pool: Columns, change: Change, strength: float, *, n: int, seed: int
) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(seed)
    places = generator.choice(len(next(iter(pool.values()))), n, replace=False)
    return dict(change(contract, {name: values[places] for name, values in pool.items()}, strength, generator))


def _applications(contract: Contract, columns: Columns) -> Iterator[dict[str, Any]]:
    """Yield what a partner would send: values within the contract's bounds, absent ones left out."""
    for row in range(len(next(iter(columns.values())))):
        told = {item.name: columns[item.name][row] for item in contract.inputs}
        yield {
            name: value if isinstance(value, str) else float(value)
            for name, value in told.items()
            if value is not None and value == value  # noqa: PLR0124  NaN
        }


def _called(handler: Any, lines: io.StringIO, applications: Iterator[dict[str, Any]]) -> str:  # noqa: ANN401  Lambda's
    """Send every application, and now and then one that breaks the contract; return what was printed."""
    for place, application in enumerate(applications):
        if place % REJECTED_EVERY == 0:
            handler(rest_event(HttpRequest.post("/v1/score", {"AMT_CREDIT": "beaucoup"})), None)
        event = rest_event(HttpRequest.post("/v1/score", application))
        event["requestContext"]["requestId"] = f"{id(lines)}-{time.time_ns()}-{place}"
        handler(event, None)
    printed = lines.getvalue()
    # The start of the function is in the first week; it is told to each, as each day's log has one.
    lines.seek(0)
    lines.truncate()
    return printed


def _write_week(path: Path, text: str, *, weeks_ago: int) -> None:
    moved = [json.dumps(_moved(json.loads(line), weeks_ago), ensure_ascii=False) for line in text.splitlines()]
    spoiled = [*moved, moved[-1], moved[-2][: len(moved[-2]) // 2]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join(spoiled).encode()))


def _moved(line: dict[str, Any], weeks_ago: int) -> dict[str, Any]:
    by = timedelta(weeks=weeks_ago)
    moment = moment_of(line)
    if moment is not None and "horodatage" in line:
        line["horodatage"] = (moment - by).isoformat()
    if "_aws" in line:
        line["_aws"]["Timestamp"] -= int(by.total_seconds() * 1000)
    return line


def _report_weeks(args: argparse.Namespace) -> None:
    history = args.out / "history.csv"
    history.unlink(missing_ok=True)
    reference = WindowSource.parse(args.features, args.scores)
    for week, (name, _, strength) in enumerate(WEEKS):
        path = args.out / "audit" / f"semaine-{week + 1}.gz"
        report = make_report(
            args.bundle,
            reference,
            WindowSource(path),
            args.out / f"semaine-{week + 1}",
            surroundings=Surroundings(logs=(path,), history=history),
        )
        lines = told(report, args.out / f"semaine-{week + 1}")
        print(f"semaine {week + 1}, {name} ({strength:g})", *lines, sep="\n")  # noqa: T201  a command
    (args.out / "trend.html").write_text(trend_page(read_history(history)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
