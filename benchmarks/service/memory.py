"""Resident memory of the built package while it answers: what it takes, and whether it grows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from benchmarks.programs import figures_said, run_in_package
from delivery.events import rest_event, sample_requests
from delivery.paths import BUNDLE, DOSSIER_PACKAGE, PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

REQUESTS = 200_000
# In the order of a day: many scores, some refused, a few batches, levers and questions.
SHARES = {"score": 70, "score_invalid": 10, "batch": 4, "levers": 4, "contract": 4, "model": 4, "health": 4}
DOSSIER_REQUESTS = 50_000
DOSSIER_SHARES = {"dossier": 80, "dossier_invalid": 16, "dossiers": 4}
MEASURED_TIMES = 10
# Answers every event in turn; memory is read when the caches are warm, and then at even distances.
PROGRAM = """
import json, os, sys
told, sys.stdout = sys.stdout, open(os.devnull, "w")
from importlib import import_module
events, n_requests, times, module = json.load(sys.stdin)
handler = import_module(module).handler
def resident():
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return [int(status[name].split()[0]) for name in ("VmRSS", "VmHWM")]
def answer(n):
    statuses = set()
    for index in range(n):
        statuses.add(handler(events[index % len(events)], None)["statusCode"])
    return statuses
statuses = answer(10 * len(events))
seen = [resident()]
for _ in range(times):
    statuses |= answer(n_requests // times)
    seen.append(resident())
print(json.dumps({"seen": seen, "statuses": sorted(statuses)}), file=told)
"""


def measure_memory(package: Path = PACKAGE, *, requests: int = REQUESTS) -> dict[str, Any]:
    """Return the memory of the function for applications over requests of all its routes; see `measure_resident`."""
    return measure_resident("scoring.handler", package, SHARES, requests=requests)


def measure_dossier_memory(package: Path = DOSSIER_PACKAGE, *, requests: int = DOSSIER_REQUESTS) -> dict[str, Any]:
    """Return the memory of the function for dossiers; see `measure_resident`."""
    return measure_resident("scoring.dossier_handler", package, DOSSIER_SHARES, requests=requests)


def measure_resident(handler: str, package: Path, shares: Mapping[str, int], *, requests: int) -> dict[str, Any]:
    """Return resident memory in MiB when warm, at the end and at its peak, over so many requests.

    Raises
    ------
    DeliveryError
        When the package is absent or does not answer.
    """
    sample = sample_requests(BUNDLE)
    events = [rest_event(sample[name]) for name, share in shares.items() for _ in range(share)]
    given = json.dumps([events, requests, MEASURED_TIMES, handler])
    found = figures_said(run_in_package(package, PROGRAM, given=given))
    resident = [kibibytes / 1024 for kibibytes, _ in found["seen"]]
    half = len(resident) // 2
    return {
        "requests": requests,
        "statuses": found["statuses"],
        "resident_mib": {"warm": resident[0], "half_way": resident[half], "end": resident[-1]},
        "growth_in_the_second_half_mib": max(resident[half:]) - resident[half],
        "peak_mib": max(peak for _, peak in found["seen"]) / 1024,
    }
