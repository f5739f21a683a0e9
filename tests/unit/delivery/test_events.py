"""Events are those API Gateway sends, and the committed files are made from the committed bundle."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from delivery.errors import DeliveryError
from delivery.events import (
    HttpRequest,
    event_text,
    golden_applications,
    http_event,
    rest_event,
    sample_events,
    sample_requests,
)
from delivery.paths import BUNDLE, EVENTS
from scoring.dossier.app import open_dossier_app
from scoring.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path


def test_event_files_match_the_bundle() -> None:
    """A retrained bundle asks for other inputs: its sample events are written with it (`make golden`)."""
    files = {path.name: path.read_text(encoding="utf-8") for path in EVENTS.glob("*.json")}

    assert {name: event_text(event) for name, event in sample_events(BUNDLE).items()} == files


def test_every_route_has_a_sample_event() -> None:
    """Each address that is served, those that describe it included, can be invoked by a file."""
    routes = {getattr(route, "path", "") for route in open_dossier_app(Settings(bundle_dir=BUNDLE)).router.routes}

    assert "/v1/score" in routes
    assert routes == {request.path for request in sample_requests(BUNDLE).values()}


def test_both_formats_carry_the_same_request() -> None:
    """Method, path and body are where each payload format has them."""
    request = HttpRequest.post("/v1/score", {"montant": "1 000 €"})
    rest, http = rest_event(request), http_event(request)

    assert (rest["httpMethod"], rest["path"], rest["body"]) == ("POST", "/v1/score", request.body)
    assert (http["requestContext"]["http"]["method"], http["rawPath"], http["body"]) == (
        "POST",
        "/v1/score",
        request.body,
    )


def test_content_length_counts_bytes() -> None:
    """Accents take two bytes in UTF-8: the header counts bytes, not letters."""
    request = HttpRequest.post("/v1/score", "é")

    assert http_event(request)["headers"]["content-length"] == "4"
    assert rest_event(request)["headers"]["Content-Length"] == "4"


def test_event_without_body_is_written_as_gateways_write_it() -> None:
    """A REST API sends a null body, an HTTP API none at all."""
    request = HttpRequest("GET", "/health")

    assert rest_event(request)["body"] is None
    assert "body" not in http_event(request)


def test_bundle_without_golden_applications_is_named(tmp_path: Path) -> None:
    """The message names the folder and the remedy."""
    with pytest.raises(DeliveryError, match="holds no golden applications; export the bundle again"):
        golden_applications(tmp_path)


def test_event_files_are_json_for_people() -> None:
    """Sample events are read and edited by hand: indented, accents as they are."""
    text = event_text(rest_event(HttpRequest.post("/v1/score", {"nom": "é"})))

    assert "é" in text
    assert json.loads(text)["path"] == "/v1/score"
