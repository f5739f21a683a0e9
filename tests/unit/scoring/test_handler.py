"""The Lambda entry point: both payload formats of API Gateway, and a cold start that fails clearly."""

from __future__ import annotations

import base64
import importlib
import json
import sys
from typing import TYPE_CHECKING

import pytest

from scoring.contract import MODEL_FILE
from scoring.errors import ContractError, SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import ModuleType

    from scoring.features import Value
    from scoring.http.events import EventDoor

    type Event = dict[str, object]

pytestmark = pytest.mark.usefixtures("lambda_loop", "untouched_loggers")


class Context:
    """What Lambda says of an invocation."""

    aws_request_id = "from-lambda"


@pytest.fixture
def cold_start(monkeypatch: pytest.MonkeyPatch, bundle_dir: Path) -> Iterator[Callable[..., ModuleType]]:
    """Import the entry point anew, as Lambda does; keywords set environment variables."""
    before = sys.modules.pop("scoring.handler", None)

    def start(**environment: str) -> ModuleType:
        for name, value in ({"BUNDLE_DIR": str(bundle_dir)} | environment).items():
            monkeypatch.setenv(name, value)
        return importlib.import_module("scoring.handler")

    yield start
    sys.modules.pop("scoring.handler", None)
    if before:
        sys.modules["scoring.handler"] = before


@pytest.fixture
def handler(cold_start: Callable[..., ModuleType]) -> EventDoor:
    """Return the handler over the trees' bundle."""
    return cold_start().handler


@pytest.fixture
def body(request_of: Callable[..., dict[str, Value]]) -> str:
    """Return a valid body."""
    return json.dumps(request_of())


@pytest.fixture(params=["rest_event", "http_event"])
def event_of(request: pytest.FixtureRequest) -> Callable[..., Event]:
    """Return the builder of one payload format's events."""
    return request.getfixturevalue(request.param)


def test_handler_scores(handler: EventDoor, event_of: Callable[..., Event], body: str) -> None:
    """Both formats give a decision as JSON text."""
    reply = handler(event_of("POST", "/v1/score", body), Context())

    assert (reply["statusCode"], reply["isBase64Encoded"]) == (200, False)
    assert reply["headers"]["content-type"] == "application/json"
    assert json.loads(reply["body"])["classe"] in {"accepte", "refuse"}


def test_handler_answers_both_formats_alike(
    handler: EventDoor, rest_event: Callable[..., Event], http_event: Callable[..., Event], body: str
) -> None:
    """The format of the event changes nothing of the answer."""
    rest, http = (handler(build("POST", "/v1/score", body), Context()) for build in (rest_event, http_event))
    told = [{k: v for k, v in json.loads(reply["body"]).items() if k != "meta"} for reply in (rest, http)]

    assert told[0] == told[1]


def test_handler_knows_the_gateways_request_id(
    handler: EventDoor, rest_event: Callable[..., Event], http_event: Callable[..., Event], body: str
) -> None:
    """Each format carries the identifier at the same place."""
    replies = (handler(build("POST", "/v1/score", body), Context()) for build in (rest_event, http_event))

    assert [json.loads(one["body"])["meta"]["id_requete"] for one in replies] == ["rest-request", "http-request"]


def test_handler_reads_a_body_in_base64(handler: EventDoor, event_of: Callable[..., Event], body: str) -> None:
    """API Gateway encodes what it takes for binary."""
    encoded = base64.b64encode(body.encode()).decode()
    reply = handler(event_of("POST", "/v1/score", encoded, isBase64Encoded=True), Context())

    assert reply["statusCode"] == 200


def test_handler_refuses_bytes_that_are_no_text(handler: EventDoor, event_of: Callable[..., Event]) -> None:
    """A binary body is a 400, not a failure."""
    encoded = base64.b64encode(b"\xff\xfe\x00").decode()
    reply = handler(event_of("POST", "/v1/score", encoded, isBase64Encoded=True), Context())

    assert (reply["statusCode"], json.loads(reply["body"])["problemes"][0]["code"]) == (400, "SCR110")


def test_handler_refuses_an_event_without_a_body(handler: EventDoor, event_of: Callable[..., Event]) -> None:
    """API Gateway sends null for an empty body."""
    reply = handler(event_of("POST", "/v1/score", None), Context())

    assert (reply["statusCode"], json.loads(reply["body"])["problemes"][0]["code"]) == (400, "SCR110")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/v1/score", 422), ("GET", "/v1/score", 405), ("GET", "/v1/nothing", 404)],
)
def test_handler_sends_problems_as_text(
    handler: EventDoor, event_of: Callable[..., Event], method: str, path: str, status: int
) -> None:
    """A REST API passes base64 on undecoded: a refusal must be readable as it is."""
    reply = handler(event_of(method, path, "{}"), Context())

    assert (reply["statusCode"], reply["isBase64Encoded"]) == (status, False)
    assert reply["headers"]["content-type"] == "application/problem+json"
    assert json.loads(reply["body"])["status"] == status


@pytest.mark.parametrize("path", ["/health", "/v1/contract", "/docs", "/openapi.json"])
def test_handler_answers_every_other_route(handler: EventDoor, event_of: Callable[..., Event], path: str) -> None:
    """All routes can be reached through the gateway, as text."""
    reply = handler(event_of("GET", path), Context())

    assert (reply["statusCode"], reply["isBase64Encoded"]) == (200, False)


def test_handler_takes_the_stage_off_the_path(
    cold_start: Callable[..., ModuleType], event_of: Callable[..., Event]
) -> None:
    """With STAGE_PREFIX, the routes are found behind the stage's name."""
    reply = cold_start(STAGE_PREFIX="/prod").handler(event_of("GET", "/prod/health"), Context())

    assert reply["statusCode"] == 200


def test_handler_answers_a_failure_once_and_logs_it_once(
    cold_start: Callable[..., ModuleType],
    event_of: Callable[..., Event],
    body: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """A failure is a 500 problem and one line; what Starlette raises again quotes no value anywhere."""
    entry = cold_start()
    monkeypatch.setattr("scoring.service.ScoringService.score", lambda *_: {}["SECRET"])
    reply = entry.handler(event_of("POST", "/v1/score", body), Context())
    told = capfd.readouterr()

    assert (reply["statusCode"], json.loads(reply["body"])["code"]) == (500, "SCR500")
    assert [json.loads(line).get("code") for line in told.out.splitlines()] == [None, "SCR500"]
    assert ("SECRET" in told.out + told.err, told.err) == (False, "")


def test_handler_answers_after_a_failure(
    cold_start: Callable[..., ModuleType], event_of: Callable[..., Event], body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One failed request leaves the function able to answer the next."""
    entry = cold_start()
    with monkeypatch.context() as patched:
        patched.setattr("scoring.service.ScoringService.score", lambda *_: {}["SECRET"])
        entry.handler(event_of("POST", "/v1/score", body), Context())
    reply = entry.handler(event_of("POST", "/v1/score", body), Context())

    assert reply["statusCode"] == 200


def test_cold_start_fails_on_a_bundle_that_does_not_match(
    cold_start: Callable[..., ModuleType], copied_bundle: Path
) -> None:
    """Nothing is served from a bundle with a broken seal."""
    (copied_bundle / MODEL_FILE).write_bytes(b"other")

    with pytest.raises(ContractError, match="SCR203"):
        cold_start(BUNDLE_DIR=str(copied_bundle))


def test_cold_start_fails_on_wrong_configuration(cold_start: Callable[..., ModuleType]) -> None:
    """A setting that is not allowed stops the start and is named."""
    with pytest.raises(SettingsError, match="SCR301: environment variable LOG_LEVEL='loud'"):
        cold_start(LOG_LEVEL="loud")


def test_log_level_reaches_the_log(
    cold_start: Callable[..., ModuleType], event_of: Callable[..., Event], body: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """With LOG_LEVEL=WARNING, a decision leaves no line."""
    entry = cold_start(LOG_LEVEL="WARNING")
    entry.handler(event_of("POST", "/v1/score", body), Context())

    assert capsys.readouterr().out == ""


def test_handler_runs_no_startup_on_each_invocation(cold_start: Callable[..., ModuleType]) -> None:
    """The bundle is read once, in the cold start; Mangum would otherwise start and stop the application each time."""
    assert cold_start().adapter.lifespan == "off"
