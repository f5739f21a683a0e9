"""The HTTP surface: the addresses and their description in OpenAPI (the only importer of FastAPI)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fastapi import FastAPI, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.exceptions import HTTPException
from starlette.routing import Route

from scoring.audit_key import AuditKey
from scoring.bundle import Bundle
from scoring.contract import Contract
from scoring.errors import ScoringError
from scoring.evidence import Evidence
from scoring.http.deprecation import DeprecationNotice, deprecation_headers
from scoring.http.headers import APPLICANT_HEADER, asking_only
from scoring.http.manners import Manners
from scoring.http.openapi import OPEN_TO_ALL, TITLE, complete_description
from scoring.http.problems import STATUS_OF_ERROR, ProblemAnswers
from scoring.http.reply_schemas import BatchReply, Health, LeversReply, ModelReply, Problem, ScoreReply, TrialReply
from scoring.http.retries import KEY_HEADER, LONGEST_KEY, REPEATED_HEADER, Retries, open_store
from scoring.http.routes import Routes
from scoring.log_lines import AUDITED_SHARE, MODEL_VERSION, SEAL
from scoring.policy import Policy, PolicyInForce
from scoring.reasons import PRINCIPAL_REASONS
from scoring.records import LONGEST_IDENTIFIER, Auditor, model_version
from scoring.request_log import RequestLog
from scoring.service import MOST_REASONS, ScoringService
from scoring.settings import Settings
from scoring.shadow import Shadow

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pydantic import BaseModel

    from scoring.decision import DecisionRule
    from scoring.http.openapi import Example

    type Endpoint = Callable[[Request], Awaitable[Response]]

_REFUSALS: dict[int | str, dict[str, Any]] = {
    400: {"model": Problem, "description": "Le corps n'est pas du JSON en UTF-8."},
    409: {"model": Problem, "description": "La clé d'idempotence a servi à une autre demande, ou sert en ce moment."},
    413: {"model": Problem, "description": "Le corps est trop long."},
    415: {"model": Problem, "description": "Le corps n'est pas annoncé comme du JSON."},
    422: {"model": Problem, "description": "La demande n'est pas conforme au contrat."},
    503: {"model": Problem, "description": "Les clés d'idempotence ne répondent pas."},
}
_KEY_PARAMETER: Final[dict[str, Any]] = {
    "name": KEY_HEADER,
    "in": "header",
    "description": (
        "Clé de la demande, choisie par le client : renvoyée avec la même clé, elle reçoit la réponse déjà donnée "
        f"({REPEATED_HEADER}: true), sans être évaluée ni enregistrée une seconde fois. Durée : « limites » de "
        "GET /v1/model."
    ),
    "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
}
APPLICANT_PARAMETER: Final[dict[str, Any]] = {
    "name": APPLICANT_HEADER,
    "in": "header",
    "description": "Identifiant du demandeur chez le partenaire ; seule son empreinte à clé est conservée.",
    "schema": {"type": "string", "maxLength": LONGEST_IDENTIFIER},
}
IDENTIFIERS_SCHEMA: Final[dict[str, Any]] = {
    "type": ["array", "null"],
    "description": "Identifiants des demandeurs, un par demande ; seule l'empreinte à clé en est gardée.",
    "items": {"type": ["string", "null"], "minLength": 1, "maxLength": LONGEST_IDENTIFIER},
}
_SCORE_DESCRIPTION = (
    "Probabilité de défaut, décision au seuil en vigueur, raisons principales, couverture du dossier et, s'il y a lieu,"
    " renvoi à une personne."
)
_DESCRIPTION = (
    "Probabilité de défaut, décision au seuil de moindre coût et raisons d'une demande de crédit. "
    "La machine propose ; un refus n’est jamais prononcé que par une personne."
)
_REASONS_DESCRIPTION = f"Nombre de raisons voulues, au plus ; une réponse n'en a jamais plus de {PRINCIPAL_REASONS}."
_BATCH_DESCRIPTION = (
    "Jusqu'à {} demandes par appel, évaluées en une fois ; une demande fautive n'empêche pas les autres."
)
_MODEL_DESCRIPTION = "Version, règle de décision en vigueur, qualité mesurée, empreintes et limites de cette instance."
_CONTRACT_DESCRIPTION = (
    "Données attendues, bornes, libellés, politique de décision, qualité et références, tels qu'exportés."
)
_EVIDENCE_DESCRIPTION = (
    "Pourquoi ce modèle, à ce seuil : candidats comparés, coût selon le seuil et le rapport des coûts, stabilité, "
    "calibration, et de quoi rejouer toute politique par segment. Des agrégats seulement."
)
_HEALTH_DESCRIPTION = "La fonction répond, et dit dans quelle version et pour quel modèle."
_TRIAL_DESCRIPTION = (
    "Ce qu'un projet de règles (exclusion, capacité, renvoi) ferait des demandes jointes, à côté de ce "
    "qui est en vigueur. Rien n'est conservé, et ses dates ne comptent pas."
)
_DRAFT_DESCRIPTION = "Règles du prêteur, telles que le fichier scellé les porte ; un projet n'a pas besoin de sceau."
_LEVERS_DESCRIPTION = (
    "Pour un refus : les plus petits changements réalistes du montant, de la durée ou de l'apport avec lesquels le "
    "modèle accepterait la demande, ou l'aveu qu'aucun n'est à portée."
)


def open_app(settings: Settings) -> FastAPI:
    """Open the bundle that the settings name and return the application that answers from it.

    Raises
    ------
    ContractError
        When the bundle does not hold together, or is not the one expected (``SCR2xx``).
    """
    bundle = Bundle.open(settings.bundle_dir, expected_seal=settings.bundle_sha256)
    path = settings.rules_file
    policy = PolicyInForce.open(path, bundle.contract, expected_seal=settings.policy_seal or "") if path else None
    service = ScoringService.of(bundle, threshold=settings.decision_threshold, costs=settings.costs, policy=policy)
    return create_app(service, bundle, settings)


def create_app(service: ScoringService, bundle: Bundle, settings: Settings | None = None) -> FastAPI:
    """Return the application that answers by the service of a bundle; of its files it keeps contract and evidence."""
    chosen = settings or Settings()
    log = RequestLog({MODEL_VERSION: model_version(bundle), SEAL: bundle.seal}, with_metrics=chosen.metrics == "on")
    auditor = (
        Auditor(bundle, service.rule, share=chosen.audit_share, read_key=_audit_key(chosen, log).read)
        if chosen.audit == "on"
        else None
    )
    shadow, told_of_shadow = _shadow(chosen)
    routes = Routes(service, bundle, chosen, log, auditor, shadow)
    app = FastAPI(
        title=TITLE,
        summary="Prêt à dépenser : évaluation du risque de défaut",
        version=bundle.contract.schema_version,
        description=_DESCRIPTION,
        # A redirect would name the host the request claims, without the stage of API Gateway.
        redirect_slashes=False,
        docs_url=None,
        redoc_url=None,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.retries = Retries(open_store(chosen), log, body_limit=chosen.max_body_bytes)
    _serve(app, routes, chosen)
    complete_description(app, lambda: examples_of(app))
    answers = ProblemAnswers(log, frozenset(item.name for item in bundle.contract.inputs))
    for kind in STATUS_OF_ERROR:
        app.add_exception_handler(kind, answers.scoring_error)
    app.add_exception_handler(HTTPException, answers.http_error)
    app.add_exception_handler(Exception, answers.unexpected_error)
    notice = deprecation_headers(chosen.deprecated_on, chosen.sunset_on)
    if notice:
        app.add_middleware(DeprecationNotice, headers=notice)
    app.add_middleware(Manners)
    log.start(_start_facts(service.rule, chosen) | _policy_facts(service.policy) | told_of_shadow | notice)
    if service.policy and service.policy.trouble:
        log.failed(request_id="", code=service.policy.trouble.code, error=service.policy.trouble)
    app.state.request_log = log
    app.state.routes = routes
    app.state.shadow = shadow
    app.state.examples = [routes.examples]
    return app


def _audit_key(settings: Settings, log: RequestLog) -> AuditKey:
    """Return what gives the key of the hashes; that it cannot be read is a line of the log, and a metric."""
    return AuditKey(
        settings.audit_hash_secret,
        on_failure=log.key_unread,
    )


def _shadow(settings: Settings) -> tuple[Shadow | None, dict[str, object]]:
    """Open the challenger, where one is asked, and return what the line of a cold start says of it.

    One that cannot be opened is a word there, and the function answers without it.
    """
    if not settings.shadow_share:
        return None, {}
    told: dict[str, object] = {"part_ombre": settings.shadow_share, "budget_ombre": settings.shadow_budget}
    try:
        shadow = Shadow.open(
            settings.shadow_bundle_dir,
            share=settings.shadow_share,
            budget=settings.shadow_budget,
        )
    except Exception as error:  # noqa: BLE001  whatever is wrong with a challenger, the function answers
        return None, told | {"erreur_ombre": error.code if isinstance(error, ScoringError) else type(error).__name__}
    return shadow, told | dict(shadow.identity)


def _policy_facts(policy: PolicyInForce | None) -> dict[str, object]:
    """Return what the line of a cold start says of the lender's rules; nothing where there are none."""
    if policy is None:
        return {}
    if policy.book is None:
        return {"politique": None}
    told = policy.book.policy
    return {"politique": told.version, "empreinte_politique": told.seal}


def _start_facts(rule: DecisionRule, settings: Settings) -> dict[str, object]:
    """Return what the line of a cold start says of the rule and the configuration in force."""
    return {
        "seuil": rule.threshold,
        "seuil_origine": rule.origin,
        "cout_faux_negatif": rule.costs.false_negative,
        "cout_faux_positif": rule.costs.false_positive,
        "champs_inconnus": settings.unknown_fields,
        "audit": settings.audit,
        AUDITED_SHARE: settings.audit_share,
        "profil": settings.profile,
        "octets_par_requete": settings.max_body_bytes,
        "demandes_par_lot": settings.max_batch,
        "dossiers_par_lot": settings.max_dossiers,
        "lignes_par_table": settings.max_records,
        "idempotence": settings.idempotency,
    }


def _serve(app: FastAPI, routes: Routes, settings: Settings) -> None:
    """Give each route its address."""
    demand = routes.reader.model.model_json_schema()
    score = described("Évaluer une demande", ScoreReply, PRINCIPAL_REASONS)
    serve_post(app, "/v1/score", routes.score, demand, score | {"description": _SCORE_DESCRIPTION})
    serve_post(
        app,
        "/v1/score/batch",
        routes.score_batch,
        _batch_schema(demand, settings.max_batch),
        described("Évaluer un lot de demandes", BatchReply, 0)
        | {"description": _BATCH_DESCRIPTION.format(settings.max_batch)},
    )
    trial = described("Essayer des règles avant de les publier", TrialReply, None)
    serve_post(
        app,
        "/v1/politique/essai",
        routes.try_policy,
        _trial_schema(demand, settings.max_batch),
        trial | {"description": _TRIAL_DESCRIPTION},
    )
    levers = described("Chercher ce qui ferait accepter une demande", LeversReply, None)
    serve_post(app, "/v1/leviers", routes.levers, demand, levers | {"description": _LEVERS_DESCRIPTION})
    for path, endpoint, reply, summary, description in (
        ("/v1/model", routes.model, ModelReply, "Lire ce qu'est le modèle servi", _MODEL_DESCRIPTION),
        ("/v1/contract", routes.contract, Contract, "Lire le contrat", _CONTRACT_DESCRIPTION),
        ("/v1/evidence", routes.evidence, Evidence, "Lire les preuves du choix", _EVIDENCE_DESCRIPTION),
        ("/health", routes.health, Health, "Vérifier que la fonction répond", _HEALTH_DESCRIPTION),
    ):
        # Watchers add what they like to the one route that anybody may ask.
        known = endpoint if path == OPEN_TO_ALL else asking_only((), endpoint)
        app.get(path, summary=summary, description=description, response_model=reply)(known)
    app.router.routes.append(Route("/docs", _docs, include_in_schema=False))


def serve_post(app: FastAPI, path: str, endpoint: Endpoint, schema: dict[str, Any], described: dict[str, Any]) -> None:
    """Serve a route by Starlette, once for each key that a request may carry, and let FastAPI describe it.

    FastAPI's own way to an endpoint costs about as much as the model. The first route that matches answers, so its
    route is there for OpenAPI; should it ever be reached, it answers the same.
    """
    asked = [one["name"] for one in described["parameters"] if one["in"] == "query"]
    endpoint = asking_only(asked, app.state.retries.guarding(endpoint))
    app.router.routes.append(Route(path, endpoint, methods=["POST"], include_in_schema=False))
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    parameters = described.pop("parameters")
    app.post(path, openapi_extra={"requestBody": body, "parameters": parameters}, **described)(endpoint)


def described(summary: str, reply: type[BaseModel], n_reasons: int | None) -> dict[str, Any]:
    """Return what OpenAPI says of a route; `n_reasons` is the default number of reasons, where there are any."""
    parameters: list[dict[str, Any]] = [
        {
            "name": "Accept-Language",
            "in": "header",
            "description": "Langue des textes de la réponse : fr (par défaut) ou en.",
            "schema": {"type": "string"},
        },
        _KEY_PARAMETER,
    ]
    if n_reasons is not None:
        bounds = {"type": "integer", "minimum": 0, "maximum": MOST_REASONS, "default": n_reasons}
        parameters.append({"name": "raisons", "in": "query", "description": _REASONS_DESCRIPTION, "schema": bounds})
    parameters.append(APPLICANT_PARAMETER)
    return {"summary": summary, "response_model": reply, "responses": _REFUSALS, "parameters": parameters}


def _batch_schema(demand: dict[str, Any], most: int) -> dict[str, Any]:
    """Return the schema of a batch's body."""
    return {
        "type": "object",
        "title": "Lot de demandes",
        "required": ["demandes"],
        "additionalProperties": False,
        "properties": {
            "demandes": {"type": "array", "minItems": 1, "maxItems": most, "items": demand},
            "identifiants": IDENTIFIERS_SCHEMA,
        },
    }


def examples_of(app: FastAPI) -> dict[str, Example]:
    """Return a request and its reply for each route that has them."""
    return {path: one for source in app.state.examples for path, one in source().items()}


def _trial_schema(demand: dict[str, Any], most: int) -> dict[str, Any]:
    """Return the schema of a trial's body; fields of the draft may stand beside those of the contract."""
    draft = Policy.model_json_schema() | {"description": _DRAFT_DESCRIPTION}
    definitions = {name: one | {"description": ""} for name, one in draft.pop("$defs", {}).items()}
    told = demand | {"additionalProperties": True}
    return {
        "type": "object",
        "title": "Essai de règles",
        "required": ["politique", "demandes"],
        "additionalProperties": False,
        "properties": {
            "politique": _inlined(draft, definitions),
            "demandes": {"type": "array", "minItems": 1, "maxItems": most, "items": told},
        },
    }


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401  any JSON value
    """Return a schema with its definitions in their places: a body stands outside OpenAPI's components."""
    if isinstance(schema, dict):
        if "$ref" in schema:
            return _inlined(definitions[str(schema["$ref"]).rpartition("/")[2]], definitions)
        return {name: _inlined(value, definitions) for name, value in schema.items()}
    return [_inlined(one, definitions) for one in schema] if isinstance(schema, list) else schema


async def _docs(_: Request) -> Response:
    """Show the description in a browser; its address is relative, so that a stage before it does no harm."""
    return get_swagger_ui_html(openapi_url="openapi.json", title="Prêt à dépenser : API d'évaluation")
