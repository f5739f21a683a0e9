"""What the stack costs: the template's settings, the measured figures, and dated list prices (`prices.toml`)."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from delivery.template import function_environment, read_template
from documents.results.wording import table

if TYPE_CHECKING:
    from collections.abc import Mapping

PRICES = Path(__file__).with_name("prices.toml")
MILLION = 1_000_000
GIGABYTE = 1_000_000_000
HOURS_A_MONTH = 730
RESTORES = 1000


def read_prices() -> dict[str, Any]:
    """Return the prices and the free amounts, by name."""
    return tomllib.loads(PRICES.read_text(encoding="utf-8"))


def cost_section(measures: Mapping[str, Any]) -> str:
    """Return the tables of costs; a sentence where what they need was not measured."""
    request, traffic = measures.get("request"), measures.get("traffic")
    if not request or not traffic:
        return "Not measured yet: `python -m benchmarks --only request traffic`, then `make pages`."
    prices = read_prices()
    memory = memory_gigabytes()
    milliseconds = billed_milliseconds(request)
    per_million = costs_per_million(prices, memory=memory, milliseconds=milliseconds, traffic=traffic)
    rows = [[name, _dollars(cost)] for name, cost in per_million.items()]
    rows.append(["**together**", f"**{_dollars(sum(per_million.values()))}**"])
    idle = costs_per_month(prices, memory=memory, metrics=traffic["metrics"])
    told = (
        f"A request is billed {milliseconds} ms (its slowest in a hundred here, rounded up) of {memory:.2f} GB; it "
        f"writes {traffic['log_bytes']:,.0f} bytes of log, audit records included, and sends "
        f"{traffic['reply_bytes']:,.0f}."
    )
    return "\n\n".join(
        [
            told,
            table(["a million scored requests", "US dollars"], rows),
            table(
                ["each month, without any request", "US dollars"], [[name, _dollars(one)] for name, one in idle.items()]
            ),
            free_tier(prices, memory=memory, milliseconds=milliseconds, traffic=traffic),
            _sources(prices),
        ]
    )


def memory_gigabytes() -> float:
    """Return the memory that the template gives the function."""
    return float(read_template()["Parameters"]["MemorySize"]["Default"]) / 1024


def billed_milliseconds(request: Mapping[str, Any]) -> int:
    """Return what Lambda bills of a request: whole milliseconds, of the slowest in a hundred to be careful.

    >>> billed_milliseconds({"handler_ms": {"p50": 0.9, "p99": 1.77}})
    2
    """
    return math.ceil(float(request["handler_ms"]["p99"]))


def costs_per_million(
    prices: Mapping[str, Any], *, memory: float, milliseconds: int, traffic: Mapping[str, float]
) -> dict[str, float]:
    """Return what a million scored requests cost, by service, without what is free."""
    gigabyte_seconds = MILLION * memory * milliseconds / 1000
    return {
        "API Gateway, REST API": prices["rest_api"]["dollars"],
        "Lambda, requests": prices["lambda_requests"]["dollars"],
        "Lambda, duration": prices["lambda_duration"]["dollars"] * gigabyte_seconds / MILLION,
        "CloudWatch, the function's log": prices["logs"]["dollars"] * MILLION * traffic["log_bytes"] / GIGABYTE,
        "replies sent": prices["data_out"]["dollars"] * MILLION * traffic["reply_bytes"] / GIGABYTE,
    }


def costs_per_month(prices: Mapping[str, Any], *, memory: float, metrics: float) -> dict[str, float]:
    """Return what is paid each month whether anybody asks or not, without what is free."""
    cached = memory * HOURS_A_MONTH * 3600
    restored = prices["snapstart_restore"]["dollars"] * memory / MILLION
    return {
        "SnapStart, each version that stays active": prices["snapstart_cache"]["dollars"] * cached / MILLION,
        f"SnapStart, {RESTORES:,} new instances": restored * RESTORES,
        f"{metrics:.0f} metrics of the score route": prices["metric"]["dollars"] * metrics,
        "the stack's key, first year": prices["key"]["dollars"],
    }


def free_tier(prices: Mapping[str, Any], *, memory: float, milliseconds: int, traffic: Mapping[str, float]) -> str:
    """Say how many requests a month each free amount covers."""
    free = prices["free"]
    seconds = int(free["lambda_gb_seconds"] / (memory * milliseconds / 1000))
    logged = int(free["logs_gb"] * GIGABYTE / traffic["log_bytes"])
    rows = [
        ["Lambda, requests", f"{free['lambda_requests']:,}"],
        ["Lambda, duration", f"{seconds:,}"],
        [f"API Gateway, for {free['rest_api_months']} months", f"{free['rest_api_requests']:,}"],
        ["CloudWatch, the function's log", f"{logged:,}"],
    ]
    return table(["free each month", "scored requests that it covers"], rows)


def _sources(prices: Mapping[str, Any]) -> str:
    priced = {name: one for name, one in prices.items() if "dollars" in one}
    rows = [
        [name.replace("_", " "), f"{one['dollars']:g} a {one['for']}", one["region"], one["read"], one["source"]]
        for name, one in priced.items()
    ]
    stage = function_environment()["AUDIT_SHARE"]
    return (
        f"{table(['price', 'US dollars', 'region', 'read', 'source'], rows)}\n\n"
        f"Audit records are counted at the template's share ({stage}) beside those near the threshold. Not counted, "
        "because they are small or depend on use: the access log, the platform's own log lines, X-Ray traces, "
        "Firehose, S3, the secret, alarms and dashboard beyond their free number, build artefacts."
    )


def _dollars(amount: float) -> str:
    return f"{amount:.2f}"
