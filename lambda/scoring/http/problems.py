"""Problems in the form of RFC 9457: the one table from errors to statuses, and what a client is told."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

from scoring.errors import (
    AnswerStoreError,
    AuditKeyError,
    ContractError,
    FeatureComputationError,
    FieldProblem,
    InvalidApplicationError,
    ModelOutputError,
    ScoringError,
    SettingsError,
)
from scoring.http import problem_words
from scoring.http.headers import language_of, request_id_of
from scoring.http.replies import MOST_PROBLEMS, problem_replies

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from starlette.requests import Request

    from scoring.request_log import RequestLog
    from scoring.wording import Language

PROBLEM_MEDIA_TYPE = "application/problem+json"
UNEXPECTED = "SCR500"
STATUS_OF_ERROR: dict[type[ScoringError], int] = {
    InvalidApplicationError: 422,
    ModelOutputError: 500,
    FeatureComputationError: 500,
    AnswerStoreError: 503,
    AuditKeyError: 500,
    ContractError: 500,
    SettingsError: 500,
}
_TITLES = {
    400: "Requête illisible",
    404: "Ressource inconnue",
    405: "Méthode non admise",
    409: "Clé d'idempotence en conflit",
    413: "Corps trop long",
    415: "Type de contenu non admis",
    422: "Demande non conforme au contrat",
    500: "Erreur interne",
    503: "Service momentanément indisponible",
}
_DETAILS = {
    400: "La demande n'a pas été évaluée ; voir « problemes ».",
    404: "Cette adresse n'existe pas ; les routes sont décrites par /docs.",
    405: "Cette route n'admet pas cette méthode ; voir /docs.",
    409: "La demande n'a pas été évaluée ; voir « problemes ».",
    413: "La demande n'a pas eu de réponse : le corps, ou la réponse, est trop long.",
    415: "La demande n'a pas été lue : envoyez du JSON en UTF-8, sans compression.",
    422: "La demande n'a pas été évaluée ; chaque problème est nommé dans « problemes ».",
    500: "La demande n'a pas été évaluée ; citez id_requete au support.",
    503: "La demande n'a pas été évaluée : les clés d'idempotence ne répondent pas ; recommencez dans une seconde.",
}
_NOT_TREATED = {"fr": "La requête n'a pas été traitée.", "en": "The request was not answered."}
# What is wrong with these stands in their list, under codes of its own.
_NAMED_BY_PROBLEMS = {400, 409, 413, 415, 422, 503}


class ProblemAnswers:
    """Answers what went wrong, and logs it.

    Parameters
    ----------
    fields
        Names of the contract's inputs: the only ones of a request that the log repeats.
    """

    def __init__(self, log: RequestLog, fields: AbstractSet[str]) -> None:
        self._log = log
        self._fields = fields

    async def scoring_error(self, request: Request, error: Exception) -> Response:
        """Answer one of the room's errors by its class."""
        if isinstance(error, InvalidApplicationError):
            return self._refused(request, error.status, error.code, error.problems, applications=1)
        code = error.code if isinstance(error, ScoringError) else UNEXPECTED
        self._log.failed(request_id=request_id_of(request), code=code, error=error)
        return problem(request, STATUS_OF_ERROR.get(type(error), 500), code)  # type: ignore[arg-type]

    async def http_error(self, request: Request, error: Exception) -> Response:
        """Answer what the framework refuses, such as an unknown address."""
        status, headers = (error.status_code, error.headers) if isinstance(error, HTTPException) else (500, None)
        response = self._refused(request, status, f"SCR{status}", ())
        response.headers.update(headers or {})  # a 405 says in Allow what the route admits
        return response

    async def unexpected_error(self, request: Request, error: Exception) -> Response:
        """Answer anything else: the log says where it happened, the client learns nothing of it."""
        self._log.failed(request_id=request_id_of(request), code=UNEXPECTED, error=error)
        return problem(request, 500, UNEXPECTED)

    def _refused(
        self, request: Request, status: int, code: str, problems: tuple[FieldProblem, ...], *, applications: int = 0
    ) -> Response:
        codes = sorted({one.code for one in problems}) or [code]
        fields = refused_fields([problems], self._fields)
        self._log.refused(
            request_id=request_id_of(request), status=status, codes=codes, applications=applications, fields=fields
        )
        return problem(request, status, code, problems)


def refused_fields(refusals: Iterable[Sequence[FieldProblem]], fields: AbstractSet[str]) -> Counter[str]:
    """Return how many applications were refused for each of the contract's fields.

    >>> refused_fields([[FieldProblem("A", "SCR104", "")], [FieldProblem("un nom", "SCR101", "")]], {"A"})
    Counter({'A': 1})
    """
    return Counter(name for problems in refusals for name in {one.champ for one in problems} & fields)


def problem(request: Request, status: int, code: str, problems: tuple[FieldProblem, ...] = ()) -> Response:
    """Return a response in the form of RFC 9457."""
    language = language_of(request)
    body = problem_body(status, code, problems, request_id=request_id_of(request), language=language)
    headers = {"content-language": language}
    return Response(body, status_code=status, media_type=PROBLEM_MEDIA_TYPE, headers=headers)


def problem_examples(status: int) -> dict[str, Any]:
    """Return a refusal that the framework or the application makes whatever was sent, for the description."""
    if status not in _TITLES or status in _NAMED_BY_PROBLEMS:
        return {}
    body = problem_body(status, f"SCR{status}", request_id="5f0c2c3a-58d8-4b21-9d4b-2f6f1d4a9c11")
    return {"example": json.loads(body)}


def problem_body(
    status: int,
    code: str,
    problems: tuple[FieldProblem, ...] = (),
    *,
    request_id: str,
    language: Language = "fr",
) -> bytes:
    """Return the body of such a response."""
    french = language == "fr"
    return to_json(
        {
            "type": "about:blank",
            "title": (_TITLES if french else problem_words.TITLES).get(status, "Erreur" if french else "Error"),
            "status": status,
            "detail": (_DETAILS if french else problem_words.DETAILS).get(status, _NOT_TREATED[language]),
            "code": code,
            "id_requete": request_id,
            **problem_replies(problems, language, most=MOST_PROBLEMS),
        }
    )
