"""`sam local`: the built package in the Lambda base image, where a container engine has it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from delivery.emulator import LOOPBACK, free_port
from delivery.events import rest_event, sample_requests
from delivery.paths import BUNDLE, DOSSIER_FUNCTION, EVENTS, FUNCTION, ROOT
from tests.e2e.turns import network_interfaces_changing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from delivery.emulator import Emulator

pytestmark = pytest.mark.e2e

IMAGE = "public.ecr.aws/lambda/python:3.12-x86_64"
SAM = ".venv-sam/bin/sam"
REQUESTS = sample_requests(BUNDLE)
START_SECONDS = 90
LONGEST_LIFE_SECONDS = 300


@pytest.fixture(scope="module", autouse=True)
def base_image(package: object) -> Iterator[str]:
    """Return the name of the base image, or skip where it cannot be run."""
    try:
        inspected = subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True, check=False, timeout=30)
    except FileNotFoundError:
        pytest.skip("no container engine: docker is not installed")
    if inspected.returncode:
        pytest.skip(f"no container engine answers, or it has no image {IMAGE}")
    with network_interfaces_changing():
        yield IMAGE


def said(status: int, body: str) -> tuple[int, Any]:
    """Return what a reply says, without what differs from call to call."""
    if not body.startswith("{"):
        return status, body  # the page of /docs
    content = {name: value for name, value in json.loads(body).items() if name != "id_requete"}
    meta = content.get("meta", {})
    for varying in ("horodatage", "latence_ms", "id_requete"):
        meta.pop(varying, None)
    return status, content


def function_for(name: str) -> str:
    """Return the function that API Gateway hands a sample request to."""
    return DOSSIER_FUNCTION if REQUESTS[name].path.startswith("/v1/dossier") else FUNCTION


@pytest.fixture(scope="module")
def expected(emulator: Emulator, dossier_emulator: Emulator) -> Callable[[str], tuple[int, Any]]:
    """Say what the handler of the right function answers to a sample request."""
    emulators = {FUNCTION: emulator, DOSSIER_FUNCTION: dossier_emulator}

    def answer_to(name: str) -> tuple[int, Any]:
        answer = emulators[function_for(name)].invoke(rest_event(REQUESTS[name]))
        return said(answer["statusCode"], answer["body"])

    return answer_to


@pytest.mark.parametrize("name", REQUESTS)
def test_sam_local_invoke_says_what_the_handler_says(expected: Callable[[str], tuple[int, Any]], name: str) -> None:
    """In the Lambda image, each route's sample event gets the handler's reply (`make invoke EVENT=…`)."""
    done = subprocess.run(
        [SAM, "local", "invoke", function_for(name), "--skip-pull-image", "--event", str(EVENTS / f"{name}_rest.json")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout.splitlines()[-1])

    assert said(answer["statusCode"], answer["body"]) == expected(name)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a running `sam local start-api`, whose container is stopped after the last test."""
    port, log = free_port(), tmp_path_factory.mktemp("start-api") / "log"
    options = ["--skip-pull-image", "--warm-containers", "LAZY", "--host", LOOPBACK, "--port", str(port)]
    command = ["timeout", "--signal", "INT", str(LONGEST_LIFE_SECONDS), SAM, "local", "start-api", *options]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until_it_listens(port, process)
        yield f"http://{LOOPBACK}:{port}"
    finally:
        # Interrupted, not killed: SAM removes its containers then.
        os.killpg(process.pid, signal.SIGINT)
        process.wait(timeout=60)


def wait_until_it_listens(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait for the first moment at which a connection is taken."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=1):
            return
        time.sleep(0.1)
    pytest.fail(f"sam local start-api did not listen within {START_SECONDS} s (status {process.poll()})")


@pytest.mark.parametrize("name", REQUESTS)
def test_sam_local_start_api_says_what_the_handler_says(
    expected: Callable[[str], tuple[int, Any]], address: str, name: str
) -> None:
    """Over HTTP, each route's sample request gets the handler's reply."""
    request = REQUESTS[name]
    answer = httpx.request(
        request.method, address + request.path, content=request.body, headers=dict(request.headers), timeout=60
    )

    assert said(answer.status_code, answer.text) == expected(name)
