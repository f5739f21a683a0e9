"""The API over HTTP: its routes, and each way of failing as its own error."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx

from frontend.api import errors
from frontend.api.answers import Answer, read_answer
from frontend.api.batches import BatchAnswer, read_batch
from frontend.api.dossiers import DossierAnswer, read_dossier_answer
from frontend.api.levers import LeversAnswer, read_levers
from frontend.api.policy_trials import TrialAnswer, read_trial
from frontend.api.problems import read_problems

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from frontend.settings import Settings
    from frontend.wording.words import Language

KEY_HEADER = "x-api-key"
# API Gateway gives up after 29 s; a cold start takes a few seconds, so a shorter wait and another attempt is faster.
TIMEOUT = httpx.Timeout(12.0, connect=5.0)
PAUSES_SECONDS = (0.5, 2.0)
_WAKING_UP = {502, 503, 504}
_REFUSED_KEY = {401, 403}
_INVALID_APPLICATION = {400, 422}
_ABSENT = {404, 405}
_TOO_LARGE = 413
_QUOTA = 429


class ScoringClient:
    """Asks the API; scoring changes nothing there, so every request may be sent again.

    Parameters
    ----------
    http
        Knows the address and the key; its transport may lead over the network or into this process.
    sleep
        Waits between two attempts.
    """

    def __init__(
        self, http: httpx.Client, *, sleep: Callable[[float], None] = time.sleep, language: Language = "fr"
    ) -> None:
        self._http = http
        self._sleep = sleep
        self._language = language

    def speaking(self, language: Language) -> ScoringClient:
        """Return a client of the same API that asks for texts in `language`."""
        return ScoringClient(self._http, sleep=self._sleep, language=language)

    def contract(self) -> dict[str, Any]:
        """Return what is true of the model that answers."""
        return self._ask("GET", "/v1/contract")

    def model(self) -> dict[str, Any]:
        """Return which bundle answers, the decision rule in force, and how much this API takes in one request."""
        return self._ask("GET", "/v1/model")

    def evidence(self) -> dict[str, Any]:
        """Return the evidence behind the decision rule: cost curve, sensitivity, segments, calibration, fairness.

        Raises
        ------
        RouteAbsentError
            When this API has none.
        """
        return self._ask("GET", "/v1/evidence")

    def score(self, application: Mapping[str, object]) -> Answer:
        """Return the answer to one application.

        Raises
        ------
        InvalidApplicationError
            When the API finds fields to correct; any other `FrontendError` says nothing of the application.
        """
        return read_answer(self._ask("POST", "/v1/score", application))

    def dossier(self, dossier: Mapping[str, object]) -> DossierAnswer:
        """Return the answer to the raw tables of one applicant, with the inputs that the API computed from them.

        Raises
        ------
        InvalidApplicationError
            When the API finds records to correct, each under its place (``bureau[3].DAYS_CREDIT``).
        RouteAbsentError
            When this API takes computed inputs alone.
        """
        return read_dossier_answer(self._ask("POST", "/v1/dossier?variables=oui", dossier))

    def description(self) -> dict[str, Any]:
        """Return the API's own description (OpenAPI), which has the type of every column of a dossier."""
        return self._ask("GET", "/openapi.json")

    def score_batch(self, applications: Sequence[Mapping[str, object]], *, n_reasons: int = 0) -> BatchAnswer:
        """Return the answers to several applications, each with `n_reasons` of its reasons at most."""
        path = f"/v1/score/batch?raisons={n_reasons}" if n_reasons else "/v1/score/batch"
        answer = read_batch(self._ask("POST", path, {"demandes": list(applications)}))
        if len(answer.rows) != len(applications):
            raise errors.UnexpectedReplyError("the answer has another number of rows")
        return answer

    def try_policy(self, draft: Mapping[str, object], applications: Sequence[Mapping[str, object]]) -> TrialAnswer:
        """Return what a draft of the lender's rules would make of some applications."""
        return read_trial(
            self._ask("POST", "/v1/politique/essai", {"politique": draft, "demandes": list(applications)})
        )

    def levers(self, application: Mapping[str, object]) -> LeversAnswer:
        """Return what the applicant could change to be accepted."""
        return read_levers(self._ask("POST", "/v1/leviers", application))

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        for pause in (*PAUSES_SECONDS, None):
            reply = self._attempt(method, path, body)
            if reply is not None:
                return _content_of(reply, path)
            if pause is not None:
                self._sleep(pause)
        raise errors.ApiAsleepError(f"no answer from {path} in {len(PAUSES_SECONDS) + 1} attempts")

    def _attempt(self, method: str, path: str, body: Mapping[str, object] | None) -> httpx.Response | None:
        """Return the reply, or None when it is worth asking again."""
        try:
            reply = self._http.request(method, path, json=body, headers={"accept-language": self._language})
        except (httpx.TimeoutException, httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
            # Too slow, or a connection kept from before that the other side has closed meanwhile.
            return None
        except (httpx.TransportError, httpx.InvalidURL) as error:
            raise errors.ApiUnreachableError(f"{type(error).__name__} on {path}") from error
        return None if reply.status_code in _WAKING_UP else reply


def http_client(settings: Settings, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """Return a client of the API at ``settings.api_url``, or of `transport` wherever that leads."""
    headers = {KEY_HEADER: settings.api_key} if settings.api_key else {}
    address = settings.api_url or "http://in-process"
    return httpx.Client(base_url=address, headers=headers, timeout=TIMEOUT, transport=transport)


def _content_of(reply: httpx.Response, path: str) -> dict[str, Any]:
    status = reply.status_code
    if status in _REFUSED_KEY:
        raise errors.KeyRefusedError(f"status {status}")
    if status == _QUOTA:
        raise errors.QuotaReachedError(_seconds(reply.headers.get("retry-after", "")))
    if status in _ABSENT:
        raise errors.RouteAbsentError(path)
    if status == _TOO_LARGE:
        raise errors.TooLargeError(path)
    content = _json_object(reply)
    if status in _INVALID_APPLICATION:
        raise errors.InvalidApplicationError(read_problems(content), int(content.get("problemes_omis", 0)))
    if not reply.is_success:
        raise errors.ApiFailedError(status, str(content.get("id_requete", "")))
    return content


def _json_object(reply: httpx.Response) -> dict[str, Any]:
    """Return the body; a failure without a readable body is told by its status alone."""
    try:
        content = reply.json()
    except ValueError:
        content = None
    if isinstance(content, dict):
        return content
    if reply.is_success:
        raise errors.UnexpectedReplyError("the body is not a JSON object")
    raise errors.ApiFailedError(reply.status_code)


def _seconds(header: str) -> int | None:
    return int(header) if header.isdecimal() else None
