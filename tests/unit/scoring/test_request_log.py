"""The request log: one JSON line a request with its metrics, and no applicant in it."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

import pytest

from scoring.log_lines import Event
from scoring.request_log import NAMESPACE, RequestLog, configure_log

if TYPE_CHECKING:
    from collections.abc import Callable

Line = dict[str, object]


IDENTITY = {"version_modele": "modele:7", "empreinte": "e" * 64}
QUIET, MEASURED = RequestLog(IDENTITY), RequestLog(IDENTITY, with_metrics=True)


def a_score(log: RequestLog = QUIET, **metrics: object) -> None:
    """Log one decision."""
    log.answered(Event.SCORE, {"id_requete": "r-1", "classe": "accepte"}, {"Latence": 1.5} | metrics)


@pytest.fixture
def raised() -> Callable[[Exception, Exception | None], Exception]:
    """Return an error as it is after it was raised, from another one or not."""

    def raise_it(error: Exception, cause: Exception | None) -> Exception:
        try:
            raise error from cause  # noqa: TRY301  raising here is the point
        except Exception as caught:  # noqa: BLE001  whatever it is, it is the one given
            return caught

    return raise_it


def test_answer_is_logged_with_what_is_served(logged: list[Line]) -> None:
    """A line has the event, the version, the hash of the bundle and the facts of the request, and nothing more."""
    a_score()

    assert logged == [
        {"niveau": "INFO", "evenement": "score", **IDENTITY, "id_requete": "r-1", "classe": "accepte"},
    ]


def test_start_is_logged_with_the_settings_in_force(logged: list[Line]) -> None:
    """Whoever reads the log knows under which threshold the function answers from here on."""
    QUIET.start({"seuil": 0.2})

    assert logged == [{"niveau": "INFO", "evenement": "demarrage", **IDENTITY, "seuil": 0.2}]


def test_metrics_stand_in_the_line_itself(logged: list[Line]) -> None:
    """CloudWatch reads the values from the line, under dimensions that do not grow."""
    a_score(MEASURED)
    (line,) = logged
    (directive,) = line["_aws"]["CloudWatchMetrics"]

    assert (line["Requetes"], line["Latence"], line["classe"]) == (1, 1.5, "accepte")
    assert (directive["Namespace"], directive["Dimensions"]) == (NAMESPACE, [["Service"], ["Service", "Evenement"]])
    assert [one["Name"] for one in directive["Metrics"]] == ["Requetes", "Latence"]
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_what_ends_a_canary_is_counted_by_version_too(logged: list[Line], monkeypatch: pytest.MonkeyPatch) -> None:
    """Alarms look at the new version alone; what no alarm reads by version is not counted by it."""
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "scoring")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
    a_score(MEASURED, Demandes=1, Refus=0)
    MEASURED.refused(request_id="r", status=422, codes=[], applications=1)
    MEASURED.failed(request_id="r", code="SCR500", error=KeyError())
    counted = [line["_aws"]["CloudWatchMetrics"][-1] for line in logged]

    assert [one["Dimensions"] for one in counted] == [[["Fonction", "Version"]]] * 3
    assert [[metric["Name"] for metric in one["Metrics"]] for one in counted] == [
        ["Demandes", "Refus"],
        ["NonEvaluees"],
        ["Erreurs"],
    ]
    assert {(line["Fonction"], line["Version"], line["empreinte"]) for line in logged} == {
        ("scoring", "7", IDENTITY["empreinte"])
    }


def test_metrics_of_a_batch_come_in_pieces_cloudwatch_takes(logged: list[Line]) -> None:
    """No list is longer than 100 values, no value is lost, and counts are told once."""
    a_score(MEASURED, ProbabiliteDeDefaut=list(range(250)), Couverture=[0.5])

    assert [line["ProbabiliteDeDefaut"] for line in logged] == [
        list(range(100)),
        list(range(100, 200)),
        list(range(200, 250)),
    ]
    assert [(line.get("Requetes"), line.get("Couverture")) for line in logged] == [
        (1, [0.5]),
        (None, None),
        (None, None),
    ]


@pytest.mark.usefixtures("untouched_loggers")
def test_metrics_are_written_at_any_level(capsys: pytest.CaptureFixture[str]) -> None:
    """With ERROR the facts of a decision are left out, its metrics are not: alarms must not fall silent."""
    configure_log("ERROR")
    a_score(MEASURED)
    line = json.loads(capsys.readouterr().out)

    assert ("classe" in line, line["Requetes"]) == (False, 1)


def test_question_is_counted_unless_it_is_asked_often(logged: list[Line]) -> None:
    """A watcher's question is no client's request: its line carries no count."""
    MEASURED.read("model", request_id="r-1")
    MEASURED.read("health", request_id="r-2", often=True)

    assert [(line["niveau"], line.get("Requetes")) for line in logged] == [("INFO", 1), ("DEBUG", None)]


@pytest.mark.parametrize(
    ("tell", "name", "kind", "value"),
    [("refused", "RequetesRefusees", "Statut", "422"), ("failed", "Erreurs", "Code", "SCR500")],
)
def test_refusals_and_failures_are_counted_by_kind(
    logged: list[Line], tell: str, name: str, kind: str, value: str
) -> None:
    """Each kind of trouble has its own count, for its own alarm: refusals by status, failures by code."""
    if tell == "refused":
        MEASURED.refused(request_id="r", status=422, codes=[])
    else:
        MEASURED.failed(request_id="r", code="SCR500", error=KeyError())

    (line,) = logged
    directive, *_ = line["_aws"]["CloudWatchMetrics"]
    assert (line["Requetes"], line[name], line[kind]) == (1, 1, value)
    assert directive["Dimensions"] == [["Service"], ["Service", "Evenement"], ["Service", "Evenement", kind]]


def test_log_refused_request_says_by_which_rules(logged: list[Line]) -> None:
    """A refused request is a warning with its status and codes."""
    QUIET.refused(request_id="r-1", status=422, codes=["SCR101", "SCR103"])

    assert logged == [
        {
            "niveau": "WARNING",
            "evenement": "requete_refusee",
            **IDENTITY,
            "id_requete": "r-1",
            "statut": 422,
            "codes": ["SCR101", "SCR103"],
        }
    ]


def test_log_failure_says_what_failed_and_where(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """A failure is an error with its code, its kind and the calls that led to it."""
    QUIET.failed(request_id="r-1", code="SCR500", error=raised(KeyError("x"), None))
    (line,) = logged
    (failure,) = line.pop("erreurs")

    assert line == {"niveau": "ERROR", "evenement": "erreur", **IDENTITY, "id_requete": "r-1", "code": "SCR500"}
    assert failure["type"] == "KeyError"
    assert failure["pile"][-1].split(":")[0].endswith("test_request_log.py")
    assert failure["pile"][-1].endswith(" raise_it")


def test_log_failure_tells_what_an_error_came_from(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """The cause stands after the error, and its own cause after that."""
    cause = raised(ValueError("b"), raised(KeyError("c"), None))
    QUIET.failed(request_id="r-1", code="SCR500", error=raised(RuntimeError("a"), cause))

    assert [one["type"] for one in logged[0]["erreurs"]] == ["RuntimeError", "ValueError", "KeyError"]


def test_log_failure_tells_during_what_an_error_came_up(logged: list[Line]) -> None:
    """An error in the handling of another is told with it."""
    try:
        try:
            {}["c"]
        except KeyError:
            int("x")
    except ValueError as error:
        QUIET.failed(request_id="r-1", code="SCR500", error=error)

    assert [one["type"] for one in logged[0]["erreurs"]] == ["ValueError", "KeyError"]


def test_log_failure_never_repeats_a_message(
    logged: list[Line], raised: Callable[[Exception, Exception | None], Exception]
) -> None:
    """A message may quote an applicant's value, the cause's as well."""
    QUIET.failed(request_id="r-1", code="SCR500", error=raised(KeyError("SECRET"), ValueError("SECRET")))

    assert "SECRET" not in json.dumps(logged)


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_writes_one_json_line_a_request(capsys: pytest.CaptureFixture[str]) -> None:
    """CloudWatch makes one event of a line; a failure is one line as well."""
    configure_log("INFO")
    a_score()
    QUIET.failed(request_id="r-2", code="SCR500", error=KeyError("x"))

    lines = capsys.readouterr().out.splitlines()
    assert [json.loads(line)["id_requete"] for line in lines] == ["r-1", "r-2"]


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_keeps_accents(capsys: pytest.CaptureFixture[str]) -> None:
    """What people read is not escaped."""
    configure_log("INFO")
    QUIET.refused(request_id="numéro", status=404, codes=[])

    assert "numéro" in capsys.readouterr().out


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_leaves_out_what_is_below_its_level(capsys: pytest.CaptureFixture[str]) -> None:
    """With WARNING, decisions are not logged and refused requests are."""
    configure_log("WARNING")
    a_score()
    QUIET.refused(request_id="r-2", status=404, codes=["SCR404"])

    assert [json.loads(line)["evenement"] for line in capsys.readouterr().out.splitlines()] == ["requete_refusee"]


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_can_be_configured_again(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """A second configuration replaces the first, and no other logger repeats a line."""
    configure_log("INFO")
    configure_log("INFO")
    a_score()

    assert (len(capsys.readouterr().out.splitlines()), caplog.records) == (1, [])


@pytest.mark.usefixtures("untouched_loggers")
def test_configured_log_keeps_mangum_from_repeating_a_failure() -> None:
    """Mangum would log an exception with its message, which may quote a value."""
    configure_log("DEBUG")

    assert not logging.getLogger("mangum.http").isEnabledFor(logging.ERROR)
