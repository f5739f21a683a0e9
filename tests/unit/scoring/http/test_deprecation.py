"""The end of a version of the API, announced in its replies."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from scoring.http.deprecation import deprecation_headers

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

NOTICE = {"deprecation": "@1798761600", "sunset": "Mon, 05 Jul 2027 00:00:00 GMT"}


def announced(reply: httpx.Response) -> dict[str, str]:
    """Return what a reply says of the end of its version."""
    return {name: value for name, value in reply.headers.items() if name in NOTICE}


@pytest.mark.parametrize(
    ("method", "path", "status", "expected"),
    [
        ("GET", "/v1/model", 200, NOTICE),
        ("POST", "/v1/score", 400, NOTICE),
        ("GET", "/v1/absent", 404, NOTICE),
        ("GET", "/health", 200, {}),
    ],
)
def test_replies_of_a_version_announce_its_end(
    ask: Callable[..., httpx.Response],
    serve: Callable[..., FastAPI],
    method: str,
    path: str,
    status: int,
    expected: dict[str, str],
) -> None:
    """Replies and refusals of /v1 carry both headers; what has no version has no end."""
    app = serve(deprecated_on=date(2027, 1, 1), sunset_on=date(2027, 7, 5))
    reply = ask(app, method, path, "{" if method == "POST" else None)

    assert (reply.status_code, announced(reply)) == (status, expected)


def test_version_without_an_end_announces_none(
    ask: Callable[..., httpx.Response],
    serve: Callable[..., FastAPI],
) -> None:
    """As long as nothing is decided, nothing is said."""
    assert announced(ask(serve(), "GET", "/v1/model")) == {}


def test_start_is_logged_with_the_announcement(serve: Callable[..., FastAPI], logged: list[dict[str, object]]) -> None:
    """Whoever reads the log sees what clients are told from here on."""
    serve(deprecated_on=date(2027, 1, 1))

    assert logged[0]["deprecation"] == NOTICE["deprecation"]
    assert "sunset" not in logged[0]


def test_deprecation_may_have_no_end_yet() -> None:
    """That another version is better can be said before the day is set."""
    assert deprecation_headers(date(2027, 1, 1), None) == {"deprecation": NOTICE["deprecation"]}
