"""The alarm on unusual refusals, judged here as CloudWatch judges it there: on the lines that the function wrote."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from delivery.template import environments, read_template

if TYPE_CHECKING:
    from collections.abc import Iterable

ALARM = "RefusalRateAlarm"


def counted(log: Iterable[str], bundle: str) -> dict[str, float]:
    """Sum the metrics that the alarm reads, over the lines of a function's log that a bundle's versions wrote.

    Metrics stand in the lines themselves, in CloudWatch's embedded format.
    """
    totals = Counter[str]()
    for line in log:
        content = json.loads(line) if line.startswith("{") else {}
        for directive in content.get("_aws", {}).get("CloudWatchMetrics", []):
            if ["Service", "empreinte"] in directive["Dimensions"] and content["empreinte"] == bundle:
                for metric in directive["Metrics"]:
                    totals[metric["Name"]] += content[metric["Name"]]
    return dict(totals)


def in_alarm(metrics: dict[str, float], environment: str) -> bool:
    """Say whether the template's alarm stands, with the limits of an environment."""
    alarm = read_template()["Resources"][ALARM]["Properties"]
    names = {
        query["Id"]: query["MetricStat"]["Metric"]["MetricName"] for query in alarm["Metrics"] if "MetricStat" in query
    }
    (expression,) = (query["Expression"]["Sub"] for query in alarm["Metrics"] if "Expression" in query)
    values = {name: metrics.get(metric, 0.0) for name, metric in names.items()}
    return bool(_evaluate(_filled(expression, environment), values) >= float(alarm["Threshold"]))


def _filled(expression: str, environment: str) -> str:
    """Put the parameters of an environment into the expression, and write it as Python writes it."""
    limits = {name: one.get("Default") for name, one in read_template()["Parameters"].items()}
    limits |= environments()[environment]
    filled = re.sub(r"\${(\w+)}", lambda found: str(limits[found[1]]), expression)
    return re.sub(r"\b(AND|OR)\b", lambda found: found[1].lower(), filled)


def _evaluate(expression: str, values: dict[str, float]) -> Any:  # noqa: ANN401  a number
    functions: dict[str, Any] = {
        "IF": lambda condition, then, otherwise: then if condition else otherwise,
        "FILL": lambda value, _filling: value,
    }
    return eval(expression, {"__builtins__": {}}, functions | values)  # noqa: S307  the template's own text
