"""The stack deployed to moto's AWS, in process: what it supports of the template, and by name what it does not.

The one importer of moto, for rehearsals and tests; nothing here reaches AWS.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

from moto import mock_aws
from moto.cloudformation.parsing import get_model_map

from delivery.errors import DeliveryError
from delivery.package import write_zip
from delivery.paths import DOSSIER_FUNCTION, FUNCTION, FUNCTIONS
from delivery.stack import ALIAS, Release, Stack
from delivery.template import configured_environments, deployed_template, environments
from scoring.bundle import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ARTEFACTS = "artefacts"
# What tells versions apart; the libraries, which moto would only carry around, stay out of its storage.
OF_A_VERSION = ("bundle", "scoring")
ALIAS_TYPE = "AWS::Lambda::Alias"
# Known to moto's CloudFormation, but it makes no methods from the description of an API, and then deploys none.
NOT_ENOUGH = {"AWS::ApiGateway::Deployment"}
# Nobody's, so that a call that escaped the mock would be refused.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "mocked", "AWS_SECRET_ACCESS_KEY": "mocked", "AWS_SESSION_TOKEN": "mocked"}


@dataclass(frozen=True, slots=True)
class Deployed:
    """What a deployment to the mocked AWS came to.

    Attributes
    ----------
    made
        Type of each resource that CloudFormation made, by its logical name.
    replaced
        Type of each resource that moto's CloudFormation does not support; references to it are placeholders.
    release
        Versions of the two functions that were published.
    """

    made: dict[str, str]
    replaced: dict[str, str]
    release: Release


@contextmanager
def mocked_aws() -> Iterator[None]:
    """Answer every call of boto3 from memory while the block runs."""
    # Code is never run by moto, which would look for a container engine: what answers is the emulator.
    with mock.patch.dict(os.environ, CREDENTIALS), mock_aws(config={"lambda": {"use_docker": False}}):
        yield


def supported_template(template: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Return a template without what moto's CloudFormation does not support, and the types of that by name."""
    known = get_model_map().keys() - NOT_ENOUGH
    lost = {name: one["Type"] for name, one in template["Resources"].items() if one["Type"] not in known}
    kept = {name: one for name, one in template["Resources"].items() if name not in lost}
    reduced = dict(_without({**template, "Resources": kept}, lost))
    for output, function in (("FunctionAlias", FUNCTION), ("DossierFunctionAlias", DOSSIER_FUNCTION)):
        reduced["Outputs"][output]["Value"] = {"Fn::Join": [":", [{"Fn::GetAtt": [function, "Arn"]}, ALIAS]]}
    return reduced, lost


def _without(value: Any, lost: Mapping[str, str]) -> Any:  # noqa: ANN401  any part of a template
    """Return a part of a template with placeholders for what refers to lost resources."""
    if isinstance(value, list):
        return [_without(one, lost) for one in value]
    if not isinstance(value, dict):
        return _without_in_text(value, lost)
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]} if name in lost:
            return _placeholder(name, lost[name])
        case {"DependsOn": names, **rest}:
            named = [names] if isinstance(names, str) else names
            still = [name for name in named if name not in lost]
            return {**_without(rest, lost), **({"DependsOn": still} if still else {})}
    return {name: _without(one, lost) for name, one in value.items()}


def _without_in_text(value: Any, lost: Mapping[str, str]) -> Any:  # noqa: ANN401  any leaf of a template
    if not isinstance(value, str):
        return value
    return re.sub(
        r"\${(\w+)(\.\w+)?}", lambda found: f"placeholder-{found[1]}" if found[1] in lost else found[0], value
    )


def _placeholder(name: str, kind: str) -> Any:  # noqa: ANN401  a text, or an expression
    # What the gateway may call is the function, while there is no alias.
    return {"Fn::GetAtt": [FUNCTION, "Arn"]} if kind == ALIAS_TYPE else f"placeholder-{name}"


def deploy(environment: str, package: Path) -> Deployed:
    """Deploy a package to the mocked stack of an environment: upload, template, a version of each function.

    The aliases, which moto's CloudFormation does not know, are made by calls of their own.

    Raises
    ------
    DeliveryError
        When the stack does not come to be.
    """
    stack = Stack(environment)
    code = _upload(stack, package)
    template, lost = _transformed(environment)
    for function in FUNCTIONS:  # what answers is the emulator: moto keeps the code and never runs it
        template["Resources"][function]["Properties"]["Code"] = code
    _execute(stack, template, environments()[environment])
    made = {name: one["Type"] for name, one in template["Resources"].items()}
    return Deployed(made, lost, Release(_publish(stack, FUNCTION), _publish(stack, DOSSIER_FUNCTION)))


@cache
def _reduced(environment: str) -> str:
    """Transform once: SAM takes seconds, and only the address of the code differs between packages here."""
    return json.dumps(supported_template(deployed_template(environments()[environment])))


def _transformed(environment: str) -> tuple[dict[str, Any], dict[str, str]]:
    template, lost = json.loads(_reduced(environment))
    return template, lost


def _upload(stack: Stack, package: Path) -> dict[str, str]:
    """Upload the package under a name made from its content, as `sam deploy` does, and return its place."""
    region = str(configured_environments()[stack.environment]["region"])
    if ARTEFACTS not in {one["Name"] for one in stack.call("s3", "list_buckets")["Buckets"]}:
        where = {"LocationConstraint": region}
        stack.call("s3", "create_bucket", Bucket=ARTEFACTS, CreateBucketConfiguration=where)
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "package.zip"
        write_zip(package, archive, only=OF_A_VERSION)
        content = archive.read_bytes()
        name = sha256_of(content)
        stack.call("s3", "put_object", Bucket=ARTEFACTS, Key=name, Body=content)
    return {"S3Bucket": ARTEFACTS, "S3Key": name}


def _execute(stack: Stack, template: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    """Make or update the stack; moto carries out no change set of this one."""
    given: dict[str, Any] = {
        "StackName": stack.name,
        "TemplateBody": json.dumps(template),
        "Parameters": [{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        "Capabilities": ["CAPABILITY_IAM"],
    }
    there = {one["StackName"] for one in stack.call("cloudformation", "describe_stacks")["Stacks"]}
    stack.call("cloudformation", "update_stack" if stack.name in there else "create_stack", **given)
    status = stack.call("cloudformation", "describe_stacks", StackName=stack.name)["Stacks"][0]["StackStatus"]
    if status not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise DeliveryError(f"the mocked stack {stack.name} came to {status}")


def _publish(stack: Stack, function: str) -> str:
    """Publish the code as a version, as the resource of the version does on AWS; the first one is live at once."""
    name = stack.name_of(function)
    version = str(stack.call("lambda", "publish_version", FunctionName=name)["Version"])
    known = stack.call("lambda", "list_aliases", FunctionName=name)["Aliases"]
    if not known:
        stack.call("lambda", "create_alias", FunctionName=name, Name=ALIAS, FunctionVersion=version)
    return version
