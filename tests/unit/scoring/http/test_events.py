"""Events that are no request: a warmer learns the version, everything else is refused, nothing fails."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from delivery.events import HttpRequest, http_event, rest_event
from scoring import __version__
from scoring.http.events import NOT_A_REQUEST, EventDoor
from scoring.http.problems import PROBLEM_MEDIA_TYPE

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
    {"version": "2.0", "requestContext": {"http": {"method": "POST"}}, "headers": []},
]
WARMERS = [{"warmer": True}, {"source": "aws.events", "detail-type": "Scheduled Event"}, {"source": "aws.scheduler"}]


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


@pytest.mark.parametrize("build", [rest_event, http_event])
def test_a_body_that_only_claims_to_be_base64_is_refused(build: Any, door: EventDoor) -> None:  # noqa: ANN401
    """Whatever stands in it, the answer is a refusal."""
    event = build(HttpRequest.post("/v1/score", {})) | {"body": "é#", "isBase64Encoded": True}

    assert door(event, CONTEXT)["statusCode"] in {400, 415, 422}
