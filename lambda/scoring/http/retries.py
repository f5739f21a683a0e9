"""Requests that carry an ``Idempotency-Key``: the same request again is given the answer that it had."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from functools import wraps
from typing import TYPE_CHECKING, Final

from starlette.requests import Request
from starlette.responses import Response

from scoring.answer_table import AnswerTable
from scoring.errors import AnswerStoreError, FieldProblem, InvalidApplicationError
from scoring.http.bodies import read_body
from scoring.http.headers import APPLICANT_HEADER, language_of, request_id_of
from scoring.idempotency import KeptAnswer, MemoryStore, Standing
from scoring.log_lines import REQUEST, Event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.types import Message, Receive

    from scoring.idempotency import AnswerStore
    from scoring.request_log import RequestLog
    from scoring.settings import Settings

    type Endpoint = Callable[[Request], Awaitable[Response]]

KEY_HEADER: Final = "Idempotency-Key"
REPEATED_HEADER: Final = "Idempotent-Replayed"
LONGEST_KEY: Final = 255
_NAME: Final = KEY_HEADER.lower().encode()
_ECHO: Final = 80
_HOUR: Final = 3600
_OK: Final = 200
_MALFORMED: Final = f"La clé, donnée une seule fois, a de 1 à {LONGEST_KEY} caractères ASCII visibles."
_NOT_HERE: Final = (
    "Cette instance ne garde aucune réponse (IDEMPOTENCY=off) : la clé n'aurait aucun effet. Renvoyez la demande sans "
    "cet en-tête, ou demandez à l'exploitant de configurer la table."
)
_REFUSALS: Final = {
    Standing.OTHER_REQUEST: (
        "SCR142",
        "Cette clé a déjà servi à une autre demande : le corps, l'adresse, la langue ou le demandeur diffère.",
    ),
    Standing.IN_PROGRESS: (
        "SCR143",
        "Une demande de même clé est en cours d'évaluation ; recommencez dans une seconde pour en lire la réponse.",
    ),
}


def open_store(settings: Settings) -> AnswerStore | None:
    """Return where answers are kept, None where they are not."""
    seconds = settings.idempotency_hours * _HOUR
    if settings.idempotency == "dynamodb":
        return AnswerTable(str(settings.idempotency_table), seconds)
    return MemoryStore(seconds) if settings.idempotency == "memory" else None


class Retries:
    """Answers a request once for each key.

    Parameters
    ----------
    store
        Where answers are kept; None refuses every key.
    body_limit
        Longest body in bytes.
    """

    def __init__(self, store: AnswerStore | None, log: RequestLog, *, body_limit: int) -> None:
        self._store = store
        self._log = log
        self._body_limit = body_limit

    def guarding(self, endpoint: Endpoint) -> Endpoint:
        """Return an endpoint that answers as this one, and a key once."""

        @wraps(endpoint)
        async def answer(request: Request) -> Response:
            key = key_of(request)
            if key is None:
                return await endpoint(request)
            if self._store is None:
                raise InvalidApplicationError([FieldProblem(KEY_HEADER, "SCR141", _NOT_HERE)])
            return await self._once(self._store, endpoint, request, key)

        return answer

    async def _once(self, store: AnswerStore, endpoint: Endpoint, request: Request, key: str) -> Response:
        body = await read_body(request, limit=self._body_limit)
        entry, holder = _entry(request, key), request_id_of(request)
        found = store.claim(entry, _fingerprint(request, body), holder=holder)
        if isinstance(found, KeptAnswer):
            self._log.answered(Event.REPEATED, {REQUEST: holder}, {})
            return _repeated(found)
        if found is not None:
            code, detail = _REFUSALS[found]
            raise InvalidApplicationError([FieldProblem(KEY_HEADER, code, detail)], status=409)
        try:
            response = await endpoint(Request(request.scope, _receiving(body)))
        except BaseException:
            with suppress(AnswerStoreError):  # what failed is what is told; the key is free once its lease has ended
                store.release(entry, holder=holder)
            raise
        self._keep(store, entry, response, holder)
        return response

    def _keep(self, store: AnswerStore, entry: str, response: Response, holder: str) -> None:
        """Keep an answer; where that fails, it is given all the same: who has it need not ask again."""
        try:
            if response.status_code == _OK:
                answer = KeptAnswer(bytes(response.body), response.headers["content-language"])
                store.keep(entry, answer, holder=holder)
            else:
                store.release(entry, holder=holder)
        except AnswerStoreError as error:
            self._log.failed(request_id=holder, code=error.code, error=error)


def key_of(request: Request) -> str | None:
    """Return the key of a request, or None.

    Raises
    ------
    InvalidApplicationError
        ``SCR140`` when it is given twice, empty, too long, or not of visible ASCII characters.
    """
    given = [value for name, value in request.scope["headers"] if name == _NAME]
    if not given:
        return None
    key = str(given[0], "latin-1").strip()
    if len(given) == 1 and 1 <= len(key) <= LONGEST_KEY and all("!" <= character <= "~" for character in key):
        return key
    raise InvalidApplicationError([FieldProblem(KEY_HEADER, "SCR140", _MALFORMED, key[:_ECHO])])


def _entry(request: Request, key: str) -> str:
    """Return what a key is kept under: two partners may choose the same one."""
    identity = request.scope.get("aws.event", {}).get("requestContext", {}).get("identity") or {}
    return _hash(str(identity.get("apiKeyId") or "").encode(), key.encode())


def _fingerprint(request: Request, body: bytes) -> str:
    """Return what makes a request the same: all that its answer or its audit record depends on."""
    told = (request.url.path, language_of(request), request.headers.get(APPLICANT_HEADER, ""))
    return _hash(*(one.encode() for one in told), request.scope.get("query_string", b""), body)


def _hash(*parts: bytes) -> str:
    """Return a hash of parts, none of which can pass for the end of another."""
    return hashlib.sha256(b"".join(len(part).to_bytes(8) + part for part in parts)).hexdigest()


def _receiving(body: bytes) -> Receive:
    """Return what gives a body that was read already once more."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


def _repeated(kept: KeptAnswer) -> Response:
    headers = {"content-language": kept.language, REPEATED_HEADER: "true"}
    return Response(kept.body, media_type="application/json", headers=headers)
