"""What a request says beside its body: its identifier, the language of its sender, how many reasons are wanted."""

from __future__ import annotations

import uuid
from functools import wraps
from typing import TYPE_CHECKING, Final

from starlette.requests import Request  # noqa: TC002  FastAPI resolves annotations at run time
from starlette.responses import Response  # noqa: TC002  the same

from scoring.errors import FieldProblem, InvalidApplicationError
from scoring.records import LONGEST_IDENTIFIER
from scoring.service import MOST_REASONS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from scoring.wording import Language

    type Endpoint = Callable[[Request], Awaitable[Response]]

APPLICANT_HEADER: Final = "x-identifiant-demandeur"
_REQUEST_ID: Final = "scoring.request_id"
_LONGEST_REQUEST_ID: Final = 100
_ECHO: Final = 80
_COUNTS: Final = {str(count): count for count in range(MOST_REASONS + 1)}


def request_id_of(request: Request) -> str:
    """Return the identifier API Gateway or Lambda gave the request, or a new one; the same whenever it is asked."""
    if _REQUEST_ID not in request.scope:
        event = request.scope.get("aws.event", {})
        context = request.scope.get("aws.context")
        named = (event.get("requestContext", {}).get("requestId"), getattr(context, "aws_request_id", None))
        request.scope[_REQUEST_ID] = next(filter(_names_a_request, named), None) or str(uuid.uuid4())
    return str(request.scope[_REQUEST_ID])


def _names_a_request(given: object) -> bool:
    """Say whether an identifier can be repeated in replies and logs, as those of AWS can."""
    return isinstance(given, str) and given.isascii() and given.isprintable() and 0 < len(given) <= _LONGEST_REQUEST_ID


def reasons_asked(request: Request, *, default: int) -> int:
    """Return the number of reasons the query asks for.

    Raises
    ------
    InvalidApplicationError
        ``SCR108`` when it is not a whole number from 0 to 10.
    """
    if not request.scope.get("query_string"):
        return default
    asked = request.query_params.getlist("raisons")
    if not asked:
        return default
    if len(asked) == 1 and asked[0] in _COUNTS:
        return _COUNTS[asked[0]]
    detail = f"Un nombre entier de 0 à {MOST_REASONS} est attendu, une seule fois."
    raise InvalidApplicationError([FieldProblem("raisons", "SCR108", detail, ", ".join(asked)[:_ECHO])])


def asking_only(known: Collection[str], endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that refuses a query that names anything else: a misspelt parameter has no effect in silence.

    Raises
    ------
    InvalidApplicationError
        When asked, ``SCR109`` for each name that is not known.
    """

    @wraps(endpoint)
    async def answer(request: Request) -> Response:
        if request.scope.get("query_string") and (strange := request.query_params.keys() - set(known)):
            allowed = f" ; paramètres admis : {', '.join(known)}." if known else " ; cette route n'en a pas."
            detail = "Paramètre inconnu" + allowed
            raise InvalidApplicationError([FieldProblem(one[:_ECHO], "SCR109", detail) for one in sorted(strange)])
        return await endpoint(request)

    return answer


def language_of(request: Request) -> Language:
    """Return the language the sender prefers among those of the contract; French where it says nothing."""
    accepted = request.headers.get("accept-language")
    return "fr" if accepted is None else preferred_language(accepted)


def preferred_language(accept_language: str) -> Language:
    """Return the better of French and English by the weights of RFC 9110, section 12.5.4.

    >>> preferred_language("de, en-GB;q=0.8, fr;q=0.5")
    'en'
    >>> preferred_language("de")
    'fr'
    """
    weights = {"fr": 0.0, "en": 0.0}
    for part in accept_language.split(",")[:50]:
        name, _, parameter = part.strip().partition(";")
        language = name.strip().lower().partition("-")[0]
        if language in weights:
            weights[language] = max(weights[language], _quality(parameter))
    return "en" if weights["en"] > weights["fr"] else "fr"


def _quality(parameter: str) -> float:
    """Return the weight of one language, 1 where none is said and 0 where it makes no sense."""
    name, _, value = parameter.partition("=")
    if name.strip() != "q":
        return 1.0
    digits = value.strip()
    sound = digits.isascii() and digits.replace(".", "", 1).isdecimal()
    return min(float(digits), 1.0) if sound else 0.0


def partner_of(request: Request) -> str | None:
    """Return the identifier of the API key that the client calls with, for the audit record's hash, or None."""
    context = request.scope.get("aws.event", {}).get("requestContext", {})
    identity = context.get("identity")
    found = identity.get("apiKeyId") if isinstance(identity, dict) else None
    return found if isinstance(found, str) and 0 < len(found) <= LONGEST_IDENTIFIER else None


def applicant_of(request: Request) -> str | None:
    """Return the applicant's identifier at the client, for the audit record's hash, or None.

    On every route, of a batch it names the applicant of each application that has no identifier of its own.

    Raises
    ------
    InvalidApplicationError
        ``SCR102`` when it is too long; two that are cut to the same length would be the same applicant.
    """
    identifier = _text_of(request.headers.get(APPLICANT_HEADER, "")).strip()
    if len(identifier) > LONGEST_IDENTIFIER:
        detail = f"L'identifiant a plus de {LONGEST_IDENTIFIER} caractères."
        raise InvalidApplicationError([FieldProblem(APPLICANT_HEADER, "SCR102", detail, len(identifier))])
    return identifier or None


def _text_of(header: str) -> str:
    """Return a header as its sender wrote it: the bytes of most are UTF-8, and a server reads them as Latin-1."""
    try:
        return header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return header
