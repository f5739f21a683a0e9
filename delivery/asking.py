"""Ways to ask a deployment: over HTTP with a key, or the package under the emulator."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx

from delivery.errors import DeliveryError
from delivery.events import HttpRequest, rest_event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from delivery.emulator import Emulator
    from delivery.smoke import Ask

# The gateway's own refusals of the moment: a burst, or a first snapshot that is still being restored.
_ASK_AGAIN = frozenset({429, 502, 503, 504})
_TIMES = 4
_WAIT_SECONDS = 2.0


@contextmanager
def over_http(address: str, key: str | None, *, wait_seconds: float = _WAIT_SECONDS) -> Iterator[Ask]:
    """Give a way to ask the API at an address; refusals of the moment are asked again.

    Raises
    ------
    DeliveryError
        When the address cannot be one; when asked, where nobody answers, or not in JSON.
    """
    with _client(address, key) as client:

        def ask(request: HttpRequest) -> tuple[int, dict[str, Any]]:
            for attempt in range(_TIMES):
                answer = _answer(client, request)
                if answer.status_code not in _ASK_AGAIN:
                    break
                time.sleep(wait_seconds * attempt)
            return answer.status_code, _content(answer)

        yield ask


def _client(address: str, key: str | None) -> httpx.Client:
    try:
        base = httpx.URL(address)
        client = httpx.Client(base_url=base, headers={} if key is None else {"x-api-key": key}, timeout=30)
    except (httpx.InvalidURL, UnicodeEncodeError) as error:
        raise DeliveryError(f"{address!r} is no address, or the key no key: {error}") from error
    if base.scheme not in {"http", "https"} or not base.host:
        raise DeliveryError(f"{address!r} is no address of an API; give one such as https://host/stage")
    return client


def _answer(client: httpx.Client, request: HttpRequest) -> httpx.Response:
    try:
        return client.request(
            request.method, request.path.lstrip("/"), content=request.body, headers=dict(request.headers)
        )
    except httpx.HTTPError as error:
        raise DeliveryError(f"{client.base_url} does not answer: {error}") from error


def _content(answer: httpx.Response) -> dict[str, Any]:
    try:
        content = answer.json()
    except ValueError as error:
        raise DeliveryError(f"{answer.url} answers {answer.status_code} and no JSON; is it the API?") from error
    return content if isinstance(content, dict) else {}


def under_emulator(emulator: Emulator) -> Ask:
    """Return a way to ask a running package, through the events of a REST API."""

    def ask(request: HttpRequest) -> tuple[int, dict[str, Any]]:
        answer = emulator.invoke(rest_event(request))
        if "statusCode" not in answer:
            told = f"{answer.get('errorType')}: {answer.get('errorMessage')}"
            raise DeliveryError(f"the function does not start: {told}")
        return int(answer["statusCode"]), dict(json.loads(answer["body"]))

    return ask
