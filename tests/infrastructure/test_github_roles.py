"""What GitHub Actions may do in the account: enough for each workflow, and no more (infra/github-oidc.yaml)."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import cfnlint
import pytest

from delivery.mocked_aws import deploy, mocked_aws
from delivery.paths import FUNCTION, FUNCTIONS, ROOT
from delivery.rollback import record, roll_back, withdraw
from delivery.stack import Move, Stack, now
from delivery.template import configured_environments, read_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type AsList = Callable[[object], list[Any]]
    type Statement = dict[str, Any]

TEMPLATE = ROOT / "infra" / "github-oidc.yaml"
SCHEMAS = Path(cfnlint.__file__).parent / "data" / "schemas"
GIVEN = {"Repository": "lender/scoring", "TrainingBucket": "tables", "MakeProvider": "false"}
LONGEST_ROLE, LONGEST_BUCKET, RANDOM_END = 64, 63, 13
# Writes of features that the template does not use; whatever CloudFormation reads, it may read.
NOT_USED = re.compile(
    r"ec2:|elasticfilesystem:|s3files:|s3tables:|s3:REST|apigateway:UpdateRestApiPolicy|codedeploy:RegisterOnPremisesInstance"
    r"|iam:(Attach|Detach)RolePolicy|iam:\w+PermissionsBoundary"
    r"|lambda:(Put|Delete|Pass|Associate)(?!.*Policy$)\w*(Concurrency|ConcurrencyConfig|CodeSigningConfig|RecursionConfig|ScalingConfig"
    r"|RuntimeManagementConfig|CapacityProvider|RuntimeAlias)|lambda:Get(CodeSigningConfig|LayerVersion)"
    r"|logs:(Put|Delete|Create)\w*(DataProtectionPolicy|LogDelivery|ResourcePolicy|IndexPolicy|BearerToken\w+|DeletionProtection)"
    r"|dynamodb:(?!(Create|Delete|Update)Table$|Describe\w+$|\w*[Tt]ag\w*$|GetResourcePolicy$|UpdateTimeToLive$)\w+|dynamodb:DescribeImport"
    r"|kinesis:|iam:CreateServiceLinkedRole|logs:PutLogEvents|s3:GetObjectMetadata"
    r"|secretsmanager:(ReplicateSecretToRegions|RemoveRegionsFromReplication)|sns:PutDataProtectionPolicy"
    r"|s3:(Put|Delete|Create|Update)\w*(Abac|Analytics\w*|CORS|Cors|Inventory\w*|Metrics\w*|Notification|Replication\w*|Website"
    r"|Accelerate\w*|Acl|ObjectLock\w*|IntelligentTiering\w*|Metadata\w*|Encryption|Lifecycle|Object)$"
)


@cache
def template() -> dict[str, Any]:
    """Return the template as plain data."""
    return read_template(TEMPLATE)


def statements(name: str) -> list[Statement]:
    """Return the statements of a role, or of a policy of its own."""
    properties = template()["Resources"][name]["Properties"]
    documents = [one["PolicyDocument"] for one in properties.get("Policies", [])] or [properties["PolicyDocument"]]
    return [statement for document in documents for statement in document["Statement"]]


def actions(name: str) -> set[str]:
    """Return all that a role, or a policy of its own, allows."""
    found = [one["Action"] for one in statements(name)]
    return {action for one in found for action in (one if isinstance(one, list) else [one])}


@pytest.fixture(scope="module")
def asked_of_cloudformation(resources: dict[str, dict[str, Any]]) -> dict[str, set[str]]:
    """Return what AWS's own schemas say that CloudFormation calls, for each type of the deployed template."""
    index = json.loads((SCHEMAS / "providers" / "eu-west-3.json").read_text(encoding="utf-8"))
    types = {one["Type"] for one in resources.values()}
    schemas = {kind: (SCHEMAS / "resources" / f"{index[kind]}.json").read_text(encoding="utf-8") for kind in types}
    return {
        kind: {
            action
            for step, handler in json.loads(schema)["handlers"].items()
            for action in handler["permissions"]
            if step != "list" and (step == "read" or not NOT_USED.search(action))
        }
        for kind, schema in schemas.items()
    }


def test_cloudformation_may_make_every_resource_of_the_template(asked_of_cloudformation: dict[str, set[str]]) -> None:
    """For each type, what its schema says CloudFormation calls is granted, but for features that are not used."""
    granted = actions("ExecutionRole")
    lacking = {kind: asked - granted for kind, asked in asked_of_cloudformation.items() if asked - granted}

    assert lacking == {}


def test_cloudformation_may_do_nothing_that_no_resource_asks_for(asked_of_cloudformation: dict[str, set[str]]) -> None:
    """A grant that no type of the template needs is one too many."""
    asked = set().union(*asked_of_cloudformation.values())

    assert actions("ExecutionRole") - asked == set()


def test_no_action_is_a_wildcard_and_no_policy_is_managed_elsewhere() -> None:
    """What is allowed is written out here."""
    names = ["DeployRole", "RollbackRole", "DriftRole", "TrainingRole", "ExecutionRole"]
    roles = {name: template()["Resources"][name]["Properties"] for name in names}
    allowed = {action for name in (*names, "WayBack") if name != "RollbackRole" for action in actions(name)}

    assert [action for action in allowed if "*" in action] == []
    assert [name for name, role in roles.items() if "ManagedPolicyArns" in role] == []
    assert {one["Type"] for one in template()["Resources"].values()} == {
        "AWS::IAM::OIDCProvider", "AWS::IAM::Policy", "AWS::IAM::Role",
    }  # fmt: skip


def test_grants_on_everything_are_named() -> None:
    """Where AWS has nothing finer, or the thing has no name before it is made."""
    found = {one["Sid"] for one in statements("ExecutionRole") if one["Resource"] == "*"}
    others = [one for name in ("DeployRole", "WayBack", "DriftRole", "TrainingRole") for one in statements(name)]

    assert found == {"AnyLogGroup", "NewKey", "AnyKeysName"}
    assert [one["Sid"] for one in others if "*" in (one["Resource"], one["Action"])] == []


@pytest.mark.parametrize(
    ("role", "job"),
    [
        ("DeployRole", "environment:${Environment}"),
        ("RollbackRole", "environment:${Environment}-rollback"),
        ("DriftRole", "ref:refs/heads/${DefaultBranch}"),
        ("TrainingRole", "ref:refs/heads/${DefaultBranch}"),
    ],
)
def test_role_trusts_one_kind_of_job_of_one_repository(role: str, job: str) -> None:
    """Neither a fork nor another branch, environment or audience takes it on; nothing else does either."""
    (trust,) = template()["Resources"][role]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    issuer = "token.actions.githubusercontent.com"

    assert trust["Action"] == "sts:AssumeRoleWithWebIdentity"
    assert trust["Principal"]["Federated"]["Sub"].endswith(f":oidc-provider/{issuer}")
    assert trust["Condition"] == {
        "StringEquals": {f"{issuer}:aud": "sts.amazonaws.com", f"{issuer}:sub": {"Sub": f"repo:${{Repository}}:{job}"}}
    }


def test_deploying_is_changing_one_stack_by_one_role() -> None:
    """The job itself makes nothing: CloudFormation does, by a role that only it takes on."""
    by_sid = {one["Sid"]: one for one in statements("DeployRole")}
    execution = {"GetAtt": "ExecutionRole.Arn"}
    (trust,) = template()["Resources"]["ExecutionRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]

    assert by_sid["ByTheRoleOfCloudFormationAlone"]["Condition"] == {
        "StringEquals": {"cloudformation:RoleArn": execution}
    }
    assert by_sid["HandTheRoleOver"]["Resource"] == execution
    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert not {action for action in actions("DeployRole") if action.startswith(("iam:Create", "iam:Put", "lambda:"))}


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_names_that_the_roles_reach_are_those_of_the_stack(environment: str) -> None:
    """CloudFormation shortens the stack's name where a name would be too long: it never has to."""
    configured = configured_environments()[environment]
    name, resources = str(configured["stack_name"]), read_template()["Resources"]
    longest = {
        "AWS::IAM::Role": LONGEST_ROLE, "AWS::S3::Bucket": LONGEST_BUCKET, "AWS::Serverless::Function": LONGEST_ROLE,
    }  # fmt: skip
    names = {key: (one["Type"], len(f"{name}-{key}-") + RANDOM_END) for key, one in resources.items()}

    assert len(name) <= template()["Parameters"]["ScoringStack"]["MaxLength"]
    assert [key for key, (kind, length) in names.items() if length > longest.get(kind, 255)] == []
    assert f"environment={environment}" in configured["tags"]


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Stack]:
    """Deploy roles and scoring stack of staging to a mocked AWS, with two versions of a small package."""
    (tmp_path / "scoring").mkdir()
    with mocked_aws():
        deploy_roles("staging")
        for code in ("first", "second"):
            (tmp_path / "scoring" / "handler.py").write_text(code, encoding="utf-8")
            deploy("staging", tmp_path)
        yield Stack("staging")


def deploy_roles(environment: str) -> dict[str, str]:
    """Deploy the roles of an environment and return the outputs.

    The provider, which moto's CloudFormation does not know, is made by a call of its own.
    """
    configured = configured_environments()[environment]
    client = boto3.client("cloudformation", region_name=configured["region"])
    name = f"pret-a-depenser-github-{environment}"
    parameters = GIVEN | {"Environment": environment, "ScoringStack": str(configured["stack_name"])}
    client.create_stack(
        StackName=name,
        TemplateBody=TEMPLATE.read_text(encoding="utf-8"),
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        Capabilities=["CAPABILITY_IAM"],
    )
    (stack,) = client.describe_stacks(StackName=name)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}


def test_both_environments_come_to_be_in_one_account() -> None:
    """The roles trust the provider as AWS names it; production alone has roles for drift and training."""
    made = template()["Resources"]["GitHubProvider"]["Properties"]
    with mocked_aws():
        iam = boto3.client("iam")
        provider = iam.create_open_id_connect_provider(Url=made["Url"], ClientIDList=made["ClientIdList"])
        staging, production = deploy_roles("staging"), deploy_roles("production")
        role = iam.get_role(RoleName=production["DriftRoleArn"].partition("/")[2])["Role"]

    always = {"DeployRoleArn", "ExecutionRoleArn", "RollbackRoleArn"}
    assert staging.keys() == always
    assert production.keys() == always | {"DriftRoleArn", "TrainingRoleArn"}
    trust = role["AssumeRolePolicyDocument"]["Statement"][0]
    assert trust["Principal"]["Federated"] == provider["OpenIDConnectProviderArn"]
    assert "repo:lender/scoring:ref:refs/heads/main" in json.dumps(trust["Condition"])


def test_way_back_calls_what_its_policy_allows_and_no_more(account: Stack) -> None:
    """Every call that recording, rolling back and withdrawing make of AWS is granted; each grant is needed."""
    called: set[str] = set()
    real = account.call

    def watched(service: str, action: str, **given: object) -> dict[str, Any]:
        name = "ListBucket" if action == "list_objects_v2" else "".join(map(str.capitalize, action.split("_")))
        called.add(f"{service}:{name}")
        return real(service, action, **given)

    account.call = watched  # type: ignore[method-assign]
    for version in ("1", "2"):
        for function in FUNCTIONS:
            account.serve(function, version, reason="deployed")
        record(account, Move("deploy", version, "", "found right", "tests", now(), dossier_version=version))
    roll_back(account, reason="costs rose", by="tests")
    account.serve(FUNCTION, "2", reason="again")
    withdraw(account, reason="wrong", by="tests")

    # What S3 asks of the bucket's key is no call of ours.
    assert called == actions("WayBack") - {"kms:Decrypt", "kms:GenerateDataKey"}
