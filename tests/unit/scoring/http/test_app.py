"""The HTTP surface: routes, statuses and what never leaves the function."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from scoring import __version__
from scoring.contract import CONTRACT_FILE, EVIDENCE_FILE
from scoring.errors import ContractError, ModelOutputError, ScoringError, SettingsError
from scoring.evidence import Evidence
from scoring.http.app import create_app
from scoring.http.problems import PROBLEM_MEDIA_TYPE, STATUS_OF_ERROR
from scoring.http.reply_schemas import ScoreReply
from scoring.reasons import PRINCIPAL_REASONS
from scoring.service import ScoringService

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.bundle import Bundle
    from scoring.contract import Contract, Input
    from scoring.features import Value

    type Ask = Callable[..., httpx.Response]

Line = dict[str, object]
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def told_of(lines: list[Line], event: str) -> list[Line]:
    """Return the log lines of one kind."""
    return [line for line in lines if line["evenement"] == event]


@pytest.fixture(scope="module")
def body(request_of: Callable[..., dict[str, Value]]) -> str:
    """Return a valid body, with one optional value missing."""
    return json.dumps(request_of(EXT_SOURCE_1=...))


@pytest.fixture
def failing(
    a_contract: Callable[..., Contract], a_bundle: Callable[..., Bundle], fake_model: type, fake_explainer: type
) -> Callable[[Exception], FastAPI]:
    """Return an application whose model raises what it is given."""
    contract = a_contract()
    return lambda error: create_app(
        ScoringService(contract, fake_model(error=error), fake_explainer()), a_bundle(contract)
    )


def test_score_answers_with_the_fields_clients_know(ask: Ask, app: FastAPI, body: str) -> None:
    """The reply has exactly the promised fields."""
    reply = ask(app, "POST", "/v1/score", body)

    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    assert ScoreReply.model_validate(reply.json()).model_dump(mode="json") == reply.json()
    assert set(ScoreReply.model_fields) == set(reply.json())
    assert 1 <= len(reply.json()["explications_locales"]) <= PRINCIPAL_REASONS


def test_score_answers_what_the_service_scored(ask: Ask, app: FastAPI, body: str, service: ScoringService) -> None:
    """Probability, class and threshold are the service's, bit for bit."""
    scored = service.score(json.loads(body))
    reply = ask(app, "POST", "/v1/score", body).json()

    expected = (scored.default_probability, scored.decision.value, service.contract.decision.threshold)
    assert expected == (reply["probabilite_de_defaut"], reply["classe"], reply["seuil"])


def test_score_is_stamped_with_its_time_in_utc(ask: Ask, app: FastAPI, body: str) -> None:
    """The time is the present one, to the millisecond, with its zone."""
    told = datetime.fromisoformat(ask(app, "POST", "/v1/score", body).json()["meta"]["horodatage"])

    assert told.tzinfo == UTC
    assert datetime.now(UTC) - told < timedelta(seconds=30)


def test_score_tells_how_long_it_took(ask: Ask, app: FastAPI, body: str) -> None:
    """The latency is a positive number of milliseconds."""
    assert 0 < ask(app, "POST", "/v1/score", body).json()["meta"]["latence_ms"] < 10_000


def test_score_does_not_look_at_the_query(ask: Ask, app: FastAPI, body: str) -> None:
    """What is scored is in the body alone: a value in the address is refused, not passed over."""
    asked = ask(app, "POST", "/v1/score?AMT_CREDIT=1", body)

    assert (asked.status_code, asked.json()["problemes"][0]["code"]) == (422, "SCR109")


def test_contract_is_published_as_it_was_written(ask: Ask, app: FastAPI, bundle_dir: Path) -> None:
    """Clients read the contract's own bytes."""
    reply = ask(app, "GET", "/v1/contract")

    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    assert (bundle_dir / CONTRACT_FILE).read_bytes() == reply.content


def test_evidence_is_published_as_it_was_written(ask: Ask, app: FastAPI, bundle_dir: Path) -> None:
    """Clients read the sealed file's own bytes, and they are what the route describes."""
    reply = ask(app, "GET", "/v1/evidence")

    assert (bundle_dir / EVIDENCE_FILE).read_bytes() == reply.content
    assert Evidence.model_validate_json(reply.content).simulator.segments


def test_health_names_the_version_and_the_run(
    ask: Ask,
    a_contract: Callable[..., Contract],
    a_bundle: Callable[..., Bundle],
    fake_model: type,
    fake_explainer: type,
) -> None:
    """Whoever asks learns which release answers, and for which model."""
    contract = a_contract()
    bundle = a_bundle(contract)
    app = create_app(ScoringService(contract, fake_model(), fake_explainer()), bundle)
    reply = ask(app, "GET", "/health")

    versions = {"version": __version__, "version_modele": f"modele:7+{bundle.seal[:8]}"}
    assert reply.json() == {"statut": "ok", **versions, "execution": "run-1"}


def _through(app: FastAPI, **scope: object) -> FastAPI:
    """Put what Mangum adds to the scope of a request before the application."""

    async def adapted(asgi: dict[str, object], receive: object, send: object) -> None:
        await app(asgi | scope, receive, send)

    return adapted


class _Context:
    aws_request_id = "from-lambda"


def test_request_id_is_the_gateways(ask: Ask, app: FastAPI, body: str) -> None:
    """API Gateway's identifier wins, so that its access log and ours agree."""
    scope = {"aws.event": {"requestContext": {"requestId": "from-gateway"}}, "aws.context": _Context()}
    reply = ask(_through(app, **scope), "POST", "/v1/score", body)

    assert reply.json()["meta"]["id_requete"] == "from-gateway"


@pytest.mark.parametrize("event", [{}, {"requestContext": {}}])
def test_request_id_is_lambdas_without_a_gateway(ask: Ask, app: FastAPI, body: str, event: dict[str, object]) -> None:
    """A function called by its own name has Lambda's identifier."""
    reply = ask(_through(app, **{"aws.event": event, "aws.context": _Context()}), "POST", "/v1/score", body)

    assert reply.json()["meta"]["id_requete"] == "from-lambda"


def test_request_id_is_a_new_one_on_a_local_server(ask: Ask, app: FastAPI, body: str) -> None:
    """Two local requests have two identifiers."""
    first, second = (ask(app, "POST", "/v1/score", body).json()["meta"]["id_requete"] for _ in range(2))

    assert UUID.fullmatch(first)
    assert UUID.fullmatch(second)
    assert first != second


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/v1/nothing", (404, "SCR404", "Ressource inconnue")),
        ("GET", "/", (404, "SCR404", "Ressource inconnue")),
        ("POST", "/v1/score/x", (404, "SCR404", "Ressource inconnue")),
        ("GET", "/v1/score", (405, "SCR405", "Méthode non admise")),
        ("DELETE", "/v1/contract", (405, "SCR405", "Méthode non admise")),
        ("POST", "/health", (405, "SCR405", "Méthode non admise")),
    ],
)
def test_wrong_address_is_answered_as_a_problem(
    ask: Ask, app: FastAPI, method: str, path: str, expected: tuple[int, str, str]
) -> None:
    """What the framework refuses has the form and the language of all refusals."""
    reply = ask(app, method, path)
    told = reply.json()

    assert expected == (reply.status_code, told["code"], told["title"])
    assert (told["status"], told["problemes"]) == (reply.status_code, [])
    assert reply.headers["content-type"] == PROBLEM_MEDIA_TYPE


@pytest.mark.parametrize(("method", "path", "allowed"), [("GET", "/v1/score", "POST"), ("POST", "/health", "GET")])
def test_wrong_method_is_told_the_right_one(ask: Ask, app: FastAPI, method: str, path: str, allowed: str) -> None:
    """RFC 9110 asks for Allow in a 405."""
    assert allowed == ask(app, method, path).headers["allow"]


def test_head_is_refused_where_only_post_is_admitted(ask: Ask, app: FastAPI) -> None:
    """HEAD on the scoring route is a 405 as any other wrong method."""
    assert ask(app, "HEAD", "/v1/score").status_code == 405


def test_invalid_application_is_a_422_with_every_problem(ask: Ask, app: FastAPI) -> None:
    """Field, code, detail and what was received, for each problem, in French."""
    reply = ask(app, "POST", "/v1/score", '{"AMT_CREDIT": "1"}')
    told = reply.json()

    assert (reply.status_code, told["code"], told["title"]) == (422, "SCR100", "Demande non conforme au contrat")
    assert reply.headers["content-type"] == PROBLEM_MEDIA_TYPE
    assert told["problemes"][2] == {
        "champ": "AMT_CREDIT",
        "code": "SCR102",
        "detail": "Type incorrect : un nombre JSON (ni chaîne, ni booléen) est attendu.",
        "recu": "1",
    }


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": NaN}', b'{"\\ud800": 1}'])
def test_unreadable_body_is_a_400(ask: Ask, app: FastAPI, content: bytes) -> None:
    """A body that is no JSON in UTF-8 is a 400 problem."""
    reply = ask(app, "POST", "/v1/score", content)
    told = reply.json()

    assert (reply.status_code, told["title"], told["problemes"][0]["code"]) == (400, "Requête illisible", "SCR110")


def test_answer_that_is_no_probability_is_a_500_with_its_code(
    ask: Ask, failing: Callable[[Exception], FastAPI], logged: list[Line]
) -> None:
    """The client learns that it is not at fault, the log learns why."""
    reply = ask(failing(ModelOutputError("SCR501", "no probability")), "POST", "/v1/score", '{"AMT_CREDIT": 1}')

    assert (reply.status_code, reply.json()["code"], reply.json()["title"]) == (500, "SCR501", "Erreur interne")
    (line,) = told_of(logged, "erreur")
    assert (line["code"], line["erreurs"][0]["type"]) == ("SCR501", "ModelOutputError")


@pytest.mark.parametrize(
    "error", [RuntimeError("SECRET"), KeyError("SECRET"), ExceptionGroup("SECRET", [ValueError()])]
)
def test_unexpected_failure_is_a_500_that_leaks_nothing(
    ask: Ask, failing: Callable[[Exception], FastAPI], error: Exception
) -> None:
    """Neither the message nor the kind nor a file name of the failure reaches the client."""
    reply = ask(failing(error), "POST", "/v1/score", '{"AMT_CREDIT": 123456}')
    told = reply.json()

    assert (reply.status_code, told.pop("id_requete") != "") == (500, True)
    assert told == {
        "type": "about:blank",
        "title": "Erreur interne",
        "status": 500,
        "detail": "La demande n'a pas été évaluée ; citez id_requete au support.",
        "code": "SCR500",
        "problemes": [],
        "problemes_omis": 0,
    }


def test_unexpected_failure_is_logged_with_its_calls_but_no_value(
    ask: Ask, failing: Callable[[Exception], FastAPI], logged: list[Line]
) -> None:
    """The engineer finds the request and the line at fault; the applicant is not in the log."""
    reply = ask(failing(RuntimeError("SECRET 123456")), "POST", "/v1/score", '{"AMT_CREDIT": 123456}')
    (line,) = told_of(logged, "erreur")

    assert (line["niveau"], line["code"], line["id_requete"]) == ("ERROR", "SCR500", reply.json()["id_requete"])
    assert line["erreurs"][0]["pile"][-1].endswith(" score")
    assert "123456" not in json.dumps(line)


def test_every_scoring_error_has_its_status() -> None:
    """The one table from errors to statuses forgets no class."""
    assert set(ScoringError.__subclasses__()) == set(STATUS_OF_ERROR)


@pytest.mark.parametrize("kind", [ContractError, SettingsError])
def test_error_of_the_cold_start_is_a_500_if_it_comes_later(
    ask: Ask, failing: Callable[[Exception], FastAPI], kind: type[ScoringError]
) -> None:
    """Every class of the table is answered with its own code."""
    reply = ask(failing(kind("SCR299", "…")), "POST", "/v1/score", '{"AMT_CREDIT": 1}')

    assert (reply.status_code, reply.json()["code"]) == (500, "SCR299")


def test_decision_is_logged_without_the_applicant(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], logged: list[Line]
) -> None:
    """One line with id, version, decision, probability and counts; no value of the application."""
    application = request_of(AMT_CREDIT=451_237.25, EXT_SOURCE_1=None, OCCUPATION_TYPE="Cooking staff")
    reply = ask(app, "POST", "/v1/score", json.dumps(application)).json()
    (line,) = logged

    assert (line["id_requete"], line["classe"]) == (reply["meta"]["id_requete"], reply["classe"])
    assert (line["version_modele"], line["valeurs_manquantes"]) == (reply["meta"]["version_modele"], 1)
    assert round(reply["probabilite_de_defaut"], 6) == line["probabilite_de_defaut"]
    assert ("451237" in json.dumps(line), "Cooking" in json.dumps(line)) == (False, False)


@pytest.mark.parametrize(
    ("method", "path", "content", "codes"),
    [
        ("POST", "/v1/score", '{"AMT_CREDIT": -451237, "SECRET": 1}', ["SCR101", "SCR103", "SCR105"]),
        ("POST", "/v1/score", "{SECRET", ["SCR110"]),
        ("GET", "/v1/SECRET", None, ["SCR404"]),
    ],
)
def test_refused_request_is_logged_by_its_rules_alone(
    ask: Ask, app: FastAPI, logged: list[Line], method: str, path: str, content: str | None, codes: list[str]
) -> None:
    """The rules that were broken are logged, what was sent is not."""
    reply = ask(app, method, path, content)
    (line,) = logged

    assert (line["niveau"], line["statut"], line["codes"]) == ("WARNING", reply.status_code, codes)
    assert line["id_requete"] == reply.json()["id_requete"]
    assert ("451237" in json.dumps(line), "SECRET" in json.dumps(line)) == (False, False)


@pytest.mark.parametrize("route", ["model", "contract", "evidence"])
def test_question_about_the_model_leaves_a_line(ask: Ask, app: FastAPI, logged: list[Line], route: str) -> None:
    """Every request has its line: who asked what the model is can be told by its identifier."""
    ask(app, "GET", f"/v1/{route}")
    (line,) = logged

    assert (line["niveau"], line["evenement"], line["route"]) == ("INFO", "lecture", route)
    assert re.fullmatch(r"[0-9a-f-]{36}", line["id_requete"])


def test_health_check_is_a_line_for_debugging_alone(ask: Ask, app: FastAPI, logged: list[Line]) -> None:
    """A health check every second leaves the log to the decisions, and the count of requests to clients."""
    ask(app, "GET", "/health")

    assert [(line["niveau"], line["route"]) for line in logged] == [("DEBUG", "health")]


def test_openapi_shows_the_request_of_the_contract(
    ask: Ask,
    a_contract: Callable[..., Contract],
    an_input: Callable[..., Input],
    a_bundle: Callable[..., Bundle],
    fake_model: type,
    fake_explainer: type,
) -> None:
    """Types, bounds and required fields can be read in /openapi.json."""
    contract = a_contract(an_input("A", minimum=1.0), an_input("B", required=False))
    app = create_app(ScoringService(contract, fake_model(), fake_explainer()), a_bundle(contract))
    openapi = ask(app, "GET", "/openapi.json").json()
    operation = openapi["paths"]["/v1/score"]["post"]
    shared = operation["requestBody"]["content"]["application/json"]["schema"]
    schema = openapi["components"]["schemas"]["Demande"]

    assert shared == {"$ref": "#/components/schemas/Demande"}
    assert (list(schema["properties"]), schema["required"]) == (["A", "B"], ["A"])
    assert schema["properties"]["A"]["minimum"] == 1.0


def test_openapi_shows_the_reply_and_the_refusals(ask: Ask, app: FastAPI) -> None:
    """A client can generate its types for 200 and for every refusal, under the media type each is sent with."""
    responses = ask(app, "GET", "/openapi.json").json()["paths"]["/v1/score"]["post"]["responses"]
    described = {
        status: {kind: content["schema"]["$ref"].split("/")[-1] for kind, content in one["content"].items()}
        for status, one in responses.items()
    }

    assert described.pop("200") == {"application/json": "ScoreReply"}
    refusals = ["400", "403", "404", "405", "409", "413", "415", "422", "429", "500", "502", "503", "504"]
    assert described == {status: {"application/problem+json": "Problem"} for status in refusals}


def test_docs_can_be_read_in_a_browser(ask: Ask, app: FastAPI) -> None:
    """The address the 404 names is there; it finds the description beside itself, whatever stage is before both."""
    reply = ask(app, "GET", "/docs")

    assert (reply.status_code, "url: 'openapi.json'" in reply.text) == (200, True)


def test_frameworks_telemetry_is_off(app: FastAPI) -> None:
    """No span, metric or record of an exception leaves by a provider that somebody configures."""
    settings = {name: app._telemetry[name] for name in ("tracing", "metrics", "logs", "auto_configure")}  # noqa: SLF001  FastAPI has no other way to ask

    assert settings == dict.fromkeys(settings, False)
