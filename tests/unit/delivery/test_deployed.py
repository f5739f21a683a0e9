"""The look at a deployed stack, on a mocked AWS as far as it goes, and on answers as AWS gives them beyond."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from delivery.commands.look import report
from delivery.deployed import CHECKS, Deployment, look
from delivery.mocked_aws import supported_template
from delivery.paths import BUNDLE
from delivery.template import deployed_template, environments

if TYPE_CHECKING:
    from delivery.events import HttpRequest
    from delivery.stack import Stack


class Gateway:
    """Answers as API Gateway and the function do to the few requests that have nothing to do with the model."""

    def __init__(self, *, key: bool) -> None:
        self._key = key

    def __call__(self, request: HttpRequest) -> tuple[int, dict[str, Any]]:
        """Answer by path, and refuse without a key."""
        if request.path == "/health":
            return 200, {"statut": "ok"}
        if not self._key:
            return 403, {"code": "SCR403"}
        if request.path == "/nowhere":
            return 404, {"code": "SCR404"}
        if len(request.body or "") > 6_000_000:
            return 413, {}
        return 200, {"meta": {"id_requete": request.headers.get("Idempotency-Key", "r")}}


@pytest.fixture
def deployment(stack: Stack) -> Deployment:
    """Return the stack of the mocked AWS behind a gateway."""
    return Deployment(stack, Gateway(key=True), Gateway(key=False), BUNDLE)


def wrong_of(deployment: Deployment, what: str) -> str:
    """Return what is wrong of one check."""
    (wrong,) = (seen.wrong for seen in look(deployment) if seen.check.what == what)
    return wrong


def test_every_resource_that_no_tool_makes_has_a_line() -> None:
    """Whatever moto leaves out of the template is looked at on the first real deployment, by name."""
    _, lost = supported_template(deployed_template(environments()["staging"]))
    named = {name for check in CHECKS for name in check.resources}
    unnamed = [
        name
        for name, kind in lost.items()
        if name not in named
        and kind != "AWS::CloudWatch::Alarm"
        and not (kind == "AWS::ApiGateway::Deployment" and name.startswith("ScoringApiDeployment"))
    ]

    assert lost
    assert unnamed == []
    assert {"*Alarm", "ScoringApiDeployment"} <= named


def test_look_tells_what_the_mocked_aws_has_and_what_it_has_not(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    """What moto makes of the template passes; what it does not make fails in one line each, and the others go on."""
    status = report(deployment)
    lines = capsys.readouterr().out.splitlines()
    passed = {line.partition(": ")[2] for line in lines if line.startswith("pass ")}

    assert status == 1
    assert len(lines) == len(CHECKS) + 1
    assert {
        "a caller without a key is refused in the API's form",
        "anybody may ask whether it answers",
        "an unknown address is refused in the API's form",
        "a body that Lambda does not take is a 413",
        "a request that comes again is given its answer",
        "no variable holds a secret",
        "turns every year",
    } <= passed
    assert any(line.startswith("fail AuditStream, ") for line in lines)
    assert any(line.startswith("fail the stack: is protected from deletion") for line in lines)
    assert lines[-1] == f"look: {len(CHECKS) - len(passed)} failed"


def test_look_finds_what_was_switched_off(deployment: Deployment) -> None:
    """A key whose rotation somebody stopped, and answers that are no longer forgotten, are told."""
    stack = deployment.stack
    table = deployment.resource("AnswerTable")
    forgotten = []
    for enabled in (True, False):  # moto's CloudFormation leaves the TTL of the template out
        specification = {"Enabled": enabled, "AttributeName": "expires_at"}
        stack.call("dynamodb", "update_time_to_live", TableName=table, TimeToLiveSpecification=specification)
        forgotten.append(wrong_of(deployment, "forgets"))
    stack.call("kms", "disable_key_rotation", KeyId=deployment.resource("DataKey"))

    assert forgotten == ["", "what it keeps is never forgotten"]
    assert wrong_of(deployment, "turns every year") == "it does not turn"


def test_look_finds_a_gateway_that_lets_everybody_in(deployment: Deployment) -> None:
    """Without its key requirement the API would answer anybody."""
    open_door = Deployment(deployment.stack, deployment.ask, deployment.ask, BUNDLE)

    assert wrong_of(open_door, "a caller without a key is refused in the API's form") == "status 200, code None"


def test_look_reads_the_log_of_the_last_day(deployment: Deployment) -> None:
    """A key that could not be read last week has been mended since; one that cannot be read today is told."""
    stack, now = deployment.stack, datetime.now(UTC)
    told = []
    for age in (timedelta(days=3), timedelta(hours=1)):
        moment = int((now - age).timestamp() * 1000)
        group, stream = stack.output("LogGroup"), f"instance-{age.days}"
        stack.call("logs", "create_log_stream", logGroupName=group, logStreamName=stream)
        events = [{"timestamp": moment, "message": '{"code": "SCR506"}'}]
        stack.call("logs", "put_log_events", logGroupName=group, logStreamName=stream, logEvents=events)
        told.append(wrong_of(deployment, "the functions read it"))

    assert told[0] == ""
    assert told[1].startswith("SCR506 in LogGroup")
