"""Many callers at once: nobody fails, nobody waits for long, nobody gets another's answer; and memory stays flat."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from benchmarks.service.memory import measure_memory
from delivery.emulator import LOOPBACK, free_port
from delivery.events import HttpRequest, golden_applications, rest_event
from delivery.paths import BUNDLE, ROOM, ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from delivery.emulator import Emulator

pytestmark = pytest.mark.e2e

CALLERS = 16
CALLS_EACH = 40
START_SECONDS = 60
LONGEST_LIFE_SECONDS = 300
GOLDEN = golden_applications(BUNDLE)
BROKEN = b'{"AMT_CREDIT": '


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """Return the address of a local server of the API; it is stopped after the last test."""
    port = free_port()
    command = ["timeout", str(LONGEST_LIFE_SECONDS), sys.executable, "-m", "uvicorn", "scoring.handler:app"]
    process = subprocess.Popen(
        [*command, "--app-dir", str(ROOM), "--host", LOOPBACK, "--port", str(port), "--log-level", "warning"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            break
        time.sleep(0.05)
    yield f"http://{LOOPBACK}:{port}"
    process.terminate()
    process.wait(10)


def expected(index: int) -> tuple[str, float]:
    """Return the class and the probability that the trained model gave the golden application of a call."""
    golden = GOLDEN[index % len(GOLDEN)]
    return golden["decision"], pytest.approx(golden["default_probability"], abs=1e-6)


def test_callers_of_a_server_get_their_own_answers(server: str) -> None:
    """Sixteen callers at once, sound and broken requests mixed: each gets what is due to its own."""

    def call(caller: int) -> list[tuple[int, int, Any]]:
        found = []
        with httpx.Client(base_url=server, timeout=30) as client:
            for index in range(caller, caller + CALLS_EACH):
                application = GOLDEN[index % len(GOLDEN)]["application"]
                broken = index % 5 == 0
                content = BROKEN if broken else json.dumps(application).encode()
                answer = client.post("/v1/score", content=content, headers={"content-type": "application/json"})
                found.append((index, answer.status_code, answer.json()))
        return found

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = [one for found in callers.map(call, range(CALLERS)) for one in found]

    assert len(answers) == CALLERS * CALLS_EACH
    assert {index for index, status, _ in answers if status != 200} == {i for i, *_ in answers if i % 5 == 0}
    assert {status for _, status, _ in answers} == {200, 400}
    for index, status, reply in answers:
        if status == 200:
            assert (reply["classe"], reply["probabilite_de_defaut"]) == expected(index)
    assert len({reply["meta"]["id_requete"] for _, status, reply in answers if status == 200}) == len(
        [status for _, status, _ in answers if status == 200]
    )


def test_callers_of_the_emulator_get_their_own_answers(emulator: Emulator) -> None:
    """Lambda gives one instance one request at a time; sixteen callers that wait for it get their own answers."""

    def call(index: int) -> dict[str, Any]:
        event = rest_event(HttpRequest.post("/v1/score", GOLDEN[index % len(GOLDEN)]["application"]))
        event["requestContext"] |= {"requestId": f"appel-{index}"}
        return emulator.invoke(event)

    with ThreadPoolExecutor(CALLERS) as callers:
        answers = list(callers.map(call, range(CALLERS * 10)))

    assert {answer.get("statusCode") for answer in answers} == {200}
    for index, answer in enumerate(answers):
        reply = json.loads(answer["body"])
        assert reply["meta"]["id_requete"] == f"appel-{index}"
        assert (reply["classe"], reply["probabilite_de_defaut"]) == expected(index)


def test_memory_stays_flat(package: Path) -> None:
    """Requests of all routes leave nothing behind: after warming up, memory does not grow, and stays within the aim.

    `make bench` sends two hundred thousand; here it is a small part of them.
    """
    figures = measure_memory(package, requests=5_000)

    assert figures["growth_in_the_second_half_mib"] < 2
    assert figures["peak_mib"] < 200
