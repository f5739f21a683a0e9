"""What one scored request writes and sends: bytes of log and of reply, and the metrics that CloudWatch counts."""

from __future__ import annotations

import json
import sys
import uuid
from typing import Any

from benchmarks.programs import run_program
from delivery.emulator import package_environment
from delivery.events import HttpRequest, golden_applications, rest_event
from delivery.paths import BUNDLE, ROOM, ROOT
from scoring.bundle import bundle_seal

# The replies' sizes go to the error channel: the log is what the handler itself prints.
PROGRAM = """
import json, sys
from scoring.handler import handler
print(json.dumps([len(handler(event, None)["body"].encode()) for event in json.load(sys.stdin)]), file=sys.stderr)
"""


def measure_traffic() -> dict[str, Any]:
    """Return bytes of log and of reply per scored request, and the number of metric series of the score route.

    Raises
    ------
    DeliveryError
        When the handler does not answer.
    """
    golden = golden_applications(BUNDLE)
    events = [rest_event(HttpRequest.post("/v1/score", one["application"])) for one in golden]
    for number, event in enumerate(events):  # the audit channel draws its share by the identifier of the request
        event["requestContext"]["requestId"] = str(uuid.uuid5(uuid.NAMESPACE_URL, str(number)))
    environment = package_environment(ROOT, ROOM) | {"BUNDLE_DIR": str(BUNDLE), "BUNDLE_SHA256": bundle_seal(BUNDLE)}
    done = run_program(
        [sys.executable, "-c", PROGRAM],
        environment=environment,
        given=json.dumps(events),
        failure="the handler did not answer",
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    answered = [line for line in lines if line.get("evenement") != "demarrage"]
    return {
        "requests": len(golden),
        "log_bytes": sum(len(json.dumps(line, ensure_ascii=False).encode()) for line in answered) / len(golden),
        "reply_bytes": sum(json.loads(done.stderr.splitlines()[-1])) / len(golden),
        "metrics": len(_series(answered)),
    }


def _series(lines: list[dict[str, Any]]) -> set[tuple[str, ...]]:
    """Return every metric with its dimensions: what CloudWatch counts as one."""
    return {
        (metric["Name"], *(f"{name}={line[name]}" for name in names))
        for line in lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", [])
        for metric in directive["Metrics"]
        for names in directive["Dimensions"]
    }
