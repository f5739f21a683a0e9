"""A drifting population sent to the API for real, and monitored from the audit records it leaves.

``python -m benchmarks.drift.api`` calls the handler in this process, thousands of times, in weeks that drift more and
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
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.drift.windows import SAMPLE_POPULATION, DriftWindows, read_pool, windows_in
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE
from monitoring.checks.injection import feed_gone, shifted, unchanged
from monitoring.commands.report import told
from monitoring.report.history import read_history
from monitoring.report.make import Surroundings, make_report
from monitoring.report.trend import trend_page
from monitoring.windows.log_lines import moment_of
from monitoring.windows.parquet import WindowSource
from scoring.bundle import load_contract

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from monitoring.checks.injection import Change
    from monitoring.report.result import DriftReport
    from monitoring.windows.arrays import Columns
    from scoring.contract import Contract

AUDITED_SHARE = 0.9
# Those that are audited are enough for the checks to conclude.
REQUESTS = 1_300
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


@dataclass(frozen=True, slots=True)
class Calls:
    """What is called, with whose applications, how often, and where the records go."""

    windows: DriftWindows
    requests: int
    seed: int
    out: Path
    weeks: Sequence[tuple[str, Change, float]] = WEEKS


def main(arguments: Sequence[str] | None = None) -> int:
    """Call, spoil, report; print what each week says."""
    args = _parser().parse_args(arguments)
    calls = Calls(DriftWindows(args.bundle, args.features, args.scores), args.requests, args.seed, args.out)
    seconds = _call(calls)
    print(f"{calls.requests * len(WEEKS):,} requests answered in {seconds:.0f} s")  # noqa: T201  a command
    for week, report in enumerate(_reports(calls)):
        name, _, strength = WEEKS[week]
        said = told(report, args.out / f"semaine-{week + 1}")
        print(f"semaine {week + 1}, {name} ({strength:g})", *said, sep="\n")  # noqa: T201  a command
    return 0


def measure_drift_api(
    folder: Path = SAMPLE_POPULATION, *, requests: int = REQUESTS, weeks: int = len(WEEKS)
) -> dict[str, Any] | None:
    """Call the API with applications of `folder` in drifting weeks, and report on each from its audit records.

    ``None`` when ``make report`` has not been there.
    """
    windows = windows_in(folder)
    if windows is None:
        return None
    with tempfile.TemporaryDirectory() as workspace:
        calls = Calls(windows, requests, 0, Path(workspace), WEEKS[:weeks])
        seconds = _call(calls)
        reports = list(_reports(calls))
    return {
        "requests": requests * len(reports),
        "requests_per_second": requests * len(reports) / seconds,
        "audited": {f"week {week + 1}": one.drift.current.n_applications for week, one in enumerate(reports)},
        "level": {f"week {week + 1}": one.level.value for week, one in enumerate(reports)},
    }


def _call(calls: Calls) -> float:
    """Send every week's applications and write its records; return the seconds it took."""
    contract = load_contract(calls.windows.bundle)
    pool = read_pool(calls.windows, contract).columns
    lines, handler = _handler(calls.windows.bundle)
    started = time.perf_counter()
    for week, (_, change, strength) in enumerate(calls.weeks):
        drawn = _drawn(contract, pool, change, strength, n=calls.requests, seed=calls.seed + week)
        text = _called(handler, lines, _applications(contract, drawn))
        _write_week(calls.out / "audit" / f"semaine-{week + 1}.gz", text, weeks_ago=len(calls.weeks) - week)
    return time.perf_counter() - started


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift.api", description=__doc__)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument(
        "--features", type=Path, required=True, help="FILE.parquet[:train|:test] to draw applicants from"
    )
    parser.add_argument("--scores", type=Path, required=True, help="answers of the bundle over it")
    parser.add_argument("--requests", type=int, default=REQUESTS, help="a week")
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


def _reports(calls: Calls) -> Iterator[DriftReport]:
    """Make a report a week and, after the last, the trend page."""
    history = calls.out / "history.csv"
    history.unlink(missing_ok=True)
    reference = WindowSource.parse(str(calls.windows.features), calls.windows.scores)
    for week in range(1, len(calls.weeks) + 1):
        path = calls.out / "audit" / f"semaine-{week}.gz"
        yield make_report(
            calls.windows.bundle,
            reference,
            WindowSource(path),
            calls.out / f"semaine-{week}",
            surroundings=Surroundings(logs=(path,), history=history),
        )
    (calls.out / "trend.html").write_text(trend_page(read_history(history)), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
