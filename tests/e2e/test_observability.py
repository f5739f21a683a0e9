"""What the function writes is what the template's alarms, dashboard and audit stream read, and names no applicant."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from delivery.alarm import READ_IN_THE_LOG
from delivery.emulator import Emulator
from delivery.events import HttpRequest, golden_applications, rest_event, sample_requests
from delivery.paths import BUNDLE, DOSSIER_FUNCTION
from delivery.template import read_template
from scoring.log_lines import ANSWERED, EVENT, Event
from tests.builders.log_filter import template_carries

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.e2e

IDENTIFIER = "demandeur-0042-de-l-essai"
WORD = "MARQUEUR-DE-L-ESSAI"
NUMBER = 271_828.182845
# Shorter numbers stand in the lines for other reasons, such as a count or a status.
SHORTEST_TELLING = 5
UNPUBLISHED = "$LATEST"


def spoilt_requests() -> Iterator[HttpRequest]:
    """Yield requests that are refused for each part of an application, with values that are easy to find again."""
    application = golden_applications(BUNDLE)[0]["application"]
    for name, value in application.items():
        wrong = WORD if not isinstance(value, str) else NUMBER
        yield HttpRequest.post("/v1/score", application | {name: wrong, WORD: NUMBER})
        yield HttpRequest.post("/v1/score/batch", {"demandes": [application | {name: WORD + name}]})
    yield HttpRequest("POST", "/v1/score", f'{{"AMT_CREDIT": {NUMBER}, "{WORD}":')


@pytest.fixture(scope="module")
def lines(package: Path) -> list[dict[str, Any]]:
    """Return the lines of an emulator that was asked everything: golden applications, each route, refused requests."""
    golden = [one["application"] for one in golden_applications(BUNDLE)]
    asked = [HttpRequest.post("/v1/score", one) for one in golden]
    asked += [*sample_requests(BUNDLE).values(), *spoilt_requests()]
    asked += [HttpRequest.post("/v1/score/batch", {"demandes": golden[:1], "identifiants": [IDENTIFIER]})]
    with Emulator(package, environment={"AUDIT_SHARE": "1", "LOG_LEVEL": "DEBUG"}) as emulator:
        for request in asked:
            emulator.invoke(rest_event(request))
        return [json.loads(line) for line in emulator.log().splitlines() if line.startswith("{")]


def test_filter_carries_the_records_and_what_tells_of_the_service(lines: list[dict[str, Any]]) -> None:
    """Firehose brings to the bucket every record, and no line that monitoring cannot read."""
    carried = [line for line in lines if template_carries(line)]
    records = [line for line in carried if line[EVENT] == Event.AUDIT]

    assert len(records) > len(golden_applications(BUNDLE))
    assert records == [line for line in lines if "demande" in line]
    # Dossiers are the other function's.
    answered = set(ANSWERED) - {Event.DOSSIER, Event.DOSSIER_BATCH}
    assert {line[EVENT] for line in carried} == {*answered, Event.AUDIT, Event.START, Event.REFUSED}


@pytest.mark.parametrize("event", [*ANSWERED, Event.AUDIT, Event.START, Event.REFUSED, Event.FAILED])
def test_filter_names_every_event_of_a_report(event: Event) -> None:
    """What monitoring counts is carried; questions about the model are not counted, nor carried."""
    assert template_carries({EVENT: event})
    assert not template_carries({EVENT: Event.READ})


def served(value: str | dict[str, str]) -> str:
    """Return the value of an alarm's dimension: the function under the emulator, by its own word."""
    if isinstance(value, str):
        return value
    return value.get("Ref", UNPUBLISHED)


def test_alarms_and_dashboard_read_metrics_that_exist(lines: list[dict[str, Any]]) -> None:
    """Every metric that the template names is written, under its namespace and dimensions."""
    written = {
        (directive["Namespace"], metric["Name"], *sorted(f"{name}={line[name]}" for name in names))
        for line in lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", [])
        for metric in directive["Metrics"]
        for names in directive["Dimensions"]
    }
    resources = read_template()["Resources"]
    read = {
        (one["Namespace"], one["MetricName"], *sorted(f"{part['Name']}={served(part['Value'])}" for part in whose))
        for alarm in READ_IN_THE_LOG
        for query in resources[alarm]["Properties"]["Metrics"]
        if (one := query.get("MetricStat", {}).get("Metric"))
        # Dossiers are the other function's, and this one does not fail.
        if (whose := one["Dimensions"])[0]["Value"] != {"Ref": DOSSIER_FUNCTION}
        if one["MetricName"] != "Erreurs"
    }
    namespace = next(iter(read))[0]
    dashboard = resources["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
    shown = re.findall(rf'\["{namespace}", "(\w+)", "(\w+)", "(\w+)"', dashboard)
    read |= {(namespace, metric, f"{name}={value}") for metric, name, value in shown}

    assert {metric for _, metric, *_ in read} == {"Demandes", "Refus", "NonEvaluees", "ProbabiliteDeDefaut"}
    assert read - written == set()


def test_dashboard_searches_for_refusals_that_are_counted(lines: list[dict[str, Any]]) -> None:
    """Refused requests are counted by status, under the very namespace and dimensions that the dashboard searches."""
    dashboard = read_template()["Resources"]["Dashboard"]["Properties"]["DashboardBody"]["Sub"]
    ((namespace, *dimensions), metric), *rest = [
        (where.split(","), name) for where, name in re.findall(r"SEARCH\('{(.+?)} MetricName=\W+(\w+)", dashboard)
    ]
    counted = {
        line["Statut"]
        for line in lines
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", [])
        if directive["Namespace"] == namespace and dimensions in directive["Dimensions"] and metric in line
    }

    assert rest == []
    # The routes of dossiers are the other function's: this one does not know them.
    assert counted == {"400", "404", "422"}


def test_no_line_but_the_record_holds_an_applicants_value(lines: list[dict[str, Any]]) -> None:
    """Values, wrong values, unknown fields and identifiers are in no other line, whatever the request came to."""
    others = [json.dumps(line, ensure_ascii=False) for line in lines if line.get(EVENT) != Event.AUDIT]
    told = "\n".join(others)
    values = {
        json.dumps(value, ensure_ascii=False).strip('"')
        for one in golden_applications(BUNDLE)
        for value in one["application"].values()
        if value is not None
    }
    telling = {value for value in values if len(value) >= SHORTEST_TELLING} | {WORD, str(NUMBER), IDENTIFIER}

    assert len(telling) > 100
    assert len(others) > 50
    assert [value for value in sorted(telling) if re.search(rf"(?<![\w.]){re.escape(value)}(?![\w.])", told)] == []


def test_no_line_holds_the_identifier_of_an_applicant(lines: list[dict[str, Any]]) -> None:
    """The records carry its keyed hash: one of them at least."""
    hashes = {line["demandeur"] for line in lines if line.get("demandeur")}

    assert len(hashes) == 1
    assert IDENTIFIER not in json.dumps(lines)
