"""A deployed stack: its outputs, the alias that is live, and the journal of its moves. The one importer of boto3."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from delivery.errors import DeliveryError
from delivery.template import configured_environments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ALIAS = "live"
JOURNAL = "deployments/"


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the alias, as the journal keeps it.

    Attributes
    ----------
    action
        ``deploy``: the version was found right by the smoke test; ``rollback``: the alias was put back to it.
    version, left
        Version of the function that the alias then served, and the one it had served.
    model
        Name and registry version of the bundle, as replies carry it; empty where it is not known.
    """

    action: Literal["deploy", "rollback"]
    version: str
    left: str
    reason: str
    by: str
    at: str
    model: str = ""
    bundle: str = ""
    commit: str = ""


def now() -> str:
    """Return this instant, as the journal writes it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def way_back(moves: Sequence[Move]) -> list[Move]:
    """Return the deployments that led to what is served, oldest first: one that was rolled back led nowhere.

    >>> def move(action, version): return Move(action, version, "", "", "", "")
    >>> moves = [move("deploy", "1"), move("deploy", "2"), move("rollback", "1"), move("deploy", "3")]
    >>> [one.version for one in way_back(moves)]
    ['1', '3']
    """
    path: list[Move] = []
    for move in moves:
        if move.action == "deploy":
            path.append(move)
            continue
        versions = [one.version for one in path]
        path = path[: versions.index(move.version) + 1] if move.version in versions else [*path, move]
    return path


class Stack:
    """The stack of one environment of ``samconfig.toml``; every failure of AWS is one line.

    Parameters
    ----------
    environment
        Name of the environment, such as ``staging``.
    """

    def __init__(self, environment: str) -> None:
        configured = configuration(environment)
        self.environment = environment
        self.name = str(configured["stack_name"])
        self._session = boto3.Session(region_name=str(configured["region"]))
        self._clients: dict[str, Any] = {}

    @cached_property
    def outputs(self) -> dict[str, str]:
        """The outputs of the template."""
        found = self.call("cloudformation", "describe_stacks", StackName=self.name)["Stacks"][0]
        return {one["OutputKey"]: one["OutputValue"] for one in found.get("Outputs", [])}

    def exists(self) -> bool:
        """Say whether there is such a stack, deployed to its end at least once."""
        try:
            return "ApiUrl" in self.outputs
        except _NotThereError:
            return False

    def output(self, name: str) -> str:
        """Return one output.

        Raises
        ------
        DeliveryError
            When the stack has none of the name.
        """
        if name not in self.outputs:
            raise DeliveryError(f"the stack {self.name} has no output {name}; is its deployment finished?")
        return self.outputs[name]

    def api_key(self) -> str:
        """Return the first partner's key."""
        return str(self.call("apigateway", "get_api_key", apiKey=self.output("ApiKeyId"), includeValue=True)["value"])

    @cached_property
    def function(self) -> str:
        """Name of the function: in the address of its alias, before the alias."""
        return self.output("FunctionAlias").split(":")[-2]

    def live_version(self) -> str:
        """Return the version that the alias serves."""
        return str(self.call("lambda", "get_alias", FunctionName=self.function, Name=ALIAS)["FunctionVersion"])

    def shares(self) -> dict[str, float]:
        """Return the share of the requests that each version gets."""
        alias = self.call("lambda", "get_alias", FunctionName=self.function, Name=ALIAS)
        beside = dict((alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {})
        return {str(alias["FunctionVersion"]): 1 - sum(beside.values()), **beside}

    def has_version(self, version: str) -> bool:
        """Say whether a version of the function is there to go to."""
        if not re.fullmatch(r"[1-9]\d*", version):
            return False
        try:
            self.call("lambda", "get_function_configuration", FunctionName=self.function, Qualifier=version)
        except _NotThereError:
            return False
        return True

    def serve(self, version: str, *, reason: str, beside: Mapping[str, float] | None = None) -> None:
        """Point the alias to a version: for every request at once, but for the shares of versions beside it."""
        self.call(
            "lambda",
            "update_alias",
            FunctionName=self.function,
            Name=ALIAS,
            FunctionVersion=version,
            Description=reason[:256],
            RoutingConfig={"AdditionalVersionWeights": dict(beside or {})},
        )

    def moves(self) -> list[Move]:
        """Return the journal, oldest first."""
        keys: list[str] = []
        more: dict[str, str] = {}
        while True:
            page = self.call("s3", "list_objects_v2", Bucket=self._bucket, Prefix=JOURNAL, **more)
            keys += [one["Key"] for one in page.get("Contents", [])]
            if not page.get("IsTruncated"):
                break
            more = {"ContinuationToken": page["NextContinuationToken"]}
        return [Move(**json.loads(self._read(key))) for key in sorted(keys)]

    @property
    def _bucket(self) -> str:
        return self.output("AuditBucketName")

    def _read(self, key: str) -> bytes:
        body = self.call("s3", "get_object", Bucket=self._bucket, Key=key)["Body"]
        return bytes(body.read())

    def keep(self, move: Move) -> None:
        """Add a move to the journal, an object each, in the bucket of the audit records."""
        self.call(
            "s3",
            "put_object",
            Bucket=self._bucket,
            Key=f"{JOURNAL}{move.at}-{move.action}-{move.version}.json",
            Body=json.dumps(asdict(move), ensure_ascii=False).encode(),
        )

    def call(self, service: str, action: str, **given: object) -> dict[str, Any]:
        """Return what a service of AWS answers.

        Raises
        ------
        DeliveryError
            In one line, whatever went wrong.
        """
        try:
            if service not in self._clients:  # making one reads megabytes of descriptions
                self._clients[service] = self._session.client(service)
            do: Callable[..., dict[str, Any]] = getattr(self._clients[service], action)
            return do(**given)
        except ClientError as error:
            told = f"{self.name}: {service} {action}: {error.response['Error']['Message']}"
            if error.response["Error"]["Code"] == "ResourceNotFoundException" or "does not exist" in told:
                raise _NotThereError(told) from error
            raise DeliveryError(told) from error
        except BotoCoreError as error:
            raise DeliveryError(f"{self.name}: {service} {action}: {error}") from error


class _NotThereError(DeliveryError):
    """AWS has nothing of the name."""


def configuration(environment: str) -> dict[str, Any]:
    """Return what ``sam deploy`` is given for an environment.

    Raises
    ------
    DeliveryError
        When ``samconfig.toml`` has none of the name.
    """
    known = configured_environments()
    if environment not in known:
        raise DeliveryError(f"{environment!r} is no environment of samconfig.toml; there are {', '.join(known)}")
    return known[environment]
