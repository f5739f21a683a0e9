"""A raw dossier is answered as the application it comes to; what is wrong with it is told by its place."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest

from features.dossier import APPLICATION
from features.tables import HISTORY_TABLES
from scoring.bundle import parse_contract
from scoring.contract import CONTRACT_FILE
from scoring.dossier.app import open_dossier_app
from scoring.records import AUDIT_LOGGER_NAME, AuditRecord
from scoring.settings import DEFAULT_BUNDLE, Settings
from tests.builders.dossiers import a_dossier

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

    type Send = Callable[..., dict[str, Any]]

INPUTS = {item.name: item for item in parse_contract((DEFAULT_BUNDLE / CONTRACT_FILE).read_bytes()).inputs}


def told(problem: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the places and codes of a refusal."""
    return [(one["champ"], one["code"]) for one in problem["problemes"]]


def test_a_dossier_is_answered_as_its_application(dossier_app: FastAPI, send: Send) -> None:
    """The inputs that are told, sent to /v1/score, get the very same assessment."""
    reply = send(dossier_app, "/v1/dossier?variables=oui", a_dossier())

    again = send(dossier_app, "/v1/score", reply["variables"])

    assert {name: reply[name] for name in again if name != "meta"} == {
        name: value for name, value in again.items() if name != "meta"
    }
    assert set(reply["variables"]) == set(INPUTS)


@pytest.mark.parametrize(("query", "given"), [("", False), ("?variables=non", False), ("?variables=oui", True)])
def test_inputs_are_told_when_they_are_asked_for(dossier_app: FastAPI, send: Send, query: str, *, given: bool) -> None:
    """A partner that does not store them is not sent them."""
    assert (send(dossier_app, f"/v1/dossier{query}", a_dossier())["variables"] is not None) == given


@pytest.mark.parametrize("query", ["?variables=yes", "?variables=oui&variables=oui", "?variables="])
def test_another_wish_is_refused(dossier_app: FastAPI, send: Send, query: str) -> None:
    """The query says oui or non, once."""
    assert told(send(dossier_app, f"/v1/dossier{query}", a_dossier(), status=422)) == [("variables", "SCR134")]


def test_what_became_of_each_table_is_told(dossier_app: FastAPI, send: Send) -> None:
    """Records read, records left out and why, tables that are empty, tables that are unknown."""
    dossier = a_dossier() | {"credit_card_balance": []}
    del dossier["previous_application"]
    dossier["bureau"][1]["DAYS_CREDIT"] = 12
    dossier["bureau_balance"] = []

    reply = send(dossier_app, "/v1/dossier", dossier, **{"accept-language": "en"})
    tables = {one["table"]: one for one in reply["historiques"]}

    assert list(tables) == list(HISTORY_TABLES)
    assert {name: one["etat"] for name, one in tables.items()} == {
        "bureau": "lue",
        "bureau_balance": "vide",
        "previous_application": "inconnue",
        "POS_CASH_balance": "lue",
        "installments_payments": "lue",
        "credit_card_balance": "vide",
    }
    assert tables["bureau"] == {
        "table": "bureau",
        "etat": "lue",
        "lignes_lues": len(dossier["bureau"]),
        "lignes_ecartees": 1,
        "remarques": [
            {
                "code": "posterieure_a_la_demande",
                "nombre": 1,
                "exemple": "bureau[1].DAYS_CREDIT",
                "texte": "The date lies after the application: the record is left out.",
            }
        ],
    }


def test_what_is_unknown_has_no_name(dossier_app: FastAPI, send: Send) -> None:
    """Inputs of a table that is left out, or of a column the application leaves out, are not sent on as null."""
    dossier = a_dossier()
    del dossier["bureau"], dossier["bureau_balance"], dossier["application"]["AMT_ANNUITY"]
    dossier["application"]["AMT_GOODS_PRICE"] = None

    inputs = send(dossier_app, "/v1/dossier?variables=oui", dossier)["variables"]

    assert {name for name in INPUTS if name not in inputs} == {
        "AMT_ANNUITY",
        *(name for name, item in INPUTS.items() if item.table in {"bureau", "bureau_balance"}),
    }
    assert inputs["AMT_GOODS_PRICE"] is None


def test_problems_of_all_tables_and_of_the_contract_come_together(dossier_app: FastAPI, send: Send) -> None:
    """A column out of the contract's bounds and a required one that is absent stand beside the wrong records."""
    dossier = a_dossier()
    dossier["application"] |= {"AMT_CREDIT": -1, "NAME_INCOME_TYPE": None}
    dossier["bureau"][3]["DAYS_CREDIT"] = "-300"
    dossier["POS_CASH_balance"][0]["SK_ID_CURR"] = 5
    dossier["installments_payments"][1]["BANK"] = "x"

    problems = told(send(dossier_app, "/v1/dossier", dossier, status=422))

    assert sorted(problems) == [
        ("POS_CASH_balance[0].SK_ID_CURR", "SCR131"),
        ("application.AMT_CREDIT", "SCR103"),
        ("application.NAME_INCOME_TYPE", "SCR101"),
        ("bureau[3].DAYS_CREDIT", "SCR102"),
        ("installments_payments[1].BANK", "SCR105"),
    ]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"application": None}, ("application", "SCR101")),
        ({"bureau": {}}, ("bureau", "SCR102")),
        ({"clients": []}, ("clients", "SCR105")),
        ({"bureau": [{"SK_ID_BUREAU": 1}] * 2}, ("bureau[0].SK_ID_BUREAU", "SCR133")),
        ({"bureau": [], "bureau_balance": [{"SK_ID_BUREAU": 1}]}, ("bureau_balance[0].SK_ID_BUREAU", "SCR132")),
        ({"bureau": [{"SK_ID_BUREAU": 1, "CREDIT_ACTIVE": "?"}]}, ("bureau[0].CREDIT_ACTIVE", "SCR104")),
        ({"bureau": [{"SK_ID_BUREAU": 2**60}]}, ("bureau[0].SK_ID_BUREAU", "SCR106")),
        ({"POS_CASH_balance": [{}] * 5_001}, ("POS_CASH_balance", "SCR130")),
    ],
)
def test_each_fault_has_its_code(
    dossier_app: FastAPI, send: Send, change: dict[str, object], code: tuple[str, str]
) -> None:
    """Stable codes, whatever the words."""
    dossier = {APPLICATION: a_dossier()[APPLICATION]} | change

    assert code in told(send(dossier_app, "/v1/dossier", dossier, status=422))


def test_nan_is_named_where_it_stands(dossier_app: FastAPI, ask: Callable[..., httpx.Response]) -> None:
    """A word that is no JSON is a 400, with the place of the value."""
    dossier = a_dossier()
    dossier["bureau"][0]["AMT_CREDIT_SUM"] = float("nan")

    reply = ask(dossier_app, "POST", "/v1/dossier", json.dumps(dossier))

    assert reply.status_code == 400
    assert told(reply.json()) == [("bureau[0].AMT_CREDIT_SUM", "SCR110")]


def test_a_name_twice_is_told_by_its_place(dossier_app: FastAPI, ask: Callable[..., httpx.Response]) -> None:
    """Whichever of the two values was meant, the record cannot be read."""
    body = json.dumps(a_dossier()).replace('"CREDIT_ACTIVE"', '"CREDIT_DAY_OVERDUE": 1, "CREDIT_ACTIVE"', 1)

    reply = ask(dossier_app, "POST", "/v1/dossier", body)

    assert (reply.status_code, told(reply.json())) == (422, [("bureau[0].CREDIT_DAY_OVERDUE", "SCR107")])


@pytest.mark.parametrize(("policy", "signals"), [("ignore", []), ("report", ["bureau[0].BANK"])])
def test_unknown_columns_follow_the_policy(send: Send, policy: str, signals: list[str]) -> None:
    """What is done with a field that the contract does not have is done with a column."""
    app = open_dossier_app(Settings.model_validate({"unknown_fields": policy}))
    dossier = a_dossier()
    dossier["bureau"][0]["BANK"] = "x"

    reply = send(app, "/v1/dossier", dossier)

    assert [one["champ"] for one in reply["signalements"] if one["code"] == "champ_inconnu"] == signals


def test_a_batch_answers_each_dossier(dossier_app: FastAPI, send: Send) -> None:
    """A wrong dossier does not sink the others, and each is answered as it is alone."""
    first, second = a_dossier(seed=1), a_dossier(seed=3)
    body = {"dossiers": [first, {"application": {}}, second], "identifiants": ["a", None, "b"]}

    reply = send(dossier_app, "/v1/dossier/lot?raisons=2&variables=oui", body)
    alone = send(dossier_app, "/v1/dossier?raisons=2&variables=oui", second)
    rows = reply["resultats"]

    assert [row["statut"] for row in rows] == ["evaluee", "non_evaluee", "evaluee"]
    assert {name: alone[name] for name in rows[2] if name in alone} == {
        name: value for name, value in rows[2].items() if name in alone
    }
    assert reply["compte"]["demandes"] == 3


@pytest.mark.parametrize("count", [0, 51])
def test_a_batch_has_bounds(dossier_app: FastAPI, send: Send, count: int) -> None:
    """From one dossier to as many as /v1/model says."""
    reply = send(dossier_app, "/v1/dossier/lot", {"dossiers": [{}] * count}, status=422)

    assert told(reply) == [("dossiers", "SCR111")]


def test_bounds_are_told(dossier_app: FastAPI, ask: Callable[..., httpx.Response]) -> None:
    """A client reads how much it may send before it sends too much."""
    bounds = ask(dossier_app, "GET", "/v1/model").json()["limites"]

    assert (bounds["dossiers_par_lot"], bounds["lignes_par_table"]) == (50, 5_000)


def test_a_failure_of_the_engine_is_a_500_with_an_identifier(dossier_app: FastAPI, send: Send) -> None:
    """The client learns an identifier and nothing of the inside; the next request is answered."""
    dossier_app.state.dossiers.engine.database.close()

    problem = send(dossier_app, "/v1/dossier", a_dossier(), status=500)

    assert problem["code"] == "SCR503"
    assert problem["id_requete"]
    assert "duckdb" not in json.dumps(problem).lower()
    assert send(dossier_app, "/v1/dossier", a_dossier())["classe"] in {"accepte", "refuse"}


def test_the_record_keeps_inputs_and_the_hash_of_the_dossier(send: Send, caplog: pytest.LogCaptureFixture) -> None:
    """A dossier in another order of its names has the same hash; a changed one has another."""
    app = open_dossier_app(Settings.model_validate({"audit": "on", "audit_share": 1.0}))
    dossier = a_dossier()
    turned = dict(reversed(dossier.items()))
    changed = dossier | {"POS_CASH_balance": dossier["POS_CASH_balance"][1:]}

    with caplog.at_level(logging.INFO, AUDIT_LOGGER_NAME):
        told_inputs = [send(app, "/v1/dossier?variables=oui", one)["variables"] for one in (dossier, turned, changed)]
    records = [
        AuditRecord.read(json.loads(one.getMessage())) for one in caplog.records if one.name == AUDIT_LOGGER_NAME
    ]

    assert [record.demande for record in records] == told_inputs
    assert records[0].dossier == records[1].dossier != records[2].dossier
    assert {record.route for record in records} == {"dossier"}
