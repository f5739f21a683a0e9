"""The routes: every reply in its promised shape, one line a request, and records for the sample."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from scoring.app import create_app
from scoring.errors import ModelOutputError
from scoring.replies import BatchReply, Health, LeversReply, ModelReply, Problem, ScoreReply
from scoring.service import ScoringService
from scoring.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.contract import Contract, Input
    from scoring.features import Value

    type Ask = Callable[..., httpx.Response]
    type Line = dict[str, Any]

KEY = "a key of the tests"


@pytest.fixture(scope="module")
def app(service: ScoringService) -> FastAPI:
    """Return the application over the trees' bundle."""
    return create_app(service)


@pytest.fixture(scope="module")
def post(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Send a JSON body and return the reply, its shape and status checked."""
    shapes = {"/v1/score": ScoreReply, "/v1/score/batch": BatchReply, "/v1/leviers": LeversReply}

    def send(app: FastAPI, path: str, content: object, *, status: int = 200, **headers: str) -> dict[str, Any]:
        reply = ask(app, "POST", path, json.dumps(content), headers)
        shape = shapes[path.partition("?")[0]] if status == 200 else Problem
        assert status == reply.status_code, reply.text
        assert shape.model_validate_json(reply.content).model_dump(mode="json") == reply.json()
        return reply.json()

    return send


@pytest.fixture
def records(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Line]]:
    """Collect the audit records; the key is where the configuration has it."""
    lines: list[Line] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(record.getMessage()))

    monkeypatch.setenv("AUDIT_HASH_KEY", KEY)
    logger = logging.getLogger("scoring.audit")
    before = logger.handlers, logger.propagate, logger.level
    logger.handlers, logger.propagate = [Collector()], False
    logger.setLevel(logging.INFO)
    yield lines
    logger.handlers, logger.propagate = before[:2]
    logger.setLevel(before[2])


@pytest.mark.parametrize("count", [0, 1, 5, 10])
def test_score_gives_as_many_reasons_as_asked(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], count: int
) -> None:
    """The caller chooses, and what is not listed is summed: base, reasons and the rest make the margin."""
    reply = post(app, f"/v1/score?raisons={count}", request_of())
    told = sum(one["contribution"] for one in reply["explications_locales"])

    assert count == len(reply["explications_locales"])
    assert (reply["autres_contributions"] is None) == (count == 0)
    if count:
        total = reply["valeur_de_base"] + told + reply["autres_contributions"]
        assert reply["marge"] == pytest.approx(total, abs=1e-9)


@pytest.mark.parametrize("asked", ["11", "-1", "1.0", "", "cinq", "0x1", "1&raisons=2", "%C2%B2"])
def test_score_refuses_another_number_of_reasons(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], asked: str
) -> None:
    """Anything but one whole number from 0 to 10 is SCR108 on its own field."""
    (problem,) = post(app, f"/v1/score?raisons={asked}", request_of(), status=422)["problemes"]

    assert (problem["champ"], problem["code"]) == ("raisons", "SCR108")


@pytest.mark.parametrize(
    ("accepted", "language", "expected"),
    [("en", "en", "raises"), ("fr-FR, en;q=0.9", "fr", "augmente"), ("de", "fr", "augmente")],
)
def test_score_speaks_the_readers_language(
    ask: Ask,
    app: FastAPI,
    request_of: Callable[..., dict[str, Value]],
    accepted: str,
    language: str,
    expected: str,
) -> None:
    """Texts follow Accept-Language, the reply says in which language they are; numbers do not change."""
    body = json.dumps(request_of(EXT_SOURCE_2=0.01))
    plain, reply = (ask(app, "POST", "/v1/score", body, headers) for headers in ({}, {"accept-language": accepted}))

    assert (reply.headers["content-language"], expected in reply.text) == (language, True)
    assert plain.json()["probabilite_de_defaut"] == reply.json()["probabilite_de_defaut"]


def test_score_reports_what_is_missing_and_unusual(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], service: ScoringService
) -> None:
    """The reply says how much of the picture was there, what lacks and what lies outside its usual range."""
    reply = post(app, "/v1/score", request_of(FLAG_PHONE=None, CNT_FAM_MEMBERS=60))
    (signal,) = reply["signalements"]

    assert reply["valeurs_manquantes"] == ["FLAG_PHONE"]
    assert reply["couverture"] == pytest.approx(1 - service.contract.coverage.weights["FLAG_PHONE"])
    assert (signal["champ"], signal["code"]) == ("CNT_FAM_MEMBERS", "valeur_inhabituelle")
    assert signal["detail"] == "Valeur hors de la plage habituelle, de 1 à 5."


def test_score_refuses_what_shows_too_little(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Leaving values out is no way to a better answer: below the floor there is none, and the reply says what helps."""
    left_out = dict.fromkeys(("EXT_SOURCE_1", "EXT_SOURCE_2", "EXT_SOURCE_3", "OCCUPATION_TYPE"), ...)
    (problem,) = post(app, "/v1/score", request_of(**left_out), status=422)["problemes"]

    assert (problem["champ"], problem["code"]) == ("", "SCR120")
    assert "EXT_SOURCE_2" in problem["detail"]


@pytest.mark.parametrize(("policy", "status", "signals"), [("ignore", 200, 0), ("report", 200, 1), ("refuse", 422, 0)])
def test_unknown_fields_follow_the_policy(
    post: Callable[..., Line],
    service: ScoringService,
    request_of: Callable[..., dict[str, Value]],
    policy: str,
    status: int,
    signals: int,
) -> None:
    """A field the contract does not have is passed over, reported or refused, as the configuration says."""
    strict = create_app(service, Settings(unknown_fields=policy))
    reply = post(strict, "/v1/score", request_of() | {"CODE_GENDER": "F"}, status=status)

    assert signals == len(reply.get("signalements", []))
    assert [one["code"] for one in reply.get("problemes", [])] == (["SCR105"] if status == 422 else [])


@pytest.mark.parametrize("policy", ["report", "refuse"])
def test_reply_to_thousands_of_problems_stays_small(
    ask: Ask, service: ScoringService, request_of: Callable[..., dict[str, Value]], policy: str
) -> None:
    """Lambda answers with 6 MB at most: the list is cut, and says how much is left out."""
    app = create_app(service, Settings(unknown_fields=policy))
    body = request_of() | {f"{'k' * 500}{number}": "v" * 100 for number in range(3_000)}
    reply = ask(app, "POST", "/v1/score", json.dumps(body))

    assert len(reply.content) < 50_000
    if policy == "refuse":
        assert (len(reply.json()["problemes"]), reply.json()["problemes_omis"]) == (50, 2_950)


def test_batch_answers_as_single_calls_do(
    post: Callable[..., Line], app: FastAPI, golden: list[dict[str, Any]]
) -> None:
    """Alone or among others, an application gets the same answer, bit for bit, reasons included."""
    applications = [one["application"] for one in golden]
    rows = post(app, "/v1/score/batch?raisons=3", {"demandes": applications})["resultats"]
    alone = [post(app, "/v1/score?raisons=3", one) for one in applications]

    left_out = {"index", "statut", "seuil", "meta"}
    assert [{k: v for k, v in row.items() if k not in left_out} for row in rows] == [
        {k: v for k, v in one.items() if k not in left_out} for one in alone
    ]


def test_bad_row_does_not_sink_the_others(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Each application is answered in its place: scored, not conforming, or too incomplete."""
    bare = request_of(EXT_SOURCE_1=..., EXT_SOURCE_2=..., EXT_SOURCE_3=..., OCCUPATION_TYPE=...)
    reply = post(
        app, "/v1/score/batch", {"demandes": [request_of(), request_of(AMT_CREDIT="1"), bare, 7, request_of()]}
    )

    assert [(one["index"], one["statut"]) for one in reply["resultats"]] == [
        (0, "evaluee"),
        (1, "non_evaluee"),
        (2, "non_evaluee"),
        (3, "non_evaluee"),
        (4, "evaluee"),
    ]
    assert (reply["compte"]["evaluees"], reply["compte"]["non_evaluees"], reply["compte"]["demandes"]) == (2, 3, 5)
    assert [one["problemes"][-1]["code"] for one in reply["resultats"][1:4]] == ["SCR102", "SCR120", "SCR102"]


def test_batch_of_nothing_but_bad_rows_is_answered(post: Callable[..., Line], app: FastAPI) -> None:
    """Where nothing can be scored, everything is told."""
    reply = post(app, "/v1/score/batch", {"demandes": [{}, []]})

    assert (reply["compte"]["evaluees"], [one["statut"] for one in reply["resultats"]]) == (0, ["non_evaluee"] * 2)


def test_batch_of_bad_rows_stays_small(
    ask: Ask, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Hundreds of rows with dozens of problems each fit into a reply of Lambda."""
    wrong = dict.fromkeys(request_of(), "x" * 100) | {f"k{number}": 1 for number in range(60)}
    reply = ask(create_app(service), "POST", "/v1/score/batch", json.dumps({"demandes": [wrong] * 400}))
    rows = reply.json()["resultats"]

    assert (reply.status_code, len(reply.content) < 3_000_000) == (200, True)
    assert sum(len(one["problemes"]) for one in rows) == 1_000
    assert {len(one["problemes"]) + one["problemes_omis"] for one in rows} == {75}


@pytest.mark.parametrize(
    ("content", "field", "code"),
    [
        ([], "demandes", "SCR102"),
        ({}, "demandes", "SCR102"),
        ({"demandes": {}}, "demandes", "SCR102"),
        ({"demandes": []}, "demandes", "SCR111"),
        ({"demandes": [{}] * 6}, "demandes", "SCR111"),
        ({"demandes": [{}], "more": 1}, "more", "SCR105"),
        ({"demandes": [{}], "identifiants": []}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": [1]}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": ["x" * 201]}, "identifiants", "SCR102"),
        ({"demandes": [{}], "identifiants": "x"}, "identifiants", "SCR102"),
    ],
)
def test_batch_that_is_none_is_refused(
    post: Callable[..., Line], service: ScoringService, content: object, field: str, code: str
) -> None:
    """The envelope has its own rules, and each is named."""
    app = create_app(service, Settings(max_batch=5))
    (problem,) = post(app, "/v1/score/batch", content, status=422)["problemes"]

    assert (problem["champ"], problem["code"]) == (field, code)


def test_identifier_that_is_too_long_is_refused(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Cut short, two applicants would be one; the longest that is admitted is kept whole."""
    app = create_app(service)
    post(app, "/v1/score", request_of(), **{"x-identifiant-demandeur": "x" * 200})
    (problem,) = post(app, "/v1/score", request_of(), status=422, **{"x-identifiant-demandeur": "x" * 201})["problemes"]

    assert (problem["champ"], problem["code"], problem["recu"]) == ("x-identifiant-demandeur", "SCR102", 201)


def test_body_over_the_limit_is_a_413(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """A body one byte too long is not read to its end."""
    app = create_app(service, Settings(max_body_bytes=1_000))
    (problem,) = post(app, "/v1/score", request_of() | {"x": "y" * 1_000}, status=413)["problemes"]

    assert problem["code"] == "SCR413"


def test_body_that_comes_in_pieces_is_measured_as_it_comes(ask: Ask, service: ScoringService) -> None:
    """A sender that does not say how much will come is stopped at the limit."""
    app = create_app(service, Settings(max_body_bytes=1_000))

    async def without_length(scope: dict[str, Any], receive: object, send: object) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
        await app(scope | {"headers": headers}, receive, send)

    assert ask(without_length, "POST", "/v1/score", "x" * 1_001).status_code == 413


@pytest.mark.parametrize(
    ("number", "code"), [("NaN", "SCR110"), ("Infinity", "SCR106"), ("-Infinity", "SCR106"), ("1e400", "SCR106")]
)
def test_field_that_is_no_finite_number_is_named(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], number: str, code: str
) -> None:
    """All problems are told at once, the fields that hold no number among them."""
    body = json.dumps(request_of(EXT_SOURCE_1=2, AMT_CREDIT=-987)).replace("-987", number)
    told = ask(app, "POST", "/v1/score", body).json()["problemes"]

    assert {("AMT_CREDIT", code), ("EXT_SOURCE_1", "SCR103")} <= {(one["champ"], one["code"]) for one in told}


def test_batch_with_a_word_that_is_no_json_names_its_row(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """NaN in one application sinks that one; where no application holds it, the body is refused."""
    rows = json.dumps({"demandes": [request_of(), request_of(AMT_CREDIT=-987)]}).replace("-987", "NaN")
    statuses = [one["statut"] for one in ask(app, "POST", "/v1/score/batch", rows).json()["resultats"]]

    assert statuses == ["evaluee", "non_evaluee"]
    assert ask(app, "POST", "/v1/score/batch", '{"demandes": [[[NaN]]]}').status_code == 400


@pytest.mark.parametrize(
    "header",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": "application/json, text/plain"},
        {"content-encoding": "gzip"},
    ],
)
def test_body_that_claims_to_be_something_else_is_a_415(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], header: dict[str, str]
) -> None:
    """Only JSON in UTF-8 is read; the header at fault is named."""
    (problem,) = post(app, "/v1/score", request_of(), status=415, **header)["problemes"]

    assert (problem["champ"].lower(), problem["code"]) == (next(iter(header)), "SCR415")


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"content-type": "application/json"},
        {"content-type": "application/JSON; charset=utf-8"},
        {"content-type": 'application/json; charset="UTF-8"'},
        {"content-encoding": "identity"},
    ],
)
def test_body_that_says_json_is_read(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], header: dict[str, str]
) -> None:
    """Parameters and capitals make no difference, and a body that claims nothing is read as JSON."""
    assert post(app, "/v1/score", request_of(), **header)["classe"] in {"accepte", "refuse"}


def test_review_is_required_near_the_threshold(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """A probability inside the band around the threshold in force is for a person, with the reason."""
    probability = service.score(request_of()).default_probability
    app = create_app(service.under(threshold=probability))
    reply = post(app, "/v1/score", request_of())

    assert reply["classe"] == "refuse"
    assert reply["revue_humaine"]["requise"]
    assert [one["code"] for one in reply["revue_humaine"]["motifs"]] == ["proche_du_seuil"]


def test_configured_threshold_is_visible(post: Callable[..., Line], ask: Ask, service: ScoringService) -> None:
    """Whoever reads a reply or asks for the model sees that the rule is not the contract's."""
    app = create_app(service.under(threshold=0.25))
    rule = ModelReply.model_validate_json(ask(app, "GET", "/v1/model").content).decision

    assert (rule.seuil, rule.origine, rule.seuil_du_contrat) == (
        0.25,
        "configuration",
        service.contract.decision.threshold,
    )


def test_model_says_what_answers(ask: Ask, app: FastAPI, service: ScoringService) -> None:
    """Version, hashes, rule, quality and limits can be asked for."""
    reply = ModelReply.model_validate_json(ask(app, "GET", "/v1/model").content)

    assert (reply.empreinte, reply.fichiers) == (service.seal, service.contract.files)
    assert (reply.qualite, reply.identite) == (service.contract.quality, service.contract.identity)
    assert (reply.limites.demandes_par_lot, reply.limites.champs_inconnus) == (500, "refuse")


def test_health_has_its_shape(ask: Ask, app: FastAPI) -> None:
    """A monitor reads one word."""
    assert Health.model_validate_json(ask(app, "GET", "/health").content).statut == "ok"


def test_every_reply_carries_the_hash_of_the_bundle(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], service: ScoringService
) -> None:
    """A reply can be traced to the very bytes that gave it."""
    metas = [
        post(app, path, content)["meta"]
        for path, content in (
            ("/v1/score", request_of()),
            ("/v1/score/batch", {"demandes": [request_of()]}),
            ("/v1/leviers", request_of()),
        )
    ]

    assert [one["empreinte"] for one in metas] == [service.seal] * 3


def test_documented_endpoint_answers_as_the_route_before_it(
    ask: Ask, service: ScoringService, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Should the route FastAPI describes ever be reached, it gives the same answer."""
    app = create_app(service)
    fast = ask(app, "POST", "/v1/score", json.dumps(request_of())).json()
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "include_in_schema", True)]
    described = ask(app, "POST", "/v1/score", json.dumps(request_of())).json()

    assert {**fast, "meta": None} == {**described, "meta": None}


def test_batch_leaves_one_line_with_counts(
    post: Callable[..., Line],
    app: FastAPI,
    request_of: Callable[..., dict[str, Value]],
    logged: list[Line],
) -> None:
    """A batch is one request: one line, with how many were scored and by which rules others were not."""
    reply = post(app, "/v1/score/batch", {"demandes": [request_of(AMT_CREDIT=451_237.25), {}]})
    (line,) = logged

    assert (line["evenement"], line["id_requete"]) == ("lot", reply["meta"]["id_requete"])
    assert (line["demandes"], line["evaluees"], line["codes"]) == (2, 1, ["SCR101"])
    assert line["valeurs_manquantes"] == len(reply["resultats"][0]["valeurs_manquantes"])
    assert line["valeurs_inhabituelles"] == len(reply["resultats"][0]["signalements"])
    assert 0 < line["modele_ms"] + line["explication_ms"] < line["latence_ms"]
    assert "451237" not in json.dumps(line)


def test_levers_leave_one_line_with_the_decision(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], logged: list[Line]
) -> None:
    """What was decided, on how much and how long each part took, as of any decision; no value of the application."""
    reply = post(app, "/v1/leviers", request_of(AMT_CREDIT=451_237.25, EXT_SOURCE_1=None))
    (line,) = logged

    assert (line["evenement"], line["id_requete"]) == ("leviers", reply["meta"]["id_requete"])
    assert (line["classe"], line["resultat"]) == (reply["classe"], reply["resultat"])
    assert line["probabilite_de_defaut"] == round(reply["probabilite_de_defaut"], 6)
    assert line["valeurs_manquantes"] == 1
    assert 0 < line["lecture_ms"] + line["recherche_ms"] < line["latence_ms"]
    assert "451237" not in json.dumps(line)


def test_metrics_of_a_decision_are_in_its_line(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]], logged: list[Line]
) -> None:
    """Requests, refusals, latency and the probability for a histogram are counted from the line."""
    reply = post(create_app(service, Settings(metrics="on")), "/v1/score", request_of())
    line = logged[-1]

    assert (line["Requetes"], line["Demandes"], line["Refus"]) == (1, 1, int(reply["classe"] == "refuse"))
    assert line["ProbabiliteDeDefaut"] == [round(reply["probabilite_de_defaut"], 6)]


def test_audit_is_silent_unless_it_is_asked_for(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], records: list[Line]
) -> None:
    """Nobody's values are written by default."""
    post(app, "/v1/score", request_of())

    assert records == []


def test_audit_keeps_inputs_and_answer(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]], records: list[Line]
) -> None:
    """A record has the application as it was scored, the answer and under which bundle and rule it was given."""
    app = create_app(service, Settings(audit="on", audit_share=1.0))
    reply = post(app, "/v1/score", request_of(FLAG_PHONE=...), **{"x-identifiant-demandeur": "100001"})
    (record,) = records

    assert record["demande"] == request_of(FLAG_PHONE=None)
    assert len(record["demandeur"]) == 64
    assert [record[name] for name in ("probabilite_de_defaut", "marge", "classe", "seuil", "couverture")] == [
        reply[name] for name in ("probabilite_de_defaut", "marge", "classe", "seuil", "couverture")
    ]
    assert {record[name] for name in ("id_requete", "empreinte")} == {
        reply["meta"][name] for name in ("id_requete", "empreinte")
    }


def test_audit_of_a_batch_has_a_record_a_row(
    post: Callable[..., Line], service: ScoringService, request_of: Callable[..., dict[str, Value]], records: list[Line]
) -> None:
    """Each scored row has its own identifier and applicant; rows that were not scored have no record."""
    app = create_app(service, Settings(audit="on", audit_share=1.0))
    content = {"demandes": [{}, request_of(), request_of()], "identifiants": [None, "100001", None]}
    reply = post(app, "/v1/score/batch", content)

    assert [one["id_requete"] for one in records] == [f"{reply['meta']['id_requete']}/{index}" for index in (1, 2)]
    assert [one["demandeur"] is None for one in records] == [False, True]


@pytest.mark.parametrize(("shift", "expected"), [(0.0, ["zone_grise"]), (0.5, [])])
def test_audit_keeps_every_case_near_the_threshold(
    post: Callable[..., Line],
    service: ScoringService,
    request_of: Callable[..., dict[str, Value]],
    records: list[Line],
    shift: float,
    expected: list[str],
) -> None:
    """With a share of zero, only the grey zone leaves records."""
    probability = service.score(request_of()).default_probability
    near = service.under(threshold=probability + shift)
    post(create_app(near, Settings(audit="on", audit_share=0.0)), "/v1/score", request_of())

    assert expected == [one["motif"] for one in records]


@pytest.mark.parametrize("path", ["/v1/score/batch", "/v1/leviers"])
def test_model_that_fails_is_a_500_on_every_route(
    post: Callable[..., Line],
    a_contract: Callable[..., Contract],
    an_input: Callable[..., Input],
    fake_model: type,
    fake_explainer: type,
    path: str,
) -> None:
    """Each route tells the client that it is not at fault."""
    failing = ScoringService(
        a_contract(an_input("A")), fake_model(error=ModelOutputError("SCR501", "")), fake_explainer()
    )
    content = {"demandes": [{"A": 1}]} if path.endswith("batch") else {"A": 1}

    assert post(create_app(failing), path, content, status=500)["code"] == "SCR501"


def test_bundle_with_another_hash_does_not_start(bundle_dir: Path) -> None:
    """Where the configuration names a bundle, no other is served."""
    with pytest.raises(Exception, match="SCR206"):
        ScoringService.load(bundle_dir, expected_seal="0" * 64)
