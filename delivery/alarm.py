"""The alarms that end a canary, judged here as CloudWatch judges them there: on the lines that the function wrote."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from delivery.template import environments, read_template
from scoring.log_lines import FUNCTION, FUNCTION_VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    type Counts = Mapping[str, float]

# Those whose metrics stand in the function's own lines; Lambda counts failed invocations and durations itself.
READ_IN_THE_LOG: Final = ("OwnErrorsAlarm", "NotScoredAlarm", "RefusalRateAlarm")


def counted(log: Iterable[str]) -> Counter[str]:
    """Sum the metrics that are counted by version, over the log of one version of a function.

    Metrics stand in the lines themselves, in CloudWatch's embedded format.
    """
    totals = Counter[str]()
    for line in log:
        content = json.loads(line) if line.startswith("{") else {}
        for directive in content.get("_aws", {}).get("CloudWatchMetrics", []):
            if [FUNCTION, FUNCTION_VERSION] in directive["Dimensions"]:
                for metric in directive["Metrics"]:
                    totals[metric["Name"]] += content[metric["Name"]]
    return totals


def standing(new: Mapping[str, Counts], everything: Counts, environment: str) -> list[str]:
    """Return which of the template's alarms stand, with the limits of an environment.

    Parameters
    ----------
    new
        What the newest version of each function counted, by its name in the template.
    everything
        What all versions counted together.
    """
    return [name for name in READ_IN_THE_LOG if _stands(name, new, everything, environment)]


def _stands(name: str, new: Mapping[str, Counts], everything: Counts, environment: str) -> bool:
    alarm = read_template()["Resources"][name]["Properties"]
    values: dict[str, float] = {}
    for query in (one for one in alarm["Metrics"] if "MetricStat" in one):
        metric = query["MetricStat"]["Metric"]
        whose = {one["Name"]: one["Value"] for one in metric["Dimensions"]}
        counts = new.get(whose[FUNCTION]["Ref"], {}) if FUNCTION in whose else everything
        values[query["Id"]] = counts.get(metric["MetricName"], 0.0)
    (expression,) = (query["Expression"]["Sub"] for query in alarm["Metrics"] if "Expression" in query)
    return bool(_evaluate(_filled(expression, environment), values) >= float(alarm["Threshold"]))


def _filled(expression: str, environment: str) -> str:
    """Put the parameters of an environment into the expression, and write it as Python writes it."""
    limits = {name: one.get("Default") for name, one in read_template()["Parameters"].items()}
    limits |= environments()[environment]
    filled = re.sub(r"\${(\w+)}", lambda found: str(limits[found[1]]), expression)
    return re.sub(r"\b(AND|OR)\b", lambda found: found[1].lower(), filled)


def _evaluate(expression: str, values: Mapping[str, float]) -> Any:  # noqa: ANN401  a number
    functions: dict[str, Any] = {
        "IF": lambda condition, then, otherwise: then if condition else otherwise,
        "FILL": lambda value, _filling: value,
    }
    return eval(expression, {"__builtins__": {}}, functions | dict(values))  # noqa: S307  the template's own text
