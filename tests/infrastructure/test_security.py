"""Each security property of what is deployed, on the template after SAM's transform."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from delivery.stack import JOURNAL
from delivery.template import environments

if TYPE_CHECKING:
    from collections.abc import Callable

    type Resources = dict[str, dict[str, Any]]
    type OfType = Callable[[str], Resources]
    type AsList = Callable[[object], list[Any]]
    type Statements = list[tuple[str, dict[str, Any]]]

KEY = {"Fn::GetAtt": ["DataKey", "Arn"]}
# AWS has nothing finer for these; the statement's Sid and a comment in the template say why.
WILDCARD_RESOURCES = {("GatewayLoggingRole", "AnyLogGroup"), ("ScoringRole", "AnyTrace"), ("DossierRole", "AnyTrace")}
SIX_MONTHS = 180


def test_no_bucket_is_public(of_type: OfType, statements: Statements) -> None:
    """Every bucket blocks public access in all four ways, and no statement lets anybody in."""
    for bucket in of_type("AWS::S3::Bucket").values():
        assert bucket["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        }
        assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert [name for name, one in statements if one["Effect"] == "Allow" and one.get("Principal") == "*"] == []


def test_no_action_is_a_wildcard(grants: Statements, as_list: AsList) -> None:
    """What a role may do is written out, action by action."""
    assert [(name, action) for name, one in grants for action in as_list(one["Action"]) if "*" in action] == []


def test_every_grant_names_what_it_allows(grants: Statements) -> None:
    """Nothing is granted by exception: what is not named stays forbidden."""
    assert [name for name, one in grants if {"NotAction", "NotResource", "NotPrincipal"} & one.keys()] == []


def test_wildcard_resources_are_named_with_their_reason(grants: Statements, as_list: AsList) -> None:
    """A grant on everything stands only where AWS has nothing finer; in a key's policy, `*` is that key."""
    found = {
        (name, one.get("Sid")) for name, one in grants if "*" in as_list(one.get("Resource", [])) and name != "DataKey"
    }

    assert found == WILDCARD_RESOURCES


def test_no_role_has_a_policy_that_aws_manages(of_type: OfType) -> None:
    """AWS widens its managed policies on its own; all of ours are written in the template."""
    assert [name for name, role in of_type("AWS::IAM::Role").items() if "ManagedPolicyArns" in role] == []


def test_every_role_is_assumed_by_one_service(of_type: OfType) -> None:
    """No account, no user and no second service can take a role."""
    services = {
        name: [statement["Principal"] for statement in role["AssumeRolePolicyDocument"]["Statement"]]
        for name, role in of_type("AWS::IAM::Role").items()
    }

    assert services == {
        "GatewayLoggingRole": [{"Service": "apigateway.amazonaws.com"}],
        "ScoringRole": [{"Service": "lambda.amazonaws.com"}],
        "DossierRole": [{"Service": "lambda.amazonaws.com"}],
        "DeploymentRole": [{"Service": "codedeploy.amazonaws.com"}],
        "AuditFilterRole": [{"Service": "logs.amazonaws.com"}],
        "AuditStreamRole": [{"Service": "firehose.amazonaws.com"}],
    }


@pytest.mark.parametrize("name", ["ScoringRole", "DossierRole"])
def test_function_may_only_log_trace_read_its_settings_and_keep_answers(
    of_type: OfType, as_list: AsList, name: str
) -> None:
    """Code that an attacker took over finds no other service to call: not even the bucket of the records."""
    role = of_type("AWS::IAM::Role")[name]
    actions = {
        action
        for policy in role["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
        for action in as_list(statement["Action"])
    }

    assert actions == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
        "secretsmanager:GetSecretValue",
        "kms:Decrypt",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
    }


def test_kept_answers_are_encrypted_and_forgotten(of_type: OfType, grants: Statements, as_list: AsList) -> None:
    """The table has the stack's own key and a TTL; the functions reach it alone, and encrypt through it alone."""
    (table,) = of_type("AWS::DynamoDB::Table").values()
    named = [
        one["Resource"] for _, one in grants if any(action.startswith("dynamodb:") for action in as_list(one["Action"]))
    ]
    encrypting = [one for name, one in grants if name != "DataKey" and "kms:Encrypt" in as_list(one["Action"])]

    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    assert table["TimeToLiveSpecification"]["Enabled"]
    assert named == [{"Fn::GetAtt": ["AnswerTable", "Arn"]}] * 2
    assert [one["Condition"]["StringEquals"].keys() for one in encrypting] == [{"kms:ViaService"}] * 2


def test_only_the_gateway_invokes_the_function(of_type: OfType, resources: Resources) -> None:
    """The function has no address of its own, and its alias answers API Gateway alone, for this API alone."""
    for permission in of_type("AWS::Lambda::Permission").values():
        assert permission["Principal"] == "apigateway.amazonaws.com"
        assert permission["SourceArn"]["Fn::Sub"][1]["__ApiId__"] == {"Ref": "ScoringApi"}
    assert [name for name, one in resources.items() if one["Type"] == "AWS::Lambda::Url"] == []


def test_logs_are_encrypted(of_type: OfType) -> None:
    """No log group is written without the stack's own key."""
    assert [name for name, group in of_type("AWS::Logs::LogGroup").items() if group.get("KmsKeyId") != KEY] == []


def test_logs_are_kept_for_a_set_time(of_type: OfType, deployed: dict[str, Any]) -> None:
    """No log is kept for ever, and none for less than the six months that the EU AI Act asks."""
    groups = of_type("AWS::Logs::LogGroup").values()
    retention = deployed["Parameters"]["LogRetentionDays"]

    assert [group["RetentionInDays"] for group in groups] == [{"Ref": "LogRetentionDays"}] * len(groups)
    assert min(retention["AllowedValues"]) >= SIX_MONTHS


def test_audit_records_are_encrypted_on_their_way_and_where_they_lie(of_type: OfType) -> None:
    """The stream, what it delivers and the bucket have the stack's own key."""
    (stream,) = of_type("AWS::KinesisFirehose::DeliveryStream").values()
    encryption = of_type("AWS::S3::Bucket")["AuditBucket"]["BucketEncryption"]
    (rule,) = encryption["ServerSideEncryptionConfiguration"]
    delivered = stream["ExtendedS3DestinationConfiguration"]["EncryptionConfiguration"]

    assert stream["DeliveryStreamEncryptionConfigurationInput"]["KeyARN"] == KEY
    assert delivered == {"KMSEncryptionConfig": {"AWSKMSKeyARN": KEY}}
    assert rule["ServerSideEncryptionByDefault"] == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}


def test_every_bucket_is_encrypted(of_type: OfType) -> None:
    """No object is stored in the clear; S3's own access logs admit S3's own key only."""
    algorithms = {
        name: bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]["ServerSideEncryptionByDefault"]
        for name, bucket in of_type("AWS::S3::Bucket").items()
    }

    assert {name: one["SSEAlgorithm"] for name, one in algorithms.items()} == {
        "AuditBucket": "aws:kms",
        "AuditAccessBucket": "AES256",
    }


def test_every_bucket_forgets(of_type: OfType) -> None:
    """Records, their older versions and halves of uploads go at a set age; removing the stack removes none of them."""
    for bucket in of_type("AWS::S3::Bucket").values():
        rules = bucket["LifecycleConfiguration"]["Rules"]
        (replaced,) = (one for one in rules if "NoncurrentVersionExpiration" in one)

        assert {one["Status"] for one in rules} == {"Enabled"}
        assert {"Ref": "AuditRetentionDays"} in [one.get("ExpirationInDays") for one in rules]
        assert replaced["NoncurrentVersionExpiration"]["NoncurrentDays"] <= SIX_MONTHS
        assert replaced["AbortIncompleteMultipartUpload"]["DaysAfterInitiation"] <= SIX_MONTHS


def test_no_rule_deletes_the_journal_of_deployments(of_type: OfType) -> None:
    """What may be gone back to, and who moved what when, is under none of the prefixes that age out."""
    rules = of_type("AWS::S3::Bucket")["AuditBucket"]["LifecycleConfiguration"]["Rules"]
    ageing = [one["Prefix"] for one in rules if "ExpirationInDays" in one]

    assert "audit/" in ageing
    assert [prefix for prefix in ageing if not prefix or JOURNAL.startswith(prefix) or prefix.startswith(JOURNAL)] == []


def test_production_needs_somebody_to_call(deployed: dict[str, Any]) -> None:
    """CloudFormation refuses production without an address for its alarms."""
    rule = deployed["Rules"]["ProductionCallsSomebody"]

    assert rule["RuleCondition"] == {"Fn::Equals": [{"Ref": "Environment"}, "production"]}
    assert rule["Assertions"][0]["Assert"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "AlarmEmail"}, ""]}]}


def test_every_role_can_be_bounded(of_type: OfType) -> None:
    """An account that bounds roles bounds those of this stack as well."""
    assert {json.dumps(role.get("PermissionsBoundary")) for role in of_type("AWS::IAM::Role").values()} == {
        json.dumps({"Fn::If": ["RolesAreBounded", {"Ref": "PermissionsBoundary"}, {"Ref": "AWS::NoValue"}]})
    }


def test_no_secret_stands_in_a_variable(of_type: OfType, grants: Statements) -> None:
    """A variable is kept in SnapStart's snapshots and outlives a turn of the key: it has the secret's name."""
    for function in of_type("AWS::Lambda::Function").values():
        variables = function["Environment"]["Variables"]
        assert variables["AUDIT_HASH_SECRET"] == {"Ref": "AuditHashKey"}
        assert "resolve:secretsmanager" not in json.dumps(variables)
        assert "AUDIT_HASH_KEY" not in variables
    readers = [(name, one["Resource"]) for name, one in grants if one["Action"] == "secretsmanager:GetSecretValue"]
    assert readers == [("ScoringRole", {"Ref": "AuditHashKey"}), ("DossierRole", {"Ref": "AuditHashKey"})]


@pytest.mark.parametrize("name", ["ThrottlesAlarm", "LogDeliveryAlarm", "ForbiddenAlarm", "CostAlarm"])
def test_surges_and_losses_call_a_person_and_end_no_deployment(of_type: OfType, name: str) -> None:
    """They are the whole API's: a version is not to blame for them."""
    watched = json.dumps([one["AlarmConfiguration"] for one in of_type("AWS::CodeDeploy::DeploymentGroup").values()])

    assert of_type("AWS::CloudWatch::Alarm")[name]["AlarmActions"] == [{"Ref": "AlarmTopic"}]
    assert name not in watched


def test_what_must_outlive_the_stack_does(resources: Resources) -> None:
    """Removing or replacing the stack keeps logs, records and the key that they are read with."""
    kinds = {"AWS::S3::Bucket", "AWS::Logs::LogGroup", "AWS::KMS::Key"}
    kept = [one for one in resources.values() if one["Type"] in kinds]

    assert kept
    assert {(one.get("DeletionPolicy"), one.get("UpdateReplacePolicy")) for one in kept} == {("Retain", "Retain")}


@pytest.mark.parametrize("bucket", ["AuditBucket", "AuditAccessBucket"])
def test_bucket_answers_over_tls_only(of_type: OfType, bucket: str) -> None:
    """A request in the clear is refused, whoever makes it, on the bucket and on its objects."""
    (policy,) = (one for one in of_type("AWS::S3::BucketPolicy").values() if one["Bucket"] == {"Ref": bucket})
    (refusal,) = (one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny")

    assert (refusal["Principal"], refusal["Action"]) == ("*", "s3:*")
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert refusal["Resource"] == [{"Fn::GetAtt": [bucket, "Arn"]}, {"Fn::Sub": f"${{{bucket}.Arn}}/*"}]


def test_api_answers_over_modern_tls_only(of_type: OfType) -> None:
    """API Gateway's default admits TLS 1.0."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()

    assert api["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"


def test_alarms_are_published_encrypted_over_tls(of_type: OfType) -> None:
    """The topic has the stack's key, and refuses what is published in the clear."""
    (topic,) = of_type("AWS::SNS::Topic").values()
    (policy,) = of_type("AWS::SNS::TopicPolicy").values()
    refusals = [one for one in policy["PolicyDocument"]["Statement"] if one["Effect"] == "Deny"]

    assert topic["KmsMasterKeyId"] == {"Ref": "DataKey"}
    assert [one["Condition"] for one in refusals] == [{"Bool": {"aws:SecureTransport": "false"}}]


def test_key_is_rotated_and_has_no_stranger(of_type: OfType) -> None:
    """The key turns every year; the account and two of its services use it, each service under a condition."""
    (key,) = of_type("AWS::KMS::Key").values()
    account, *services = key["KeyPolicy"]["Statement"]

    assert key["EnableKeyRotation"] is True
    assert account["Principal"] == {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    assert all("Service" in one["Principal"] and one["Condition"] for one in services)


def test_settings_of_the_functions_are_encrypted(of_type: OfType) -> None:
    """What the environment holds is readable with the stack's key only."""
    assert [function["KmsKeyArn"] for function in of_type("AWS::Lambda::Function").values()] == [KEY, KEY]


def test_every_route_but_health_asks_for_a_key(of_type: OfType) -> None:
    """A caller without a key learns that the service answers, and no more."""
    (api,) = of_type("AWS::ApiGateway::RestApi").values()
    asked = {
        (path, method): operation["security"]
        for path, methods in api["Body"]["paths"].items()
        for method, operation in methods.items()
    }

    routes = ("/{proxy+}", "/v1/dossier", "/v1/dossier/{proxy+}")
    with_key = {(path, "x-amazon-apigateway-any-method"): [{"api_key": []}] for path in routes}
    assert asked == {("/health", "get"): []} | with_key


def test_stage_is_throttled(of_type: OfType) -> None:
    """All callers together have a rate and a burst on every route: no loop runs up the lender's bill."""
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    (setting,) = stage["MethodSettings"]

    assert (setting["ResourcePath"], setting["HttpMethod"]) == ("/*", "*")
    assert setting["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}
    assert setting["ThrottlingBurstLimit"] == {"Ref": "RequestBurst"}


def test_partner_has_a_rate_and_a_quota(of_type: OfType) -> None:
    """One partner cannot use up what the others need; the plan covers the stage, and the first key is on it."""
    (plan,) = of_type("AWS::ApiGateway::UsagePlan").values()
    (on_plan,) = of_type("AWS::ApiGateway::UsagePlanKey").values()

    limits = environments()["production"]

    assert plan["Throttle"] == {
        "RateLimit": limits["PartnerRequestsPerSecond"],
        "BurstLimit": limits["PartnerRequestBurst"],
    }
    assert plan["Quota"] == {"Limit": limits["PartnerRequestsPerDay"], "Period": "DAY"}
    assert [stage["Stage"] for stage in plan["ApiStages"]] == [{"Ref": "ScoringApiStage"}]
    assert on_plan["UsagePlanId"] == {"Ref": "ScoringApiUsagePlan"}


def test_calls_are_logged_without_what_they_hold(of_type: OfType) -> None:
    """The access log says who asked and how it ended; bodies, queries, headers and addresses stay out of every log."""
    (stage,) = of_type("AWS::ApiGateway::Stage").values()
    log = stage["AccessLogSetting"]

    assert log["DestinationArn"] == {"Fn::GetAtt": ["AccessLogGroup", "Arn"]}
    assert not any(word in log["Format"] for word in ("body", "querystring", "header", "sourceIp", "userAgent"))
    assert stage["MethodSettings"][0]["DataTraceEnabled"] is False
