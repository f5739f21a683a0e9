"""Rules over HTTP: a draft is tried and nothing stays of it; rules in force are in reply and record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from scoring.http.app import create_app
from scoring.http.reply_schemas import ScoreReply, TrialReply
from scoring.policy import PolicyInForce, policy_bytes
from scoring.service import ScoringService
from scoring.settings import Settings
from tests.builders.policies import a_lender_policy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx
    from fastapi import FastAPI

    from scoring.bundle import Bundle
    from scoring.features import Value

import json

TRIAL = "/v1/politique/essai"


def draft(**changes: object) -> dict[str, Any]:
    """Return a draft as it is sent."""
    return a_lender_policy().model_dump(mode="json") | changes


@pytest.fixture
def ruled(bundle: Bundle, tmp_path: Path) -> FastAPI:
    """Serve the trees under the lender's rules."""
    path = tmp_path / "regles.json"
    path.write_bytes(policy_bytes(a_lender_policy()))
    service = ScoringService.of(bundle, policy=PolicyInForce.open(path, bundle.contract))
    return create_app(service, bundle, Settings())


def test_draft_is_tried_on_the_applications_that_come_with_it(
    ask: Callable[..., httpx.Response], app: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Proposals before and after are counted, rule by rule; a value that is not given sends to a person."""
    applications = [request_of(POLICY_CHARGES=0), request_of(POLICY_CHARGES=90_000), request_of()]
    reply = ask(app, "POST", TRIAL, json.dumps({"politique": draft(), "demandes": applications}))
    told = TrialReply.model_validate_json(reply.content)

    assert (told.demandes, told.evaluees) == (3, 3)
    assert (sum(told.avant.values()), sum(told.apres.values())) == (3, 3)
    assert {one.code: (one.appliquee, one.inconnue) for one in told.regles}["P201"] == (1, 1)


@pytest.mark.parametrize("spoilt", [None, [], {"rules": 3}, draft(author="Blaise")])
def test_draft_that_is_none_is_told(
    ask: Callable[..., httpx.Response], app: FastAPI, request_of: Callable[..., dict[str, Value]], spoilt: object
) -> None:
    """What is wrong with the rules is a problem of the request, with its place."""
    reply = ask(app, "POST", TRIAL, json.dumps({"politique": spoilt, "demandes": [request_of()]}))

    assert reply.status_code == 422
    assert [one["code"] for one in reply.json()["problemes"]] == ["SCR122"]


def test_rules_in_force_are_in_the_reply(
    ask: Callable[..., httpx.Response], ruled: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """A field of the rules may be sent; the rule is named in the language asked for."""
    body = json.dumps(request_of(POLICY_CHARGES=90_000))
    reply = ask(ruled, "POST", "/v1/score", body, {"accept-language": "en"})
    told = ScoreReply.model_validate_json(reply.content)

    assert told.politique is not None
    assert (told.proposition.value, told.politique.resultat.value) == ("refus", "refus")
    assert [(one.code, one.texte[:5]) for one in told.politique.regles] == [("P201", "Rule:")]


def test_levers_do_not_promise_what_the_rules_refuse(
    ask: Callable[..., httpx.Response], ruled: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """An application that the model accepts and a rule refuses is not "accepted already"."""
    body = json.dumps(request_of(DAYS_BIRTH=-7900, POLICY_CHARGES=0, EXT_SOURCE_1=0.9, EXT_SOURCE_2=0.9))
    reply = ask(ruled, "POST", "/v1/leviers", body).json()

    assert reply["resultat"] == "aucun_a_portee"


def test_field_of_the_rules_keeps_its_bounds(
    ask: Callable[..., httpx.Response], ruled: FastAPI, request_of: Callable[..., dict[str, Value]]
) -> None:
    """Charges below nought are an error of the request."""
    reply = ask(ruled, "POST", "/v1/score", json.dumps(request_of(POLICY_CHARGES=-1)))

    assert reply.status_code == 422
    assert reply.json()["problemes"][0]["champ"] == "POLICY_CHARGES"
