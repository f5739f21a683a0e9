"""How a version comes into service and goes out of it again, on the template after SAM's transform."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from delivery.events import STAGE
from delivery.template import deployed_template, environments
from scoring.http.reply_schemas import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    type Resources = dict[str, dict[str, Any]]
    type OfType = Callable[[str], Resources]

GATEWAY_WAITS_MS = 29_000
LONGEST_DESCRIPTION = 256
ROLLS_BACK = {"OwnErrorsAlarm", "NotScoredAlarm", "VersionLatencyAlarm", "RefusalRateAlarm"}
ERRORS_OF = {"ScoringFunction": "VersionErrorsAlarm", "DossierFunction": "DossierErrorsAlarm"}
every_function = pytest.mark.parametrize("function", ERRORS_OF)


def version_of(template: dict[str, Any], function: str) -> str:
    """Return the logical name of a function's published version: another name is another version."""
    (name,) = (
        name
        for name, one in template["Resources"].items()
        if one["Type"] == "AWS::Lambda::Version" and name.startswith(function)
    )
    return str(name)


@every_function
def test_another_package_is_another_version(function: str) -> None:
    """The bundle is in the package, and a package is named after its content: a new model is a new version."""
    first, again, other = (
        version_of(deployed_template(package=f"s3://bucket/{content_hash}"), function)
        for content_hash in ("aa", "aa", "bb")
    )

    assert first == again
    assert first != other


@every_function
def test_another_setting_is_another_version(
    deployed: dict[str, Any], of_type: OfType, resources: Resources, function: str
) -> None:
    """A parameter that the function reads is named in the version's description: another value is another version.

    SAM's own rule sees `Ref`, not its value. CloudFormation replaces a version whose description changes; the one
    before stays, as the way back.
    """
    version = resources[version_of(deployed, function)]
    properties = of_type("AWS::Lambda::Function")[function]
    # Concurrency is the function's own, whichever version runs.
    read = set(re.findall(r'"Ref": "(\w+)"', json.dumps(properties))) - resources.keys() - {"ConcurrentExecutions"}

    assert read
    assert read == set(re.findall(r"\${(\w+)}", version["Properties"]["Description"]["Fn::Sub"]))
    assert (version["DeletionPolicy"], version["UpdateReplacePolicy"]) == ("Retain", "Retain")


@every_function
def test_description_of_a_version_fits_with_every_setting_given(deployed: dict[str, Any], function: str) -> None:
    """Lambda takes 256 characters, and would refuse the deployment of a longer one."""
    longest = {
        "LogLevel": "WARNING", "DecisionThreshold": "0.08321724429561905", "FalseNegativeCost": "10.25",
        "FalsePositiveCost": "1.25", "AuditShare": "0.125", "DeprecatedOn": "2027-01-01", "SunsetOn": "2027-08-01",
        "PolicySeal": 12 * "f", "ShadowShare": "0.125", "BundleSha256": 64 * "f",
    }  # fmt: skip
    version = deployed["Resources"][version_of(deployed, function)]
    template = version["Properties"]["Description"]["Fn::Sub"]
    values = {name: str(one["Default"]) for name, one in deployed["Parameters"].items()} | longest
    said = re.sub(r"\${(\w+)}", lambda found: values[found[1]], template)

    assert longest.keys() <= set(re.findall(r"\${(\w+)}", template))
    assert len(said) <= LONGEST_DESCRIPTION


@every_function
def test_alias_moves_as_a_canary_and_moves_back_on_an_alarm(
    of_type: OfType, resources: Resources, function: str
) -> None:
    """One request in ten sees a new version first; an alarm, or a hand, brings the old one back."""
    group = of_type("AWS::CodeDeploy::DeploymentGroup")[f"{function}DeploymentGroup"]
    alias = resources[f"{function}Aliaslive"]
    shift = group["DeploymentConfigName"]["Fn::Sub"]

    assert alias["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]["DeploymentGroupName"]["Ref"] in resources
    assert shift == [
        "CodeDeployDefault.Lambda${ConfigName}",
        {"ConfigName": environments()["production"]["TrafficShift"]},
    ]
    assert shift[1]["ConfigName"].startswith("Canary10Percent")
    assert group["AutoRollbackConfiguration"]["Enabled"] is True
    assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]


@every_function
def test_errors_latency_and_unusual_refusals_roll_back(of_type: OfType, function: str) -> None:
    """Those that stop a deployment are on, and exist: failed invocations, own 5xx, partners turned away, slowness."""
    group = of_type("AWS::CodeDeploy::DeploymentGroup")[f"{function}DeploymentGroup"]
    watched = {alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]}

    assert group["AlarmConfiguration"]["Enabled"] is True
    assert watched == ROLLS_BACK | {ERRORS_OF[function]}
    assert watched <= of_type("AWS::CloudWatch::Alarm").keys()


@every_function
def test_only_alarms_of_the_new_version_end_a_deployment(
    of_type: OfType, resources: Resources, deployed: dict[str, Any], function: str
) -> None:
    """Each reads the versions that this deployment publishes, and is another alarm with each: none is red before."""
    group = of_type("AWS::CodeDeploy::DeploymentGroup")[f"{function}DeploymentGroup"]
    version = version_of(deployed, function)
    for name in (alarm["Name"]["Ref"] for alarm in group["AlarmConfiguration"]["Alarms"]):
        alarm = resources[name]["Properties"]
        read = [query["MetricStat"]["Metric"] for query in alarm.get("Metrics", []) if "MetricStat" in query] or [alarm]
        seen = [one for metric in read for one in metric["Dimensions"] if one["Name"] in {"Version", "ExecutedVersion"}]

        assert {"Fn::GetAtt": [version, "Version"]} in [one["Value"] for one in seen]
        assert f"${{{version}.Version}}" in alarm["AlarmName"]["Fn::Sub"]


def test_deployment_may_read_its_alarms(of_type: OfType) -> None:
    """CodeDeploy stops a deployment whose alarms it cannot read: their names are those that its role names."""
    allowed = json.dumps(of_type("AWS::IAM::Role")["DeploymentRole"]["Policies"])
    names = [alarm["AlarmName"]["Fn::Sub"] for alarm in of_type("AWS::CloudWatch::Alarm").values()]

    assert "alarm:${AWS::StackName}-*" in allowed
    assert all(name.startswith("${AWS::StackName}-") for name in names)


def test_every_alarm_is_told_and_quiet_when_nobody_asks(of_type: OfType) -> None:
    """Somebody learns that it is wrong and that it is right again; a night without requests is no alarm."""
    for alarm in of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"] == alarm["OKActions"] == [{"Ref": "AlarmTopic"}]
        assert alarm["TreatMissingData"] == "notBreaching"
        assert alarm["AlarmDescription"]


@every_function
def test_errors_are_counted_on_the_new_version_alone(of_type: OfType, function: str) -> None:
    """Nine requests in ten are the old version's during a canary: its successes do not hide the new one's failures."""
    dimensions = of_type("AWS::CloudWatch::Alarm")[ERRORS_OF[function]]["Dimensions"]
    (version,) = (one["Value"] for one in dimensions if one["Name"] == "ExecutedVersion")

    assert version["Fn::GetAtt"][0].startswith(f"{function}Version")


def test_dossiers_have_a_function_of_their_own(of_type: OfType) -> None:
    """Their addresses lead to the second function, every other to the first; both have the same settings."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    calls = {
        path: {json.dumps(operation["x-amazon-apigateway-integration"]["uri"]) for operation in methods.values()}
        for path, methods in api["Body"]["paths"].items()
    }
    scoring, dossier = (of_type("AWS::Lambda::Function")[name]["Environment"] for name in ERRORS_OF)

    assert {path for path, (uri,) in calls.items() if "DossierFunctionAlias" in uri} == {
        "/v1/dossier",
        "/v1/dossier/{proxy+}",
    }
    assert {path for path, (uri,) in calls.items() if "ScoringFunctionAlias" in uri} == {"/{proxy+}", "/health"}
    assert scoring == dossier


def test_function_gives_up_before_the_gateway_does(deployed: dict[str, Any], of_type: OfType) -> None:
    """The function's own time limit comes first, at its largest too: its log then says what took so long."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    waits = {
        operation["x-amazon-apigateway-integration"]["timeoutInMillis"]
        for methods in api["Body"]["paths"].values()
        for operation in methods.values()
    }

    assert 1000 * deployed["Parameters"]["TimeoutSeconds"]["MaxValue"] < min(waits)
    assert max(waits) <= GATEWAY_WAITS_MS


def test_stage_waits_for_the_role_of_its_access_log(of_type: OfType) -> None:
    """API Gateway refuses a stage with an access log in a region that has no role for it yet."""
    (stage,) = of_type("AWS::ApiGateway::Stage").values()

    assert {"Ref": "GatewayLogging"} in stage["Variables"]["journaux"]["Fn::If"]


def test_gateway_refuses_in_the_form_of_the_application(of_type: OfType) -> None:
    """A client reads one form of error (RFC 9457), whoever refuses: with the status that it is sent with."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    answers = api["Body"]["x-amazon-apigateway-gateway-responses"]

    assert {"INVALID_API_KEY", "THROTTLED", "QUOTA_EXCEEDED", "REQUEST_TOO_LARGE", "DEFAULT_5XX"} <= answers.keys()
    for answer in answers.values():
        problem = Problem.model_validate_json(answer["responseTemplates"]["application/json"])

        assert str(problem.status) == answer["statusCode"]
        assert problem.id_requete == "$context.requestId"
        assert answer["responseParameters"] == {"gatewayresponse.header.Content-Type": "'application/problem+json'"}


def test_dashboard_shows_every_alarm(of_type: OfType) -> None:
    """The page that is opened first is JSON that CloudWatch reads, and leaves no alarm out."""
    (dashboard,) = of_type("AWS::CloudWatch::Dashboard").values()
    text = dashboard["DashboardBody"]["Fn::Sub"]
    shown = json.loads(text.replace("${RefusalRateLow}", "0").replace("${RefusalRateHigh}", "1"))["widgets"]
    (alarms,) = (widget["properties"]["alarms"] for widget in shown if widget["type"] == "alarm")

    assert set(alarms) == {f"${{{name}.Arn}}" for name in of_type("AWS::CloudWatch::Alarm")}


@pytest.mark.parametrize("name", ["dev", "staging", "production"])
def test_environment_gives_parameters_that_exist(deployed: dict[str, Any], name: str) -> None:
    """Each environment names itself, and gives values that the template allows."""
    given = environments()[name]

    assert given["Environment"] == name
    for parameter, value in given.items():
        rule = deployed["Parameters"][parameter]
        assert value in map(str, rule.get("AllowedValues", [value]))
        if rule["Type"] == "Number":
            assert rule.get("MinValue", 0) <= float(value) <= rule.get("MaxValue", float("inf"))


def test_sample_events_come_through_a_stage_that_exists(deployed: dict[str, Any]) -> None:
    """The sample events' stage is one of the environments."""
    assert deployed["Parameters"]["Environment"]["AllowedValues"].count(STAGE) == 1


def test_outputs_lead_to_everything_an_operator_looks_for(deployed: dict[str, Any]) -> None:
    """After a deployment: where to call, with which key, which version, where the logs, records and alarms are."""
    assert deployed["Outputs"].keys() == {
        "ApiUrl",
        "ApiKeyId",
        "UsagePlanId",
        "FunctionVersion",
        "FunctionAlias",
        "LogGroup",
        "DossierFunctionVersion",
        "DossierFunctionAlias",
        "DossierLogGroup",
        "AccessLogGroup",
        "AuditBucketName",
        "AlarmTopicArn",
        "DashboardUrl",
    }
