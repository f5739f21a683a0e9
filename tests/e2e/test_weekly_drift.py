"""The weekly job, on exactly what the deployed stack keeps: log lines, filtered, in one folder, then `make drift`."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from delivery.paths import BUNDLE, ROOT
from scoring.log_lines import EVENT, Event
from tests.builders.log_filter import template_carries

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e

N_APPLICATIONS = 3_000
CALLS = """
import json, sys
import pyarrow.parquet as pq
from delivery.events import HttpRequest, rest_event
from scoring.bundle import Bundle
from scoring.handler import handler
from pathlib import Path

table, bundle = sys.argv[1:]
names = [item.name for item in Bundle.open(Path(bundle)).contract.inputs]
rows = pq.read_table(table, columns=names, filters=[("POPULATION", "=", "test")]).to_pylist()
for number, row in enumerate(rows):
    event = rest_event(HttpRequest.post("/v1/score", {name: value for name, value in row.items() if value is not None}))
    event["requestContext"]["requestId"] = f"semaine-{number}"
    handler(event, None)
"""


def run(*command: str, cwd: Path = ROOT, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command of the project; its output is shown where it fails."""
    done = subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, check=False, env=os.environ | (environment or {})
    )
    # An alarm is status 1 of the command, which `make` tells as its own 2.
    assert done.returncode == 0 or "Error 1" in done.stderr, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a reference, and the lines of a week of requests as they come out of the bucket."""
    folder = tmp_path_factory.mktemp("week")
    data, features = folder / "data", folder / "features.parquet"
    run(sys.executable, "-m", "training", "sample", "--applications", str(N_APPLICATIONS), "--out", str(data))
    run(sys.executable, "-m", "training", "features", "--data", str(data), "--out", str(features))
    scores = folder / "scores.parquet"
    run(
        sys.executable,
        "-m",
        "training",
        "score",
        "--bundle",
        str(BUNDLE),
        "--data",
        str(data),
        "--out",
        str(scores),
    )
    printed = run(
        sys.executable,
        "-c",
        CALLS,
        str(features),
        str(BUNDLE),
        environment={"AUDIT": "on", "AUDIT_SHARE": "1", "AUDIT_HASH_KEY": "k" * 64, "METRICS": "on"},
    ).stdout
    lines = [line for line in printed.splitlines() if line.startswith("{") and template_carries(json.loads(line))]
    (folder / "audit" / "jour=01").mkdir(parents=True)
    with gzip.open(folder / "audit" / "jour=01" / "lines.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.write("\n".join(lines) + "\n")
    return folder


def test_weekly_verb_makes_its_report_of_what_the_filter_carries(week: Path, tmp_path: Path) -> None:
    """Report, history and trend are written, the service is told of, and the status is that of the alarms."""
    done = run(
        "make",
        "-o",
        ".venv/.ready",
        "drift",
        f"AUDIT={week / 'audit'}",
        f"REFERENCE={week / 'features.parquet'}:train",
        f"REFERENCE_SCORES={week / 'scores.parquet'}",
        f"HISTORY={tmp_path / 'history.csv'}",
        f"DRIFT={tmp_path / 'drift'}",
        f"TREND={tmp_path / 'trend.html'}",
    )
    report = json.loads((tmp_path / "drift" / "report.json").read_bytes())

    assert report["drift"]["service"]["requests"] == report["drift"]["current"]["n_applications"] > 0
    assert report["drift"]["service"]["days"][0]["cold_starts"] == 1
    assert (tmp_path / "history.csv").exists()
    assert (tmp_path / "trend.html").exists()
    assert (done.returncode != 0) == (report["level"] == "alert")


def test_the_lines_of_the_week_hold_what_the_report_needs(week: Path) -> None:
    """Starts, requests and records come through the filter together."""
    with gzip.open(week / "audit" / "jour=01" / "lines.jsonl.gz", "rt", encoding="utf-8") as stream:
        events = {json.loads(line)[EVENT] for line in stream}

    assert {Event.START, Event.SCORE, Event.AUDIT} <= events
