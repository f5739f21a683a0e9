"""The HTTP surface: routes, and the one table from errors to statuses (the only importer of FastAPI)."""

from __future__ import annotations

import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from scoring.audit import log_failure, log_refused_request, log_score
from scoring.contract import Contract, contract_bytes
from scoring.errors import (
    ContractError,
    FieldProblem,
    InvalidApplicationError,
    ModelOutputError,
    ScoringError,
    SettingsError,
)
from scoring.replies import FieldProblemReply, Health, LocalExplanation, Meta, Problem, ScoreReply
from scoring.requests import application_model, parse_application

if TYPE_CHECKING:
    from scoring.service import ScoredApplication, ScoringService

PROBLEM_MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "SCR500"
_REQUEST_ID = "scoring.request_id"
STATUS_OF_ERROR: dict[type[ScoringError], int] = {
    InvalidApplicationError: 422,
    ModelOutputError: 500,
    ContractError: 500,
    SettingsError: 500,
}
_TITLES = {
    400: "Requête illisible",
    404: "Ressource inconnue",
    405: "Méthode non admise",
    422: "Demande non conforme au contrat",
    500: "Erreur interne",
}
_DETAILS = {
    404: "Cette adresse n'existe pas ; les routes sont décrites par /docs.",
    405: "Cette route n'admet pas cette méthode ; voir /docs.",
    422: "La demande n'a pas été évaluée ; chaque problème est nommé dans « problemes ».",
    400: "La demande n'a pas été évaluée ; voir « problemes ».",
    500: "La demande n'a pas été évaluée ; citez id_requete au support.",
}


def create_app(service: ScoringService) -> FastAPI:
    """Return the application that answers from a loaded bundle."""
    contract = service.contract
    version = model_version(contract)
    request_model = application_model(contract)
    published_contract = contract_bytes(contract)
    app = FastAPI(
        title="Prêt à dépenser : évaluation du risque de défaut",
        version=contract.schema_version,
        description="Probabilité de défaut, décision au seuil de moindre coût et raisons d'une demande de crédit.",
        # A redirect would name the host the request claims, without the stage of API Gateway.
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )

    @app.post(
        "/v1/score",
        summary="Évaluer une demande",
        response_model=ScoreReply,
        responses={400: {"model": Problem}, 422: {"model": Problem}},
        openapi_extra=_request_body(request_model.model_json_schema()),
    )
    async def score(request: Request) -> Response:
        started = time.perf_counter()
        application = parse_application(await request.body(), request_model)
        scored = service.score(application)
        latency_ms = (time.perf_counter() - started) * 1000
        request_id = request_id_of(request)
        log_score(
            request_id=request_id,
            version=version,
            decision=scored.decision,
            default_probability=scored.default_probability,
            n_missing=sum(value is None for value in application.values()),
            latency_ms=latency_ms,
        )
        reply = _score_reply(
            scored,
            contract,
            Meta(
                version_modele=version,
                horodatage=datetime.now(UTC).isoformat(timespec="milliseconds"),
                latence_ms=round(latency_ms, 3),
                id_requete=request_id,
            ),
        )
        return Response(reply.model_dump_json(), media_type="application/json")

    @app.get("/v1/contract", summary="Lire le contrat", response_model=Contract)
    async def read_contract() -> Response:
        return Response(published_contract, media_type="application/json")

    @app.get("/health", summary="Vérifier que la fonction répond")
    async def health() -> Health:
        return Health(statut="ok", version_modele=version, execution=contract.identity.training_run_id)

    for kind in STATUS_OF_ERROR:
        app.add_exception_handler(kind, _answer_scoring_error)
    app.add_exception_handler(HTTPException, _answer_http_error)
    app.add_exception_handler(Exception, _answer_unexpected_error)
    return app


def model_version(contract: Contract) -> str:
    """Return the name and registry version that replies and logs carry."""
    return f"{contract.identity.model_name}:{contract.identity.registry_version or 'non-publié'}"


def request_id_of(request: Request) -> str:
    """Return the identifier API Gateway or Lambda gave the request, or a new one; the same whenever it is asked."""
    if _REQUEST_ID not in request.scope:
        event = request.scope.get("aws.event", {})
        context = request.scope.get("aws.context")
        gateway_id = event.get("requestContext", {}).get("requestId")
        request.scope[_REQUEST_ID] = str(gateway_id or getattr(context, "aws_request_id", None) or uuid.uuid4())
    return str(request.scope[_REQUEST_ID])


def _score_reply(scored: ScoredApplication, contract: Contract, meta: Meta) -> ScoreReply:
    return ScoreReply(
        probabilite_de_defaut=scored.default_probability,
        classe=scored.decision,
        seuil=contract.decision.threshold,
        explications_locales=[LocalExplanation.of(reason) for reason in scored.reasons],
        meta=meta,
    )


def _request_body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def _answer_scoring_error(request: Request, error: Exception) -> Response:
    if isinstance(error, InvalidApplicationError):
        return _refused(request, error.status, error.code, error.problems)
    code = error.code if isinstance(error, ScoringError) else UNEXPECTED
    log_failure(request_id=request_id_of(request), code=code, error=error)
    return _problem(request, STATUS_OF_ERROR.get(type(error), 500), code)  # type: ignore[arg-type]


async def _answer_http_error(request: Request, error: Exception) -> Response:
    status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
    response = _refused(request, status, f"SCR{status}", ())
    response.headers.update(headers or {})  # a 405 says in Allow what the route admits
    return response


async def _answer_unexpected_error(request: Request, error: Exception) -> Response:
    log_failure(request_id=request_id_of(request), code=UNEXPECTED, error=error)
    return _problem(request, 500, UNEXPECTED)


def _refused(request: Request, status: int, code: str, problems: tuple[FieldProblem, ...]) -> Response:
    codes = sorted({problem.code for problem in problems}) or [code]
    log_refused_request(request_id=request_id_of(request), status=status, codes=codes)
    return _problem(request, status, code, problems)


def _problem(request: Request, status: int, code: str, problems: tuple[FieldProblem, ...] = ()) -> Response:
    body = Problem(
        title=_TITLES.get(status, "Erreur"),
        status=status,
        detail=_DETAILS.get(status, "La requête n'a pas été traitée."),
        code=code,
        id_requete=request_id_of(request),
        problemes=[
            FieldProblemReply(champ=one.champ, code=one.code, detail=one.detail, recu=one.recu) for one in problems
        ],
    )
    return Response(body.model_dump_json(), status_code=status, media_type=PROBLEM_MEDIA_TYPE)
