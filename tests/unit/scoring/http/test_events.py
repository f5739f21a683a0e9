"""Events that are no request: a warmer learns the version, everything else is refused, nothing fails."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from delivery.events import HttpRequest, http_event, rest_event
from scoring import __version__
from scoring.http.events import NOT_A_REQUEST, EventDoor
from scoring.http.problems import PROBLEM_MEDIA_TYPE

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.usefixtures("lambda_loop", "untouched_loggers")

CONTEXT = SimpleNamespace(aws_request_id="from-lambda")
STRANGERS: list[object] = [
    {},
    None,
    [],
    "text",
    5,
    {"AMT_CREDIT": 1},
    {"warmer": False},
    {"source": ["aws.events"]},
    {"Records": []},
    {"Records": [{"eventSource": "aws:sqs", "body": "{}"}]},
    {"Records": [{"EventSource": "aws:sns", "Sns": {"Message": "{}"}}]},
    {"Records": [{"eventSource": "aws:s3", "s3": {"object": {"key": "k"}}}]},
    {"Records": [{"cf": {"config": {}}}]},
    {"requestContext": None},
    {"requestContext": {}},
    {"requestContext": {"http": None}},
    {"requestContext": {"http": {"method": []}}, "version": "2.0", "headers": {}},
    {"requestContext": {}, "httpMethod": {"a": 1}, "headers": {}, "path": "/health", "resource": "/"},
    {"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "headers": []},
]
WARMERS = [
    {"warmer": True},
    {"warmup": True, "concurrency": 3},
    {"source": "aws.events", "detail-type": "Scheduled Event"},
    {"source": "aws.scheduler"},
]


class Log:
    """Keeps what was refused."""

    def __init__(self) -> None:
        self.lines: list[dict[str, object]] = []

    def refused(self, **line: object) -> None:
        """Keep a line."""
        self.lines.append(line)


@pytest.fixture
def log() -> Log:
    """Return a log that was not written to."""
    return Log()


@pytest.fixture
def door(log: Log) -> EventDoor:
    """Return a door before the real adapter of the committed bundle."""
    from scoring.handler import adapter  # noqa: PLC0415  the bundle is loaded when it is imported

    return EventDoor(adapter, log)  # type: ignore[arg-type]  a log that keeps


@pytest.mark.parametrize("event", STRANGERS, ids=lambda event: json.dumps(event)[:40])
def test_what_is_no_request_is_refused_in_the_form_of_the_api(event: object, door: EventDoor, log: Log) -> None:
    """A status, a code, the identifier of the invocation, one line in the log, and no failure of the function."""
    reply = door(event, CONTEXT)
    body = json.loads(reply["body"])

    assert (reply["statusCode"], reply["headers"]) == (400, {"content-type": PROBLEM_MEDIA_TYPE})
    assert (body["status"], body["code"], body["id_requete"]) == (400, NOT_A_REQUEST, "from-lambda")
    assert log.lines == [{"request_id": "from-lambda", "status": 400, "codes": [NOT_A_REQUEST]}]


@pytest.mark.parametrize("event", WARMERS, ids=lambda event: json.dumps(event)[:40])
def test_a_warmer_learns_which_version_is_warm(event: dict[str, object], door: EventDoor, log: Log) -> None:
    """It gets the answer of `GET /health`, and stands in no count of refusals."""
    reply = door(event, CONTEXT)

    assert (reply["statusCode"], json.loads(reply["body"])["version"]) == (200, __version__)
    assert log.lines == []


@pytest.mark.parametrize("build", [rest_event, http_event])
@pytest.mark.parametrize(
    "nulls",
    [
        {"headers": None, "multiValueHeaders": None},
        {"queryStringParameters": None, "multiValueQueryStringParameters": None, "rawQueryString": None},
        {"pathParameters": None, "stageVariables": None, "cookies": None, "body": None},
    ],
    ids=["headers", "query", "others"],
)
def test_a_request_may_have_null_where_there_is_nothing(build: Any, nulls: dict[str, None], door: EventDoor) -> None:  # noqa: ANN401
    """The test button of the console and some gateways write null for what is absent."""
    event = build(HttpRequest("GET", "/health", None))
    event["requestContext"]["stage"] = "test-invoke-stage"

    assert door(event | nulls, CONTEXT)["statusCode"] == 200


ODD: list[object] = [None, "", "é", "\ud800", 5, -1, True, [], [None], {}, {"a": None}, {"a": [1]}, float("nan")]


def places(event: dict[str, Any], before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield where something stands in an event, however deep."""
    for name, value in event.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from places(value, (*before, name))


def with_odd(event: dict[str, Any], place: tuple[str, ...], odd: object) -> dict[str, Any]:
    """Return the event with something odd in one place."""
    name, *rest = place
    return event | {name: with_odd(event[name], tuple(rest), odd) if rest else odd}


@pytest.mark.parametrize("build", [rest_event, http_event])
def test_no_odd_value_anywhere_in_an_event_fails_the_function(build: Any, door: EventDoor) -> None:  # noqa: ANN401
    """Whatever stands in whichever place: no exception, no 5xx, and a reply that Lambda can write as JSON."""
    event = build(HttpRequest.post("/v1/score", {"AMT_CREDIT": 1}))
    replies = [door(with_odd(event, place, odd), CONTEXT) for place in places(event) for odd in ODD]

    assert len(replies) > 300
    assert {reply["statusCode"] for reply in replies} <= {400, 404, 405, 415, 422}
    assert all(json.dumps(reply, allow_nan=False).encode() for reply in replies)


@pytest.mark.parametrize("build", [rest_event, http_event])
def test_a_body_that_only_claims_to_be_base64_is_refused(build: Any, door: EventDoor) -> None:  # noqa: ANN401
    """Whatever stands in it, the answer is a refusal."""
    event = build(HttpRequest.post("/v1/score", {})) | {"body": "é#", "isBase64Encoded": True}

    assert door(event, CONTEXT)["statusCode"] in {400, 415, 422}
