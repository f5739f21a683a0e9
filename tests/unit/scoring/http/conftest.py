"""The application over the trees' bundle, and a client that checks the shape of what it is answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from scoring.bundle import Bundle, contract_bytes
from scoring.contract import CONTRACT_FILE, EVIDENCE_FILE, SEALED_FILES
from scoring.http.app import create_app
from scoring.http.reply_schemas import BatchReply, LeversReply, Problem, ScoreReply
from scoring.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

    from scoring.contract import Contract
    from scoring.service import ScoringService

    type Ask = Callable[..., httpx.Response]


@pytest.fixture(scope="module")
def app(service: ScoringService, bundle: Bundle) -> FastAPI:
    """Return the application over the trees' bundle."""
    return create_app(service, bundle)


@pytest.fixture(scope="module")
def serve(service: ScoringService, bundle: Bundle) -> Callable[..., FastAPI]:
    """Serve the trees' bundle under some settings: ``serve(max_batch=5)``."""

    def build(**settings: object) -> FastAPI:
        chosen = Settings.model_validate(settings)
        return create_app(service.under(threshold=chosen.decision_threshold), bundle, chosen)

    return build


@pytest.fixture
def a_bundle() -> Callable[[Contract], Bundle]:
    """Build a bundle around a contract; its model is never run."""

    def build(contract: Contract) -> Bundle:
        content = {CONTRACT_FILE: contract_bytes(contract), EVIDENCE_FILE: b"{}"}
        return Bundle(Path("bundle"), contract, content, dict.fromkeys((CONTRACT_FILE, *SEALED_FILES), "0" * 64))

    return build


@pytest.fixture(scope="module")
def post(ask: Ask) -> Callable[..., dict[str, Any]]:
    """Send a JSON body and return the reply, its shape and status checked."""
    shapes = {"/v1/score": ScoreReply, "/v1/score/batch": BatchReply, "/v1/leviers": LeversReply}

    def send(app: FastAPI, path: str, content: object, *, status: int = 200, **headers: str) -> dict[str, Any]:
        reply = ask(app, "POST", path, json.dumps(content), headers)
        shape = shapes[path.partition("?")[0]] if status == 200 else Problem
        assert status == reply.status_code, reply.text
        assert shape.model_validate_json(reply.content).model_dump(mode="json") == reply.json()
        return reply.json()

    return send
