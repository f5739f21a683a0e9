"""The stack as its template and environments describe it: alarms, limits, ways to go live, how long data is kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from delivery.paths import ROOT
from delivery.template import environments, read_template

if TYPE_CHECKING:
    from collections.abc import Mapping

ALARM = "AWS::CloudWatch::Alarm"
FUNCTION = "AWS::Serverless::Function"
ARTEFACT = re.compile(r"retention-days: (\d+)")
CANARY = re.compile(r"Canary(?P<percent>\d+)Percent(?P<minutes>\d+)Minutes")


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm of the template.

    Attributes
    ----------
    name
        What follows the stack's name, without the numbers of versions.
    threshold
        At the defaults of the template's parameters.
    seconds
        Length of one look, and ``of`` how many looks ``looks`` must be beyond the threshold.
    rolls_back
        Whether it sends a deployment under way back.
    """

    name: str
    threshold: float
    seconds: int
    looks: int
    of: int
    rolls_back: bool

    @property
    def within_minutes(self) -> int:
        """Return the minutes after which a lasting trouble raises the alarm."""
        return self.seconds * self.looks // 60


@dataclass(frozen=True, slots=True)
class Environment:
    """One environment: all parameters, defaults filled in."""

    name: str
    parameters: Mapping[str, str]

    @property
    def canary(self) -> str:
        """Say in French how a version goes live."""
        found = CANARY.fullmatch(self.parameters["TrafficShift"])
        if found is None:
            return "tout le trafic d’un coup"
        return f"{found['percent']} % du trafic pendant {found['minutes']} minutes, puis le reste"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long the buckets and the key keep what they hold, in days, beside the parameters."""

    replaced_versions: int
    colder_storage_from: int
    key_deletion: int


@dataclass(frozen=True, slots=True)
class Stack:
    """The template as the documents tell it.

    Attributes
    ----------
    retained
        What the template keeps when the stack is removed.
    artefact_days
        How long GitHub keeps the reports of a workflow, by its name.
    """

    alarms: tuple[Alarm, ...]
    environments: tuple[Environment, ...]
    retention: Retention
    retained: tuple[str, ...]
    defaults: Mapping[str, str]
    artefact_days: Mapping[str, int]

    def alarm(self, name: str) -> Alarm:
        """Return the alarm of a name."""
        return next(one for one in self.alarms if one.name == name)

    def environment(self, name: str) -> Environment:
        """Return the environment of a name."""
        return next(one for one in self.environments if one.name == name)


def read_stack() -> Stack:
    """Read the committed template and environments."""
    template = read_template()
    defaults = {name: str(one["Default"]) for name, one in template["Parameters"].items()}
    resources = template["Resources"]
    rolling_back = {one["Ref"] for deployment in _deployments(resources) for one in deployment["Alarms"]}
    return Stack(
        alarms=tuple(
            _alarm(one["Properties"], defaults, rolls_back=key in rolling_back)
            for key, one in resources.items()
            if one["Type"] == ALARM
        ),
        environments=tuple(Environment(name, {**defaults, **given}) for name, given in environments().items()),
        retention=_retention(resources),
        retained=tuple(key for key, one in resources.items() if one.get("DeletionPolicy") == "Retain"),
        defaults=defaults,
        artefact_days=_artefact_days(),
    )


def _artefact_days() -> dict[str, int]:
    """Return the longest retention of each workflow that keeps artefacts."""
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    days = {path.stem: [int(one) for one in ARTEFACT.findall(path.read_text(encoding="utf-8"))] for path in workflows}
    return {name: max(found) for name, found in days.items() if found}


def _deployments(resources: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return how each function's new versions go live."""
    functions = (one["Properties"] for one in resources.values() if one["Type"] == FUNCTION)
    return [dict(function["DeploymentPreference"]) for function in functions]


def _alarm(properties: Mapping[str, Any], defaults: Mapping[str, str], *, rolls_back: bool) -> Alarm:
    periods = int(properties["EvaluationPeriods"])
    return Alarm(
        # The alarms of a version end with its number.
        name=properties["AlarmName"]["Sub"].removeprefix("${AWS::StackName}-").partition("-${")[0],
        threshold=float(_value(properties["Threshold"], defaults)),
        seconds=_period(properties),
        looks=int(properties.get("DatapointsToAlarm", periods)),
        of=periods,
        rolls_back=rolls_back,
    )


def _value(given: Any, defaults: Mapping[str, str]) -> Any:  # noqa: ANN401  whatever YAML holds
    return defaults[given["Ref"]] if isinstance(given, dict) else given


def _period(properties: Mapping[str, Any]) -> int:
    """Return the period of an alarm on one metric, or on an expression over several."""
    if "Period" in properties:
        return int(properties["Period"])
    return max(int(one["MetricStat"]["Period"]) for one in properties["Metrics"] if "MetricStat" in one)


def _retention(resources: Mapping[str, Any]) -> Retention:
    rule: dict[str, Any] = {}
    for one in resources["AuditBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]:
        rule |= one
    return Retention(
        replaced_versions=int(rule["NoncurrentVersionExpiration"]["NoncurrentDays"]),
        colder_storage_from=int(rule["Transitions"][0]["TransitionInDays"]),
        key_deletion=int(resources["DataKey"]["Properties"]["PendingWindowInDays"]),
    )
