"""Requests of two builds in turns: each in a process of its own that answers when it is asked to.

Run as a program in a build: reads ``KIND N`` line by line, and says the milliseconds of N calls as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack
from statistics import median
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from delivery.errors import DeliveryError
from delivery.paths import EVENTS, ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.scale.builds import Build

APPLICATIONS_A_BATCH = 500
# What both builds have: the package's handler, and the events of its delivery room.
_PROGRAM = f"""
import gc, itertools, json, logging, os, sys, time
from delivery.events import HttpRequest, rest_event
from scoring.handler import handler
golden = json.load(open(os.environ["BUNDLE_DIR"] + "/parity.json"))
applications = [one["application"] for one in golden["applications"]]
one = [rest_event(HttpRequest.post("/v1/score", application)) for application in applications]
listed = list(itertools.islice(itertools.cycle(applications), {APPLICATIONS_A_BATCH}))
batch = [rest_event(HttpRequest.post("/v1/score/batch", {{"demandes": listed}}))]
nowhere = open(os.devnull, "w")
for name in ("scoring", "scoring.records"):
    logging.getLogger(name).handlers = [logging.StreamHandler(nowhere)]
events = {{"one": itertools.cycle(one), "batch": itertools.cycle(batch)}}
assert all(handler(event, None)["statusCode"] == 200 for event in (one[0], batch[0]))
gc.collect()
gc.freeze()
print("ready", flush=True)
for line in sys.stdin:
    kind, calls = line.split()
    times = []
    for event in itertools.islice(events[kind], int(calls)):
        started = time.perf_counter_ns()
        handler(event, None)
        times.append((time.perf_counter_ns() - started) / 1e6)
    print(json.dumps(times), flush=True)
"""
_FIRST_ANSWER = """
import json, sys, time
started = time.perf_counter()
from scoring.handler import handler
assert handler(json.load(sys.stdin), None)["statusCode"] == 200
print(1000 * (time.perf_counter() - started))
"""


def measure_requests(
    builds: Mapping[str, Build], work: Path, *, turns: int = 60, cold_starts: int = 15
) -> dict[str, Any]:
    """Time one score with reasons, a batch and the first answer of each build; the last build over the first.

    The earlier build serves the bundle it came with.
    """
    with ExitStack() as stack:
        workers = {name: stack.enter_context(_started(build, work, _PROGRAM)) for name, build in builds.items()}
        for worker in workers.values():
            _wait_until_ready(worker)
        one = _in_turns(workers, "one", calls=50, turns=turns)
        batch = _in_turns(workers, "batch", calls=2, turns=turns)
        for worker in workers.values():
            worker.communicate()
    cold = [{name: _first_answer_ms(build, work) for name, build in builds.items()} for _ in range(cold_starts + 1)]
    figures = {
        name: {
            "score_p50_ms": float(np.percentile(one[name], 50)),
            "score_p99_ms": float(np.percentile(one[name], 99)),
            "batch_applications_a_second": 1000 * APPLICATIONS_A_BATCH / median(batch[name]),
            # The first reads files that the others find in memory.
            "first_answer_ms": median(run[name] for run in cold[1:]),
        }
        for name in builds
    }
    first, *_, last = figures.values()
    return {**figures, "ratio": {figure: last[figure] / first[figure] for figure in first}}


def _started(build: Build, work: Path, program: str) -> subprocess.Popen[str]:
    environment = build.environment(work) | {"BUNDLE_DIR": str(build.folder / "lambda" / "bundle")}
    return subprocess.Popen(  # noqa: S603  the project's own program
        [sys.executable, "-c", program],
        cwd=build.folder,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def _wait_until_ready(worker: subprocess.Popen[str]) -> None:
    while (line := _said(worker)) != "ready":
        if not line:
            raise DeliveryError("a build did not answer its own golden applications")


def _in_turns(
    workers: Mapping[str, subprocess.Popen[str]], kind: str, *, calls: int, turns: int
) -> dict[str, list[float]]:
    """Return the milliseconds of each call, without those of the first turn."""
    times: dict[str, list[float]] = {name: [] for name in workers}
    for turn in range(turns + 1):
        for name, worker in workers.items():
            _pipe(worker.stdin).write(f"{kind} {calls}\n")
            _pipe(worker.stdin).flush()
            taken = json.loads(_said(worker))
            times[name] += taken if turn else []
    return times


def _first_answer_ms(build: Build, work: Path) -> float:
    with _started(build, work, _FIRST_ANSWER) as process:
        # Of its own contract.
        event = build.folder / EVENTS.relative_to(ROOT) / "score_rest.json"
        said, _ = process.communicate(event.read_text(encoding="utf-8"))
    return float(said.splitlines()[-1])


def _said(worker: subprocess.Popen[str]) -> str:
    return _pipe(worker.stdout).readline().strip()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise DeliveryError("a build was started without pipes")
    return stream
