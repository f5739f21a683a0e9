"""What no tool here can show of the stack, looked at where it is deployed: one sentence a resource, passed or failed.

The template's tests, moto, the emulator and ``sam local`` cover what they can (docs/deployment.md); the rest of AWS is
asked here, by calls that read, and by requests such as a partner's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from delivery.errors import DeliveryError
from delivery.events import HttpRequest
from delivery.paths import FUNCTIONS
from delivery.smoke import OK, differences
from delivery.stack import ALIAS
from delivery.template import environments, read_template
from scoring.bundle import Bundle
from scoring.log_lines import HASH_KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from delivery.smoke import Ask
    from delivery.stack import Stack

    type Look = Callable[["Deployment"], str]

FORBIDDEN, NOT_FOUND, TOO_LARGE = 403, 404, 413
# More than Lambda takes, and less than API Gateway does.
TOO_LONG_BYTES = 7_000_000
# What stood in the logs before says nothing of this deployment.
LOOKED_BACK = timedelta(days=1)
# Outputs of the stack that name the groups of the two functions.
LOG_GROUPS = ("LogGroup", "DossierLogGroup")


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployed stack, asked with a partner's key and without any."""

    stack: Stack
    ask: Ask
    ask_without_key: Ask
    bundle: Path

    def resource(self, name: str) -> str:
        """Return the name that a resource of the template has on AWS."""
        found = self.stack.call(
            "cloudformation", "describe_stack_resource", StackName=self.stack.name, LogicalResourceId=name
        )
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def live(self, function: str) -> dict[str, Any]:
        """Return the configuration of what the alias of a function serves."""
        name = self.stack.name_of(function)
        return self.stack.call("lambda", "get_function_configuration", FunctionName=name, Qualifier=ALIAS)


@dataclass(frozen=True, slots=True)
class Check:
    """One line.

    Attributes
    ----------
    resources
        Names in the template of what it is about.
    what
        What should be so.
    look
        Returns what is wrong; nothing where nothing is.
    """

    resources: tuple[str, ...]
    what: str
    look: Look


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a check; it passed where nothing is wrong."""

    check: Check
    wrong: str

    def line(self) -> str:
        """Return it as a line for a terminal."""
        said = f"{', '.join(self.check.resources)}: {self.check.what}"
        return f"fail {said} ({self.wrong})" if self.wrong else f"pass {said}"


def look(deployment: Deployment) -> Iterator[Seen]:
    """Yield the checks as they are made; one that AWS does not answer has failed, and the others go on."""
    for check in CHECKS:
        try:
            wrong = check.look(deployment)
        except DeliveryError as error:
            wrong = str(error)
        except (KeyError, IndexError, ValueError) as error:  # an answer of another shape
            wrong = f"AWS answers otherwise than is known: {error!r}"
        yield Seen(check, " ".join(wrong.split()))


def _unless(holds: object, wrong: str) -> str:
    return "" if holds else wrong


def _right_answers(at: Deployment) -> str:
    return "; ".join(differences(at.ask, at.bundle)[:3])


def _needs_a_key(at: Deployment) -> str:
    status, body = at.ask_without_key(HttpRequest("GET", "/v1/model"))
    return _unless((status, body.get("code")) == (FORBIDDEN, "SCR403"), f"status {status}, code {body.get('code')}")


def _health_needs_none(at: Deployment) -> str:
    status, body = at.ask_without_key(HttpRequest("GET", "/health"))
    return _unless((status, body.get("statut")) == (OK, "ok"), f"status {status}")


def _unknown_address(at: Deployment) -> str:
    status, body = at.ask(HttpRequest("GET", "/nowhere"))
    return _unless((status, body.get("code")) == (NOT_FOUND, "SCR404"), f"status {status}, code {body.get('code')}")


def _too_large(at: Deployment) -> str:
    status, _ = at.ask(HttpRequest.post("/v1/score", {"x": "x" * TOO_LONG_BYTES}))
    return _unless(status == TOO_LARGE, f"status {status}")


def _answer_is_kept(at: Deployment) -> str:
    request = HttpRequest.post("/v1/score", Bundle.open(at.bundle).golden[0]["application"])
    live = at.stack.live()
    key = {"Idempotency-Key": f"look-{live.scoring}-{live.dossier}"}
    keyed = HttpRequest(request.method, request.path, request.body, {**request.headers, **key})
    first, again = (at.ask(keyed)[1].get("meta", {}).get("id_requete") for _ in range(2))
    return _unless(first is not None and first == again, "a request that came again was answered anew")


def _snapshots(at: Deployment) -> str:
    states = {one: at.live(one).get("SnapStart", {}).get("OptimizationStatus") for one in FUNCTIONS}
    return "; ".join(f"{one}: {state}" for one, state in states.items() if state != "On")


def _no_secret_variable(at: Deployment) -> str:
    shown = [one for one in FUNCTIONS if HASH_KEY in at.live(one).get("Environment", {}).get("Variables", {})]
    return _unless(not shown, f"{', '.join(shown)} has the key in a variable")


def _no_event_fails(at: Deployment) -> str:
    failed = []
    for function in FUNCTIONS:
        for event in (b"{}", b'{"warmer": true}', b"null"):
            name = at.stack.name_of(function)
            answer = at.stack.call("lambda", "invoke", FunctionName=name, Qualifier=ALIAS, Payload=event)
            if answer.get("FunctionError"):
                failed.append(f"{function} fails on {event.decode()}")
    return "; ".join(failed)


def _key_is_read(at: Deployment) -> str:
    found = [output for output in LOG_GROUPS if _lines(at, output, '"SCR506"')]
    return _unless(not found, f"SCR506 in {', '.join(found)}: the key of the hashes cannot be read")


def _lines(at: Deployment, output: str, pattern: str) -> list[dict[str, Any]]:
    """Return a line of the last day that the pattern finds in a log group, named by its output."""
    asked = {
        "logGroupName": at.stack.output(output),
        "filterPattern": pattern,
        "startTime": int((datetime.now(UTC) - LOOKED_BACK).timestamp() * 1000),
    }
    while True:  # a page can be empty and have a next one
        found = at.stack.call("logs", "filter_log_events", **asked)
        if found["events"] or not found.get("nextToken"):
            return list(found["events"])
        asked["nextToken"] = found["nextToken"]


def _canary_has_alarms(at: Deployment) -> str:
    application = at.resource("ServerlessDeploymentApplication")
    for function in FUNCTIONS:
        group = at.stack.call(
            "codedeploy",
            "get_deployment_group",
            applicationName=application,
            deploymentGroupName=at.resource(f"{function}DeploymentGroup"),
        )["deploymentGroupInfo"]
        if not group.get("alarmConfiguration", {}).get("enabled"):
            return f"the canary of {function} looks at no alarm"
        if not group.get("autoRollbackConfiguration", {}).get("enabled"):
            return f"the canary of {function} does not come back"
    return ""


def _alarms_are_on(at: Deployment) -> str:
    meant = {name for name, one in read_template()["Resources"].items() if one["Type"] == "AWS::CloudWatch::Alarm"}
    found = at.stack.call("cloudwatch", "describe_alarms", AlarmNamePrefix=f"{at.stack.name}-", MaxRecords=100)
    there = found["MetricAlarms"]
    off = [one["AlarmName"] for one in there if not one["ActionsEnabled"] or not one["AlarmActions"]]
    red = [one["AlarmName"] for one in there if one["StateValue"] == "ALARM"]
    if len(there) < len(meant):
        return f"{len(there)} alarms of {len(meant)}"
    return _unless(not off, f"{', '.join(off)} tells nobody") or _unless(not red, f"{', '.join(red)} stands")


def _somebody_is_told(at: Deployment) -> str:
    if not at.stack.lasts:
        return ""
    topic = at.stack.output("AlarmTopicArn")
    arns = [one["SubscriptionArn"] for one in _subscriptions(at, topic)]
    return _unless([one for one in arns if one.startswith("arn:")], "nobody has confirmed the mail of the subscription")


def _subscriptions(at: Deployment, topic: str) -> list[dict[str, Any]]:
    return list(at.stack.call("sns", "list_subscriptions_by_topic", TopicArn=topic)["Subscriptions"])


def _records_flow(at: Deployment) -> str:
    stream = at.stack.call("firehose", "describe_delivery_stream", DeliveryStreamName=at.resource("AuditStream"))[
        "DeliveryStreamDescription"
    ]
    if stream["DeliveryStreamStatus"] != "ACTIVE":
        return f"the stream is {stream['DeliveryStreamStatus']}"
    bucket = at.stack.output("AuditBucketName")
    if at.stack.call("s3", "list_objects_v2", Bucket=bucket, Prefix="erreurs/", MaxKeys=1).get("Contents"):
        return "there are records that could not be delivered, under erreurs/"
    found = at.stack.call("s3", "list_objects_v2", Bucket=bucket, Prefix="audit/", MaxKeys=1).get("Contents")
    return _unless(found, "nothing has come to audit/ yet: look again six minutes after the first requests")


def _lines_are_handed_on(at: Deployment) -> str:
    without = [
        output
        for output in LOG_GROUPS
        if not at.stack.call("logs", "describe_subscription_filters", logGroupName=at.stack.output(output))[
            "subscriptionFilters"
        ]
    ]
    return _unless(not without, f"{', '.join(without)} hands nothing on")


def _calls_are_logged(at: Deployment) -> str:
    return _unless(_lines(at, "AccessLogGroup", '"id_requete"'), "no call has been logged yet: look again in a minute")


def _forbidden_are_counted(at: Deployment) -> str:
    group = at.stack.output("AccessLogGroup")
    filters = at.stack.call("logs", "describe_metric_filters", logGroupName=group)["metricFilters"]
    return _unless(filters, "refusals with 403 are not counted")


def _gateway_may_log(at: Deployment) -> str:
    return _unless(at.stack.call("apigateway", "get_account").get("cloudwatchRoleArn"), "the region has no role for it")


def _partner_is_limited(at: Deployment) -> str:
    plan = at.stack.call("apigateway", "get_usage_plan", usagePlanId=at.stack.output("UsagePlanId"))
    meant = environments()[at.stack.environment].get("PartnerRequestsPerDay")
    limit = str(plan.get("quota", {}).get("limit", ""))
    return _unless(limit and meant in {None, limit} and plan.get("throttle"), f"quota {limit or 'none'}, meant {meant}")


def _refuses_in_the_clear(at: Deployment, output: str) -> str:
    policy = at.stack.call("s3", "get_bucket_policy", Bucket=at.resource(output))["Policy"]
    return _unless(re.search(r'"aws:SecureTransport"\s*:\s*"false"', policy), "its policy does not ask for TLS")


def _topic_takes_alarms(at: Deployment) -> str:
    topic = at.stack.call("sns", "get_topic_attributes", TopicArn=at.stack.output("AlarmTopicArn"))["Attributes"]
    said = topic.get("Policy", "")
    return _unless("cloudwatch.amazonaws.com" in said and topic.get("KmsMasterKeyId"), "alarms cannot publish to it")


def _key_turns(at: Deployment) -> str:
    key = at.resource("DataKey")
    return _unless(at.stack.call("kms", "get_key_rotation_status", KeyId=key)["KeyRotationEnabled"], "it does not turn")


def _answers_are_forgotten(at: Deployment) -> str:
    table = at.resource("AnswerTable")
    ttl = at.stack.call("dynamodb", "describe_time_to_live", TableName=table)["TimeToLiveDescription"]
    return _unless(ttl["TimeToLiveStatus"] in {"ENABLED", "ENABLING"}, "what it keeps is never forgotten")


def _secret_is_there(at: Deployment) -> str:
    secret = at.stack.call("secretsmanager", "describe_secret", SecretId=at.resource("AuditHashKey"))
    return _unless(secret.get("KmsKeyId"), "it has no key of its own") or _unless(
        "DeletedDate" not in secret, "it is about to be deleted"
    )


def _is_protected(at: Deployment) -> str:
    (stack,) = at.stack.call("cloudformation", "describe_stacks", StackName=at.stack.name)["Stacks"]
    return _unless(stack.get("EnableTerminationProtection") or not at.stack.lasts, "make deploy protects it")


CHECKS = (
    Check(
        ("ScoringApi", "ScoringFunctionAliaslive", "DossierFunctionAliaslive"),
        "answer as the trained model did",
        _right_answers,
    ),
    Check(
        ("ScoringApiApiKey", "ScoringApiUsagePlanKey"),
        "a caller without a key is refused in the API's form",
        _needs_a_key,
    ),
    Check(("ScoringApiStage",), "anybody may ask whether it answers", _health_needs_none),
    Check(("ScoringApi",), "an unknown address is refused in the API's form", _unknown_address),
    Check(("ScoringApi",), "a body that Lambda does not take is a 413", _too_large),
    Check(("AnswerTable",), "a request that comes again is given its answer", _answer_is_kept),
    Check(("AnswerTable",), "forgets", _answers_are_forgotten),
    Check(("ScoringFunction", "DossierFunction"), "start from a snapshot", _snapshots),
    Check(("ScoringFunction", "DossierFunction"), "no event that is no request fails them", _no_event_fails),
    Check(("ScoringFunction", "DossierFunction"), "no variable holds a secret", _no_secret_variable),
    Check(("AuditHashKey",), "is there, encrypted", _secret_is_there),
    Check(("AuditHashKey", "ScoringRole", "DossierRole"), "the functions read it", _key_is_read),
    Check(
        ("ServerlessDeploymentApplication", "ScoringFunctionDeploymentGroup", "DossierFunctionDeploymentGroup"),
        "a canary looks at its alarms and comes back",
        _canary_has_alarms,
    ),
    Check(("AlarmTopic", "AlarmTopicPolicy"), "takes alarms, encrypted", _topic_takes_alarms),
    Check(("AlarmSubscription",), "somebody has confirmed it", _somebody_is_told),
    Check(("*Alarm",), "all are there, tell somebody, and none stands", _alarms_are_on),
    Check(("AuditFilter", "DossierAuditFilter"), "hand lines on", _lines_are_handed_on),
    Check(
        ("AuditStream", "AuditStreamLog", "AuditStreamRole", "AuditFilterRole"),
        "records arrive in the vault",
        _records_flow,
    ),
    Check(("AuditBucketPolicy",), "asks for TLS", lambda at: _refuses_in_the_clear(at, "AuditBucket")),
    Check(("AuditAccessBucketPolicy",), "asks for TLS", lambda at: _refuses_in_the_clear(at, "AuditAccessBucket")),
    Check(("GatewayLogging", "GatewayLoggingRole"), "API Gateway may write logs", _gateway_may_log),
    Check(("ScoringApiDeployment", "AccessLogGroup"), "calls are logged", _calls_are_logged),
    Check(("ForbiddenFilter",), "counts refusals with 403", _forbidden_are_counted),
    Check(("ScoringApiUsagePlan",), "has the quota that is meant", _partner_is_limited),
    Check(("DataKey",), "turns every year", _key_turns),
    Check(("the stack",), "is protected from deletion, but for dev", _is_protected),
)
