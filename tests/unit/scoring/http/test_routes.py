"""The routes: every reply in its promised shape."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scoring.errors import ContractError, ModelOutputError
from scoring.http.app import create_app, open_app
from scoring.http.reply_schemas import Health, ModelReply
from scoring.reasons import PRINCIPAL_REASONS
from scoring.service import ScoringService
from scoring.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.bundle import Bundle
    from scoring.contract import Contract, Input
    from scoring.features import Value

    type Ask = Callable[..., httpx.Response]
    type Line = dict[str, Any]


@pytest.mark.parametrize("count", [0, 1, 4, 10])
def test_score_gives_no_more_reasons_than_asked(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], count: int
) -> None:
    """The caller chooses how many at most, and base, themes, and what is told with what is not, make the margin."""
    reply = post(app, f"/v1/score?raisons={count}", request_of())
    listed = [*reply["explications_locales"], *reply["elements_favorables"]]

    assert len(reply["explications_locales"]) <= min(count, PRINCIPAL_REASONS)
    assert (reply["autres_contributions"] is None) == (count == 0) == (reply["contributions_par_theme"] == {})
    if count:
        told = sum(one["contribution"] for one in listed) + reply["autres_contributions"]
        for total in (told, sum(reply["contributions_par_theme"].values())):
            assert reply["marge"] == pytest.approx(reply["valeur_de_base"] + total, abs=1e-9)


@pytest.mark.parametrize("asked", ["11", "-1", "1.0", "", "cinq", "0x1", "1&raisons=2", "%C2%B2"])
def test_score_refuses_another_number_of_reasons(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], asked: str
) -> None:
    """Anything but one whole number from 0 to 10 is SCR108 on its own field."""
    (problem,) = post(app, f"/v1/score?raisons={asked}", request_of(), status=422)["problemes"]

    assert (problem["champ"], problem["code"]) == ("raisons", "SCR108")


@pytest.mark.parametrize(
    ("accepted", "language", "expected"),
    [("en", "en", "against"), ("fr-FR, en;q=0.9", "fr", "contre la demande"), ("de", "fr", "contre la demande")],
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
    """The reply says how much of the application was there, what lacks and what lies outside its usual range."""
    reply = post(app, "/v1/score", request_of(FLAG_PHONE=None, CNT_FAM_MEMBERS=60))
    (signal,) = reply["signalements"]

    assert reply["valeurs_manquantes"] == ["FLAG_PHONE"]
    assert reply["couverture"] == pytest.approx(1 - service.contract.coverage.weights["FLAG_PHONE"])
    assert (signal["champ"], signal["code"]) == ("CNT_FAM_MEMBERS", "valeur_inhabituelle")
    assert signal["detail"] == "Valeur hors de la plage habituelle, de 1 à 5."


@pytest.mark.parametrize(("language", "told"), [("fr", "Une seule échéance dépasse"), ("en", "One instalment alone")])
def test_score_refuses_what_cannot_be_true(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], language: str, told: str
) -> None:
    """Each field of the broken rule is a problem, with what was received and the sentence in the reader's language."""
    body = json.dumps(request_of(AMT_CREDIT=20_000.0, AMT_ANNUITY=50_000.0, AMT_GOODS_PRICE=20_000.0))
    reply = ask(app, "POST", "/v1/score", body, {"accept-language": language})
    problems = reply.json()["problemes"]

    assert reply.status_code == 422
    assert [(one["champ"], one["code"], one["recu"]) for one in problems] == [
        ("AMT_ANNUITY", "SCR121", 50_000.0),
        ("AMT_CREDIT", "SCR121", 20_000.0),
    ]
    assert all(one["detail"].startswith(told) for one in problems)


def test_batch_refuses_only_the_row_that_cannot_be_true(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """The others are scored; the refused row names its fields."""
    rows = [request_of(), request_of(AMT_CREDIT=20_000.0, AMT_ANNUITY=50_000.0)]
    first, second = post(app, "/v1/score/batch", {"demandes": rows})["resultats"]

    assert (first["statut"], second["statut"]) == ("evaluee", "non_evaluee")
    assert {one["champ"] for one in second["problemes"]} == {"AMT_ANNUITY", "AMT_CREDIT"}


def test_score_tells_what_does_not_fit_together(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """It is scored, each field of the rule is signalled, and a person has to look."""
    reply = post(app, "/v1/score", request_of(AMT_CREDIT=900_000.0))
    told = {one["champ"] for one in reply["signalements"] if one["code"] == "incoherente"}

    assert told == {"AMT_CREDIT", "AMT_GOODS_PRICE"}
    assert "incoherente" in {one["code"] for one in reply["revue_humaine"]["motifs"]}


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
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
    policy: str,
    status: int,
    signals: int,
) -> None:
    """A field the contract does not have is passed over, reported or refused, as the configuration says."""
    strict = serve(unknown_fields=policy)
    reply = post(strict, "/v1/score", request_of() | {"CODE_GENDER": "F"}, status=status)

    assert signals == len(reply.get("signalements", []))
    assert [one["code"] for one in reply.get("problemes", [])] == (["SCR105"] if status == 422 else [])


@pytest.mark.parametrize("policy", ["report", "refuse"])
def test_reply_to_thousands_of_problems_stays_small(
    ask: Ask, serve: Callable[..., FastAPI], request_of: Callable[..., dict[str, Value]], policy: str
) -> None:
    """Lambda answers with 6 MB at most: the list is cut, and says how much is left out."""
    app = serve(unknown_fields=policy)
    body = request_of() | {f"{'k' * 500}{number}": "v" * 100 for number in range(3_000)}
    reply = ask(app, "POST", "/v1/score", json.dumps(body))

    assert len(reply.content) < 50_000
    if policy == "refuse":
        assert (len(reply.json()["problemes"]), reply.json()["problemes_omis"]) == (50, 2_950)


def test_body_over_the_limit_is_a_413(
    post: Callable[..., Line], serve: Callable[..., FastAPI], request_of: Callable[..., dict[str, Value]]
) -> None:
    """A body one byte too long is not read to its end."""
    app = serve(max_body_bytes=1_000)
    (problem,) = post(app, "/v1/score", request_of() | {"x": "y" * 1_000}, status=413)["problemes"]

    assert problem["code"] == "SCR413"


def test_body_that_comes_in_pieces_is_measured_as_it_comes(ask: Ask, serve: Callable[..., FastAPI]) -> None:
    """A sender that does not say how much will come is stopped at the limit."""
    app = serve(max_body_bytes=1_000)

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
    post: Callable[..., Line],
    service: ScoringService,
    serve: Callable[..., FastAPI],
    request_of: Callable[..., dict[str, Value]],
) -> None:
    """A probability inside the band around the threshold in force is for a person, with the reason."""
    probability = service.score(request_of()).default_probability
    app = serve(decision_threshold=probability)
    reply = post(app, "/v1/score", request_of())

    assert reply["classe"] == "refuse"
    assert reply["revue_humaine"]["requise"]
    assert [one["code"] for one in reply["revue_humaine"]["motifs"]] == ["proche_du_seuil"]


def test_configured_threshold_is_visible(
    post: Callable[..., Line],
    ask: Ask,
    service: ScoringService,
    serve: Callable[..., FastAPI],
) -> None:
    """Whoever reads a reply or asks for the model sees that the rule is not the contract's."""
    app = serve(decision_threshold=0.25)
    rule = ModelReply.model_validate_json(ask(app, "GET", "/v1/model").content).decision

    assert (rule.seuil, rule.origine, rule.seuil_du_contrat) == (
        0.25,
        "configuration",
        service.contract.decision.threshold,
    )


def test_model_says_what_answers(ask: Ask, app: FastAPI, service: ScoringService, bundle: Bundle) -> None:
    """Version, hashes, rule, quality and limits can be asked for."""
    reply = ModelReply.model_validate_json(ask(app, "GET", "/v1/model").content)

    assert (reply.empreinte, reply.fichiers) == (bundle.seal, service.contract.files)
    assert (reply.qualite, reply.identite) == (service.contract.quality, service.contract.identity)
    assert (reply.limites.demandes_par_lot, reply.limites.champs_inconnus) == (500, "refuse")


def test_health_has_its_shape(ask: Ask, app: FastAPI) -> None:
    """A monitor reads one word."""
    assert Health.model_validate_json(ask(app, "GET", "/health").content).statut == "ok"


def test_every_reply_carries_the_hash_of_the_bundle(
    post: Callable[..., Line], app: FastAPI, request_of: Callable[..., dict[str, Value]], bundle: Bundle
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

    assert [one["empreinte"] for one in metas] == [bundle.seal] * 3


def test_documented_endpoint_answers_as_the_route_before_it(
    ask: Ask, serve: Callable[..., FastAPI], request_of: Callable[..., dict[str, Value]]
) -> None:
    """Should the route FastAPI describes ever be reached, it gives the same answer."""
    app = serve()
    fast = ask(app, "POST", "/v1/score", json.dumps(request_of())).json()
    app.router.routes[:] = [route for route in app.router.routes if getattr(route, "include_in_schema", True)]
    described = ask(app, "POST", "/v1/score", json.dumps(request_of())).json()

    assert {**fast, "meta": None} == {**described, "meta": None}


@pytest.mark.parametrize("path", ["/v1/score/batch", "/v1/leviers"])
def test_model_that_fails_is_a_500_on_every_route(
    post: Callable[..., Line],
    a_contract: Callable[..., Contract],
    an_input: Callable[..., Input],
    a_bundle: Callable[..., Bundle],
    fake_model: type,
    fake_explainer: type,
    path: str,
) -> None:
    """Each route tells the client that it is not at fault."""
    contract = a_contract(an_input("A"))
    failing = ScoringService(contract, fake_model(error=ModelOutputError("SCR501", "")), fake_explainer())
    content = {"demandes": [{"A": 1}]} if path.endswith("batch") else {"A": 1}

    assert post(create_app(failing, a_bundle(contract)), path, content, status=500)["code"] == "SCR501"


def test_bundle_with_another_hash_does_not_start(bundle: Bundle, bundle_dir: Path) -> None:
    """Where the configuration names a bundle, no other is served."""
    with pytest.raises(ContractError, match="SCR206"):
        open_app(Settings(bundle_dir=bundle_dir, bundle_sha256="0" * 64))
