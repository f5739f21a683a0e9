"""What the OpenAPI description promises holds for requests that are made from it (schemathesis)."""

from __future__ import annotations

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import (
    negative_data_rejection,
    positive_data_acceptance,
)

from scoring.dossier.app import open_dossier_app
from scoring.settings import read_settings

APP = open_dossier_app(read_settings({"IDEMPOTENCY": "memory"}))
# In this process there is neither the stage of API Gateway, nor the key that it asks for.
DESCRIPTION = {name: told for name, told in APP.openapi().items() if name not in {"servers", "security"}}
APP.openapi = lambda: DESCRIPTION  # type: ignore[method-assign]  # FastAPI's documented way
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP)


# What no schema can say: an application may fit in every field and still show too little to be decided on, its fields
# may contradict each other, a batch has as many identifiers as applications, and a key is one request's.
BEYOND_SCHEMAS = {"SCR120", "SCR121", "SCR102", "SCR142"}
# Nor what holds between the records of a dossier: whose they are, which credit they are of, that a key is there once;
# the contract's bounds are those of values whose sentinels are taken out; and tables that are each as long as they may
# be make a body that is too long.
BEYOND_SCHEMAS_OF_DOSSIERS = BEYOND_SCHEMAS | {"SCR413", "SCR103", "SCR104", "SCR131", "SCR132", "SCR133"}
ONE_BY_ONE = {"/v1/score/batch", "/v1/dossier/lot"}


@SCHEMA.parametrize()
@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_every_operation_keeps_its_description(case: schemathesis.Case) -> None:
    """Requests that fit the description and requests that do not get the statuses, types and shapes it names."""
    # A batch is answered row by row: one that breaks a rule does not sink the others.
    lenient = [negative_data_rejection] if case.path in ONE_BY_ONE else []
    response = case.call_and_validate(excluded_checks=[positive_data_acceptance, *lenient])
    fits = case.meta is not None and case.meta.generation.mode is GenerationMode.POSITIVE

    if fits and response.status_code >= 400:
        problems = response.json()["problemes"]
        raw = case.path.startswith("/v1/dossier")
        assert {problem["code"] for problem in problems} <= (BEYOND_SCHEMAS_OF_DOSSIERS if raw else BEYOND_SCHEMAS)
        of_the_whole = {problem["champ"] for problem in problems if problem["code"] != "SCR121"}
        assert raw or of_the_whole <= {"", "identifiants", "Idempotency-Key"}
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    if lenient and body and body.mode is GenerationMode.NEGATIVE and response.status_code == 200:
        assert response.json()["compte"]["non_evaluees"] > 0
