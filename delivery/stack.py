"""A deployed stack: its outputs, its live aliases, and the journal of their moves. The one importer of boto3."""

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
from delivery.paths import DOSSIER_FUNCTION, FUNCTION, FUNCTIONS
from delivery.template import configured_environments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ALIAS = "live"
JOURNAL = "deployments/"
_ALIAS_OUTPUT = {FUNCTION: "FunctionAlias", DOSSIER_FUNCTION: "DossierFunctionAlias"}


@dataclass(frozen=True, slots=True)
class Release:
    """The versions of the two functions that are live together.

    Attributes
    ----------
    scoring
        Version of the function for applications.
    dossier
        Version of the function for dossiers; empty where a journal older than that function does not tell it.
    """

    scoring: str
    dossier: str

    def of(self, function: str) -> str:
        """Return the version of one of the functions, by its name in the template."""
        return self.dossier if function == DOSSIER_FUNCTION else self.scoring

    def __str__(self) -> str:
        return f"{self.scoring} of {FUNCTION} and {self.dossier or 'an unknown one'} of {DOSSIER_FUNCTION}"


@dataclass(frozen=True, slots=True)
class Move:
    """One move of the two aliases, as the journal keeps it.

    Attributes
    ----------
    action
        ``deploy``: the versions were found right by the smoke test; ``rollback``: the aliases were put back to them.
    version, left
        Version of the function for applications that its alias then served, and the one it had served.
    dossier_version, dossier_left
        The same of the function for dossiers; empty in a journal older than it.
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
    dossier_version: str = ""
    dossier_left: str = ""

    @property
    def release(self) -> Release:
        """What was served then."""
        return Release(self.version, self.dossier_version)

    @property
    def left_release(self) -> Release:
        """What had been served before."""
        return Release(self.left, self.dossier_left)


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
        releases = [one.release for one in path]
        path = path[: releases.index(move.release) + 1] if move.release in releases else [*path, move]
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

    @property
    def lasts(self) -> bool:
        """Whether the stack is there to stay: dev is made to be thrown away."""
        return self.environment != "dev"

    def protect(self) -> None:
        """Let CloudFormation refuse to delete the stack until somebody takes the protection off."""
        self.call(
            "cloudformation", "update_termination_protection", StackName=self.name, EnableTerminationProtection=True
        )

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

    def name_of(self, function: str) -> str:
        """Return the name on AWS of a function of the template: in the address of its alias, before the alias."""
        return self.output(_ALIAS_OUTPUT[function]).split(":")[-2]

    def live(self) -> Release:
        """Return the versions that the aliases serve."""
        scoring, dossier = (self.routing(function)[0] for function in FUNCTIONS)
        return Release(scoring, dossier)

    def routing(self, function: str) -> tuple[str, dict[str, float]]:
        """Return the version that a function's alias serves, and the shares of those beside it."""
        alias = self.call("lambda", "get_alias", FunctionName=self.name_of(function), Name=ALIAS)
        beside = (alias.get("RoutingConfig") or {}).get("AdditionalVersionWeights") or {}
        return str(alias["FunctionVersion"]), dict(beside)

    def shares(self, function: str) -> dict[str, float]:
        """Return the share of the requests that each version of a function gets."""
        version, beside = self.routing(function)
        return {version: 1 - sum(beside.values()), **beside}

    def has_version(self, function: str, version: str) -> bool:
        """Say whether a version of a function is there to go to."""
        if not re.fullmatch(r"[1-9]\d*", version):
            return False
        try:
            self.call("lambda", "get_function_configuration", FunctionName=self.name_of(function), Qualifier=version)
        except _NotThereError:
            return False
        return True

    def serve(self, function: str, version: str, *, reason: str, beside: Mapping[str, float] | None = None) -> None:
        """Point a function's alias to a version: for every request, but for the shares of versions beside it."""
        self.call(
            "lambda",
            "update_alias",
            FunctionName=self.name_of(function),
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
