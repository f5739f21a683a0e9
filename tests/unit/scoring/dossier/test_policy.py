"""The lender's rules over raw dossiers: what the SQL gives is computed, anything else stands in the application."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from features.dossier import APPLICATION
from scoring.bundle import Bundle
from scoring.dossier.app import serve_dossiers
from scoring.http.app import open_app
from scoring.policy import PolicyBook, parse_policy
from scoring.settings import DEFAULT_BUNDLE, DEFAULT_POLICY, Settings
from tests.builders.dossiers import a_dossier

if TYPE_CHECKING:
    from collections.abc import Callable

    from fastapi import FastAPI

    type Send = Callable[..., dict[str, Any]]

POLICY = parse_policy(DEFAULT_POLICY.read_bytes())


@pytest.fixture(scope="module")
def ruled() -> FastAPI:
    """Serve the committed bundle under the example rules that lie beside it, by their seal alone."""
    settings = Settings(policy_seal=POLICY.seal[:12])
    app = open_app(settings)
    serve_dossiers(app, app.state.routes, settings)
    return app


def with_charges(charges: object, **application: object) -> dict[str, Any]:
    """Return a dossier whose application tells its charges."""
    dossier = a_dossier()
    return dossier | {APPLICATION: dossier[APPLICATION] | {"CHARGES": charges} | application}


def codes(reply: dict[str, Any]) -> list[tuple[str, bool]]:
    """Return which rules have a say, and whether for want of a value."""
    return [(one["code"], one["inconnue"]) for one in reply["politique"]["regles"]]


def test_example_rules_are_sealed_and_in_force() -> None:
    """The example that docs use is what was sealed, and can be read over the committed bundle."""
    assert POLICY.is_sealed
    assert POLICY.in_force_on(date(2026, 12, 1))
    assert PolicyBook(POLICY, Bundle.open(DEFAULT_BUNDLE).contract).fields


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"charges": 0}, []),
        ({"charges": 90_000}, [("P201", False)]),
        ({"charges": 0, "AMT_INCOME_TOTAL": 70_000.0}, [("P202", False)]),
        ({"charges": None}, [("P201", True), ("P202", True)]),
    ],
)
def test_rules_say_of_a_dossier_what_they_say_of_its_inputs(
    ruled: FastAPI, send: Send, sent: dict[str, Any], told: list[tuple[str, bool]]
) -> None:
    """Income and household are computed by the SQL, charges are sent; /v1/score is answered the very same."""
    reply = send(ruled, "/v1/dossier?variables=oui", with_charges(**sent))
    again = send(ruled, "/v1/score", reply["variables"])

    assert codes(reply) == told
    assert (again["politique"], again["proposition"]) == (reply["politique"], reply["proposition"])


def test_history_that_a_rule_reads_is_computed_though_the_model_does_not(ruled: FastAPI, send: Send) -> None:
    """A running delay in the bureau's records knocks out; a table that is not given leaves the rule its say."""
    dossier = with_charges(0)
    late = [one | {"CREDIT_DAY_OVERDUE": 120} for one in dossier["bureau"]]
    assert late

    assert codes(send(ruled, "/v1/dossier", dossier | {"bureau": late})) == [("P101", False)]
    assert codes(send(ruled, "/v1/dossier", {APPLICATION: dossier[APPLICATION]})) == []


def test_batch_of_dossiers_is_under_the_same_rules(ruled: FastAPI, send: Send) -> None:
    """One at a time or together, the rules say the same."""
    dossiers = [with_charges(0), with_charges(90_000)]
    together = send(ruled, "/v1/dossier/lot", {"dossiers": dossiers})["resultats"]

    assert [codes(one) for one in together] == [[], [("P201", False)]]


@pytest.mark.parametrize(("charges", "code"), [(-1, "SCR103"), ("beaucoup", "SCR102")])
def test_wrong_value_of_a_rule_is_told_by_its_place(ruled: FastAPI, send: Send, charges: object, code: str) -> None:
    """What no table declares is still held to its bounds."""
    problem = send(ruled, "/v1/dossier", with_charges(charges), status=422)

    assert [(one["champ"], one["code"]) for one in problem["problemes"]] == [("application.CHARGES", code)]


def test_without_rules_their_fields_are_unknown_columns(dossier_app: FastAPI, send: Send) -> None:
    """A field is asked for by rules alone."""
    problem = send(dossier_app, "/v1/dossier", with_charges(0), status=422)

    assert [(one["champ"], one["code"]) for one in problem["problemes"]] == [("application.CHARGES", "SCR105")]


def test_schema_has_what_rules_ask_for(ruled: FastAPI) -> None:
    """A client reads in the description where charges go."""
    body = ruled.openapi()["paths"]["/v1/dossier"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    schemas = ruled.openapi()["components"]["schemas"]
    schema = schemas[body["$ref"].rpartition("/")[2]] if "$ref" in body else body
    application = schema["properties"][APPLICATION]
    if "$ref" in application:
        application = schemas[application["$ref"].rpartition("/")[2]]

    assert application["properties"]["CHARGES"]["maximum"] == 1e9


def test_rules_that_cannot_be_read_ask_for_nothing_and_decide_nothing(send: Send) -> None:
    """With another seal than is meant, every dossier goes to a person."""
    settings = Settings(policy_seal=12 * "0")
    app = open_app(settings)
    serve_dossiers(app, app.state.routes, settings)
    reply = send(app, "/v1/dossier", a_dossier())

    assert reply["proposition"] == "examen"
    assert codes(reply) == [("P000", True)]
