"""Requests with an Idempotency-Key, on every route that takes an application."""

from __future__ import annotations

import json
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from mangum import Mangum

from delivery.events import HttpRequest, rest_event
from scoring.dossier.app import open_dossier_app
from scoring.errors import AnswerStoreError
from scoring.records import AUDIT_LOGGER_NAME
from scoring.settings import Settings
from tests.builders.dossiers import a_dossier

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

    from scoring.idempotency import KeptAnswer

    type Ask = Callable[..., httpx.Response]

KEPT = {"audit": "on", "audit_share": 1.0, "idempotency": "memory"}
ROUTES = ["/v1/dossier", "/v1/dossier/lot", "/v1/score", "/v1/score/batch"]
every_route = pytest.mark.parametrize("route", ROUTES)


@pytest.fixture(scope="module")
def keeping() -> FastAPI:
    """Return an application that keeps answers in this process, and records each decision."""
    return open_dossier_app(Settings.model_validate(KEPT))


@pytest.fixture(scope="module")
def body_of(keeping: FastAPI, ask: Ask) -> Callable[[str], bytes]:
    """Return a body that a route answers."""
    dossier = a_dossier()
    inputs = ask(keeping, "POST", "/v1/dossier?variables=oui", json.dumps(dossier)).json()["variables"]
    bodies = {
        "/v1/dossier": dossier,
        "/v1/dossier/lot": {"dossiers": [dossier]},
        "/v1/score": inputs,
        "/v1/score/batch": {"demandes": [inputs]},
    }
    return lambda route: json.dumps(bodies[route]).encode()


@pytest.fixture
def keyed(keeping: FastAPI, ask: Ask, request: pytest.FixtureRequest) -> Callable[..., httpx.Response]:
    """Send a body under a key, which is the test's own."""

    def send(path: str, body: bytes, **headers: str) -> httpx.Response:
        return ask(keeping, "POST", path, body, {"Idempotency-Key": request.node.name} | headers)

    return send


def codes(reply: httpx.Response) -> list[str]:
    """Return the codes of a refusal."""
    return [one["code"] for one in reply.json()["problemes"]]


@every_route
def test_same_key_and_body_are_answered_once(
    route: str,
    body_of: Callable[[str], bytes],
    keyed: Callable[..., httpx.Response],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The second answer is the first to the byte, says so, and leaves no second record."""
    with caplog.at_level(logging.INFO, AUDIT_LOGGER_NAME):
        first, second = (keyed(route, body_of(route)) for _ in range(2))
    records = [one for one in caplog.records if one.name == AUDIT_LOGGER_NAME]

    assert (first.status_code, second.status_code, second.content) == (200, 200, first.content)
    assert (first.headers.get("idempotent-replayed"), second.headers["idempotent-replayed"]) == (None, "true")
    assert first.headers["content-language"] == second.headers["content-language"]
    assert len(records) == 1


@every_route
def test_without_a_key_each_request_is_its_own(
    route: str, body_of: Callable[[str], bytes], keeping: FastAPI, ask: Ask
) -> None:
    """Nothing is kept of who asked for nothing to be kept."""
    first, second = (ask(keeping, "POST", route, body_of(route)).json() for _ in range(2))

    assert first["meta"]["id_requete"] != second["meta"]["id_requete"]


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/v1/score?raisons=1", {}),
        ("/v1/score", {"Accept-Language": "en"}),
        ("/v1/score", {"X-Identifiant-Demandeur": "another"}),
        ("/v1/leviers", {}),
    ],
)
def test_another_request_under_the_key_is_a_conflict(
    path: str, headers: dict[str, str], body_of: Callable[[str], bytes], keyed: Callable[..., httpx.Response]
) -> None:
    """All that the answer or its record depends on makes another request: address, query, language, applicant."""
    keyed("/v1/score", body_of("/v1/score"))

    refused = keyed(path, body_of("/v1/score"), **headers)

    assert (refused.status_code, codes(refused)) == (409, ["SCR142"])


@every_route
def test_another_body_under_the_key_is_a_conflict(
    route: str, body_of: Callable[[str], bytes], keyed: Callable[..., httpx.Response]
) -> None:
    """The first answer stays what it is."""
    first = keyed(route, body_of(route))
    refused = keyed(route, body_of(route) + b" ")

    assert (refused.status_code, codes(refused)) == (409, ["SCR142"])
    assert keyed(route, body_of(route)).content == first.content


@every_route
def test_a_failure_is_not_remembered(
    route: str, body_of: Callable[[str], bytes], keyed: Callable[..., httpx.Response]
) -> None:
    """What was refused is mended and sent again under the same key."""
    refused, answered = keyed(route, b"{}"), keyed(route, body_of(route))

    assert (refused.status_code, answered.status_code) == (422, 200)


def test_a_failure_of_the_function_is_not_remembered(
    keeping: FastAPI, body_of: Callable[[str], bytes], keyed: Callable[..., httpx.Response]
) -> None:
    """Nor is what the sender could not help."""
    keeping.state.dossiers.engine.database.close()
    failed, answered = (keyed("/v1/dossier", body_of("/v1/dossier")) for _ in range(2))

    assert (failed.status_code, answered.status_code) == (500, 200)


def test_request_in_progress_is_told(
    keeping: FastAPI, ask: Ask, body_of: Callable[[str], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A duplicate that comes before the answer waits, and is not decided beside the first."""
    body = body_of("/v1/score")
    replies: list[httpx.Response] = []
    reader = keeping.state.routes.reader
    read = reader.read

    def read_slowly(content: bytes) -> object:
        monkeypatch.setattr(reader, "read", read)
        with ThreadPoolExecutor() as elsewhere:
            sent = elsewhere.submit(ask, keeping, "POST", "/v1/score", body, {"Idempotency-Key": "slow"})
            replies.append(sent.result())
        return read(content)

    monkeypatch.setattr(reader, "read", read_slowly)
    first = ask(keeping, "POST", "/v1/score", body, {"Idempotency-Key": "slow"})
    after = ask(keeping, "POST", "/v1/score", body, {"Idempotency-Key": "slow"})

    assert (replies[0].status_code, codes(replies[0])) == (409, ["SCR143"])
    assert (first.status_code, after.content) == (200, first.content)


@pytest.mark.parametrize("key", ["", " ", "deux mots", "é", "a" * 256])
def test_malformed_key_is_refused(keeping: FastAPI, ask: Ask, body_of: Callable[[str], bytes], key: str) -> None:
    """A key that nothing can be kept under is told, not passed over."""
    headers = {"Idempotency-Key": key.encode()}
    refused = ask(keeping, "POST", "/v1/score", body_of("/v1/score"), headers)

    assert (refused.status_code, codes(refused)) == (422, ["SCR140"])


@pytest.mark.parametrize("route", [*ROUTES, "/v1/leviers"])
def test_key_is_refused_where_nothing_is_kept(route: str, body_of: Callable[[str], bytes], ask: Ask) -> None:
    """Without a table the header is never ignored: the message says what to do."""
    app = open_dossier_app(Settings())
    refused = ask(app, "POST", route, body_of(ROUTES[2]), {"Idempotency-Key": "a"})

    assert (refused.status_code, codes(refused)) == (422, ["SCR141"])
    assert "Renvoyez la demande sans cet en-tête" in refused.json()["problemes"][0]["detail"]


def test_stated_time_is_told(keeping: FastAPI, ask: Ask) -> None:
    """A client reads how long a key holds; null where none does."""
    without = ask(open_dossier_app(Settings()), "GET", "/v1/model")

    assert ask(keeping, "GET", "/v1/model").json()["limites"]["heures_par_cle"] == Settings().idempotency_hours
    assert without.json()["limites"]["heures_par_cle"] is None


def test_partners_may_choose_the_same_key(
    keeping: FastAPI, body_of: Callable[[str], bytes], lambda_loop: asyncio.AbstractEventLoop
) -> None:
    """A key is one partner's: another's request neither meets it nor reads its answer."""
    handler = Mangum(keeping, lifespan="off", text_mime_types=["text/", "application/json"])

    def ask_as(partner: str, body: bytes) -> dict[str, Any]:
        event = rest_event(HttpRequest.post("/v1/score", json.loads(body)))
        event["headers"]["Idempotency-Key"] = "shared"
        event["multiValueHeaders"]["Idempotency-Key"] = ["shared"]
        event["requestContext"]["identity"]["apiKeyId"] = partner
        return handler(event, None)

    mine = body_of("/v1/score")
    other = json.dumps(json.loads(mine) | {"EXT_SOURCE_2": 0.5}).encode()
    replies = [ask_as("first", mine), ask_as("second", other), ask_as("first", mine)]

    assert not lambda_loop.is_closed()
    assert [reply["statusCode"] for reply in replies] == [200, 200, 200]
    assert replies[0]["body"] == replies[2]["body"] != replies[1]["body"]


class FailingStore:
    """A store that cannot be reached, or only at the beginning."""

    def __init__(self, *, claims: bool) -> None:
        self._claims = claims

    def claim(self, *_: str, **__: str) -> None:
        """Hold the key, or fail."""
        if not self._claims:
            raise AnswerStoreError("SCR505", "no answer")

    def keep(self, _: str, __: KeptAnswer, *, holder: str) -> None:
        """Fail."""
        raise AnswerStoreError("SCR505", f"no answer to {holder}")

    def release(self, _: str, *, holder: str) -> None:
        """Fail."""
        raise AnswerStoreError("SCR505", f"no answer to {holder}")


@pytest.mark.parametrize(("claims", "body", "status"), [(False, "", 503), (True, "", 200), (True, "{}", 422)])
def test_store_that_fails(
    claims: bool,  # noqa: FBT001  pytest gives parameters by name
    body: str,
    status: int,
    body_of: Callable[[str], bytes],
    ask: Ask,
    logged: list[dict[str, object]],
) -> None:
    """Before a decision the request is refused and may come again; after it the answer is given, and the log tells."""
    app = open_dossier_app(Settings.model_validate(KEPT))
    app.state.retries._store = FailingStore(claims=claims)  # noqa: SLF001  what cannot be reached by a setting

    reply = ask(app, "POST", "/v1/score", body or body_of("/v1/score"), {"Idempotency-Key": "a"})

    assert reply.status_code == status
    assert [line["code"] for line in logged if line["evenement"] == "erreur"] == (["SCR505"] if status != 422 else [])
