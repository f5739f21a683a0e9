"""HTTP as clients, caches and watchers expect it, on every route."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scoring.http import problem_words, routes
from scoring.http.problems import _TITLES

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

    from scoring.features import Value

    type Ask = Callable[..., httpx.Response]

READS = ("/health", "/v1/model", "/v1/contract", "/v1/evidence", "/docs", "/openapi.json")


@pytest.mark.parametrize("path", READS)
def test_head_is_get_without_a_body(path: str, ask: Ask, app: FastAPI) -> None:
    """A watcher or a proxy learns status and headers, and nothing is sent."""
    got, told = ask(app, "GET", path), ask(app, "HEAD", path)

    assert (told.status_code, told.content) == (200, b"")
    assert told.headers["content-length"] == got.headers["content-length"]


def test_head_of_a_route_that_takes_a_body_is_refused(ask: Ask, app: FastAPI) -> None:
    """Nothing is assessed by it."""
    assert ask(app, "HEAD", "/v1/score").status_code == 405


@pytest.mark.parametrize("path", ["/v1/model", "/health"])
def test_a_last_slash_is_none(path: str, ask: Ask, app: FastAPI) -> None:
    """One address, however it is written, and no redirect to a host that the client claims."""
    assert ask(app, "GET", f"{path}/").status_code == 200


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/model", 200), ("POST", "/v1/score", 400)])
def test_no_reply_is_stored_on_the_way(method: str, path: str, status: int, ask: Ask, app: FastAPI) -> None:
    """Answers and refusals alike."""
    reply = ask(app, method, path, "{" if method == "POST" else "")

    assert (reply.status_code, reply.headers["cache-control"]) == (status, "no-store")


@pytest.mark.parametrize("path", ["/v1/score?raison=3", "/v1/score/batch?x=1", "/v1/leviers?raisons=3"])
def test_a_parameter_that_is_unknown_is_told(path: str, ask: Ask, app: FastAPI) -> None:
    """A misspelt name has no effect in silence; the refusal names it."""
    reply = ask(app, "POST", path, "{}").json()

    assert [(one["champ"], one["code"]) for one in reply["problemes"]] == [
        (path.partition("?")[2].partition("=")[0], "SCR109")
    ]


def test_watchers_may_add_what_they_like_to_health(ask: Ask, app: FastAPI) -> None:
    """Some add the time, to get past caches."""
    assert ask(app, "GET", "/health?t=1").status_code == 200


def test_refusals_are_told_in_the_language_that_is_asked_for(ask: Ask, app: FastAPI) -> None:
    """Title, detail and each problem, in a lot as well; codes stay."""
    english = {"accept-language": "en", "content-type": "application/json"}
    reply = ask(app, "POST", "/v1/score", '{"AMT_CREDIT": "x"}', english)
    lot = ask(app, "POST", "/v1/score/batch", '{"demandes": [{}]}', english).json()

    assert reply.headers["content-language"] == "en"
    assert reply.json()["title"] == problem_words.TITLES[422]
    assert {one["detail"] for one in reply.json()["problemes"]} <= set(problem_words.PROBLEMS.values())
    assert {one["detail"] for one in lot["resultats"][0]["problemes"]} == {problem_words.PROBLEMS["SCR101"]}
    assert problem_words.TITLES.keys() == problem_words.DETAILS.keys() == _TITLES.keys()


def test_a_reply_that_lambda_would_cut_is_a_refusal(
    ask: Ask, app: FastAPI, request_of: Callable[..., dict[str, Value]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lot whose answers are too long together is told to be shared out."""
    monkeypatch.setattr(routes, "LARGEST_REPLY", 500)
    content: dict[str, Any] = {"demandes": [request_of()] * 3}
    reply = ask(app, "POST", "/v1/score/batch", json.dumps(content))

    assert (reply.status_code, reply.json()["problemes"][0]["code"]) == (413, "SCR113")


@pytest.mark.parametrize(("method", "path"), [("OPTIONS", "/v1/score"), ("POST", "/v1/score"), ("GET", "/v1/model")])
def test_no_page_of_a_browser_may_call(method: str, path: str, ask: Ask, app: FastAPI) -> None:
    """CORS is off and said so: no answer names an origin, and a preflight is a method that no route has."""
    headers = {"origin": "https://example.org", "access-control-request-method": "POST"}
    reply = ask(app, method, path, "{}" if method == "POST" else "", headers)

    assert [name for name in reply.headers if name.startswith("access-control-")] == []
    assert (reply.status_code == 405) is (method == "OPTIONS")
