"""The description of the API as generators of clients read it: functions for names, every status, one schema a body.

FastAPI describes the routes; here its description is completed. It is made when it is first asked for, so that a cold
start does not wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from scoring.http.problems import PROBLEM_MEDIA_TYPE, problem_examples

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from fastapi import FastAPI

    type Schema = dict[str, Any]
    type Examples = Callable[[], Mapping[str, Example]]

# Generators name packages after it: letters of ASCII alone.
TITLE: Final = "Pret a depenser - Scoring API"
KEY_SCHEME: Final = "cle_api"
OPEN_TO_ALL: Final = "/health"
LOWEST_REFUSAL: Final = 400
# How a client's method is called, and the shared schema of what it sends.
_OPERATIONS: Final = {
    "/v1/score": ("score_application", "Demande"),
    "/v1/score/batch": ("score_applications", "LotDeDemandes"),
    "/v1/leviers": ("find_levers", "Demande"),
    "/v1/politique/essai": ("try_policy", "EssaiDeRegles"),
    "/v1/dossier": ("score_dossier", "Dossier"),
    "/v1/dossier/lot": ("score_dossiers", "LotDeDossiers"),
    "/v1/model": ("read_model", None),
    "/v1/contract": ("read_contract", None),
    "/v1/evidence": ("read_evidence", None),
    "/health": ("check_health", None),
}
_LOTS: Final = {"LotDeDemandes": ("demandes", "Demande"), "LotDeDossiers": ("dossiers", "Dossier")}
# Who answers them beside the application: API Gateway (403, 413, 429, 502, 504). A GET cannot be refused for its body.
_ANY_ROUTE: Final = {
    403: "La clé d'API est absente ou inconnue (API Gateway).",
    404: "Cette adresse n'existe pas.",
    405: "Cette route n'admet pas cette méthode ; l'en-tête Allow dit lesquelles.",
    422: "La demande n'est pas conforme au contrat, ou un paramètre n'existe pas.",
    429: "Le débit convenu ou le quota du jour est dépassé (API Gateway).",
    500: "La demande n'a pas été évaluée ; citez id_requete au support.",
    502: "La fonction n'a pas répondu (API Gateway).",
    504: "La réponse n'est pas venue à temps (API Gateway).",
}
_SERVERS: Final[list[Schema]] = [
    {
        "url": "https://{api}.execute-api.{region}.amazonaws.com/{etape}",
        "description": "API Gateway ; l'adresse est la sortie ApiUrl de la pile.",
        "variables": {
            "api": {"default": "identifiant", "description": "Identifiant de l'API."},
            "region": {"default": "eu-west-3"},
            "etape": {"default": "production", "enum": ["dev", "staging", "production"]},
        },
    },
    {"url": "http://localhost:8000", "description": "API locale (make api)."},
]


@dataclass(frozen=True, slots=True)
class Example:
    """A request of a route and the reply that it gets."""

    request: object
    reply: Mapping[str, Any]


def complete_description(app: FastAPI, examples: Examples) -> None:
    """Let an application describe itself in full; `examples` gives those of its routes when they are asked for."""
    describe = app.openapi

    def described() -> Schema:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(describe(), examples())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]  # FastAPI's documented way to extend the description


def _completed(schema: Schema, examples: Mapping[str, Example]) -> Schema:
    components = schema["components"]
    schema["servers"] = _SERVERS
    schema["security"] = [{KEY_SCHEME: []}]
    components["securitySchemes"] = {KEY_SCHEME: {"type": "apiKey", "in": "header", "name": "x-api-key"}}
    for reply in components["schemas"].values():
        _let_grow(reply)
    for path, operation in _operations(schema):
        name, body = _OPERATIONS[path]
        operation["operationId"] = name
        if body is not None:
            _share(components["schemas"], operation, body)
        _tell_every_status(operation)
        if path == OPEN_TO_ALL:
            operation["security"] = []
        if path in examples:
            _show(operation, examples[path])
    return schema


def _operations(schema: Schema) -> Iterator[tuple[str, Schema]]:
    return ((path, operation) for path, methods in schema["paths"].items() for operation in methods.values())


def _let_grow(reply: Schema) -> None:
    """Let a reply have fields that are not described: a minor version may add some."""
    if reply.get("additionalProperties") is False:
        del reply["additionalProperties"]


def _share(schemas: Schema, operation: Schema, name: str) -> None:
    """Put the schema of a body among the shared ones, once, and refer to it."""
    content = operation["requestBody"]["content"]["application/json"]
    schema = schemas.setdefault(name, content["schema"] | {"title": name})
    if name in _LOTS:
        listed, one = _LOTS[name]
        items = schema["properties"][listed]
        schema["properties"] = schema["properties"] | {listed: items | {"items": _reference(one)}}
    content["schema"] = _reference(name)


def _reference(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _tell_every_status(operation: Schema) -> None:
    """Describe each refusal that a caller may meet, in the one form and under its media type."""
    told = operation["responses"]
    for status, description in _ANY_ROUTE.items():
        told.setdefault(str(status), {"description": description})
    for status, answer in told.items():
        if int(status) >= LOWEST_REFUSAL:
            answer["content"] = {PROBLEM_MEDIA_TYPE: {"schema": _reference("Problem")} | problem_examples(int(status))}
    operation["responses"] = dict(sorted(told.items()))


def _show(operation: Schema, example: Example) -> None:
    operation["requestBody"]["content"]["application/json"]["example"] = example.request
    operation["responses"]["200"]["content"]["application/json"]["example"] = example.reply
