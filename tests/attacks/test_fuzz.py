"""No request whatsoever makes the function fail, hang, or say what is inside."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from delivery.events import golden_applications
from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from tests.attacks.fuzzing import Fuzzer, Request

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    type Handler = Callable[[dict[str, Any], object], dict[str, Any]]

LONGEST_SECONDS = 5.0
LONGEST_REFUSAL = 100_000
# A trace, a path of ours, a library's name or an object's address.
INTERNALS = re.compile(
    r'Traceback|File \\?"|/var/task|/tmp/|site-packages|\.py\b|object at 0x|Error\b'
    r"|onnxruntime|pydantic|numpy|starlette|mangum|[Dd]uck[Dd][Bb]"
)
SHARES = 4


@pytest.fixture
def handler(
    lambda_loop: asyncio.AbstractEventLoop, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Handler:
    """Return the function that has all routes, as Lambda calls it; its lines go nowhere."""
    monkeypatch.setenv("IDEMPOTENCY", "memory")
    from scoring.dossier_handler import handler as entry  # noqa: PLC0415  reads the bundle, and needs the loop

    for name in ("scoring", "scoring.records"):
        logging.getLogger(name).handlers = [caplog.handler]
    caplog.handler.setLevel(logging.ERROR)
    return entry


def valid_requests() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return golden applications and golden dossiers."""
    dossiers = [dict(one["dossier"]) for one in Bundle.open(BUNDLE).golden_dossiers]
    return [one["application"] for one in golden_applications(BUNDLE)], dossiers


def fault_of(answer: dict[str, Any], seconds: float) -> str | None:
    """Return what is wrong with an answer, or None."""
    status, body = answer["statusCode"], answer["body"]
    if not 200 <= status < 500:
        return f"status {status}"
    if seconds > LONGEST_SECONDS:
        return f"took {seconds:.1f} s"
    if status >= 400 and len(body) > LONGEST_REFUSAL:
        return f"refusal of {len(body)} characters"
    if status >= 400 and (found := INTERNALS.search(body)):
        return f"says {found[0]!r}"
    if status >= 400 and body:
        problem = json.loads(body)
        return None if {"code", "title", "detail", "problemes"} <= problem.keys() else "not in the form of RFC 9457"
    return None


@pytest.mark.parametrize("share", range(SHARES))
def test_no_request_makes_the_function_fail(handler: Handler, pytestconfig: pytest.Config, share: int) -> None:
    """Over many broken requests: no 5xx, nothing slow, refusals in one form, nothing said of what is inside.

    `make fuzz` sends more than a hundred thousand; `--fuzz-requests` says how many.
    """
    fuzzer = Fuzzer(*valid_requests(), seed=share)
    faults: list[tuple[int, str, Request]] = []
    seen: Counter[str] = Counter()
    for number in range(pytestconfig.getoption("--fuzz-requests") // SHARES):
        request = fuzzer.request()
        # Of the processor: what others take meanwhile is no fault.
        started = time.process_time()
        answer = handler(request.event(), None)
        fault = fault_of(answer, time.process_time() - started)
        if fault:
            faults.append((number, fault, request))
        seen.update({str(answer["statusCode"])} | set(re.findall(r"SCR\d{3}", answer["body"])))

    assert faults[:3] == []
    # The fuzzer itself works: it is answered, and refused by most of the rules there are.
    assert {"200", "400", "404", "405", "413", "415", "422"} <= seen.keys()
    assert {
        "SCR101",
        "SCR102",
        "SCR103",
        "SCR104",
        "SCR105",
        "SCR106",
        "SCR107",
        "SCR108",
        "SCR110",
        "SCR111",
        "SCR130",
        "SCR131",
        "SCR132",
        "SCR133",
        "SCR140",
    } <= seen.keys()


def test_fuzzer_makes_the_same_requests_again() -> None:
    """A fault that it finds can be found again from its seed and number."""
    valid = valid_requests()
    first, again, other = (
        [fuzzer.request().event() for _ in range(200)] for fuzzer in (Fuzzer(*valid, seed=seed) for seed in (1, 1, 2))
    )

    assert first == again
    assert first != other
