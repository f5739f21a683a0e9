"""Asking a deployment over HTTP: the key goes along, a refusal of the moment is asked again, the rest is one line."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from delivery.asking import over_http
from delivery.errors import DeliveryError
from delivery.events import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    type Serve = Callable[..., tuple[str, list[tuple[str, str | None]]]]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a server that gives one answer after the other; return its address and what it was asked."""
    servers: list[HTTPServer] = []

    def start(*answers: tuple[int, str]) -> tuple[str, list[tuple[str, str | None]]]:
        asked: list[tuple[str, str | None]] = []

        class Scripted(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers[min(len(asked), len(answers) - 1)]
                asked.append((self.path, self.headers["x-api-key"]))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the base class names it
                """Stay quiet."""

        server = HTTPServer(("127.0.0.1", 0), Scripted)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}/staging", asked

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_key_and_stage_go_along(serve: Serve) -> None:
    """A request is made below the stage of the API, with the key in its header."""
    address, asked = serve((200, '{"statut": "ok"}'))
    with over_http(address, "the-key") as ask:
        answer = ask(HttpRequest("GET", "/health"))

    assert answer == (200, {"statut": "ok"})
    assert asked == [("/staging/health", "the-key")]


def test_refusals_of_the_moment_are_asked_again(serve: Serve) -> None:
    """A stage that is throttled or still restores a snapshot is no wrong deployment."""
    address, asked = serve((429, "{}"), (503, "{}"), (200, '{"statut": "ok"}'))
    with over_http(address, None, wait_seconds=0.0) as ask:
        answer = ask(HttpRequest("GET", "/health"))

    assert answer == (200, {"statut": "ok"})
    assert len(asked) == 3


def test_an_answer_that_is_not_the_apis_is_named(serve: Serve) -> None:
    """A page of HTML is not compared, but told."""
    address, _ = serve((200, "<html>"))

    with (
        pytest.raises(DeliveryError, match="answers 200 and no JSON; is it the API"),
        over_http(address, None) as ask,
    ):
        ask(HttpRequest("GET", "/health"))


@pytest.mark.parametrize("address", ["", "staging", "ftp://host/stage", "https://", "http://[::"])
def test_what_is_no_address_is_refused(address: str) -> None:
    """Nothing is sent where the address cannot be one."""
    with pytest.raises(DeliveryError, match="no address"), over_http(address, None):
        pass


def test_nobody_at_the_address_is_told() -> None:
    """A connection that is refused is one line with the address."""
    with (
        pytest.raises(DeliveryError, match=r"http://127\.0\.0\.1:1 does not answer"),
        over_http("http://127.0.0.1:1", None) as ask,
    ):
        ask(HttpRequest("GET", "/health"))
