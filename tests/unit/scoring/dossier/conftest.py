"""The application with the routes of dossiers, over the committed bundle, and a client that checks shapes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from scoring.dossier.app import open_dossier_app
from scoring.dossier.reply_schemas import DossierBatchReply, DossierReply
from scoring.http.reply_schemas import Problem, ScoreReply
from scoring.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import httpx
    from fastapi import FastAPI

SHAPES = {"/v1/dossier": DossierReply, "/v1/dossier/lot": DossierBatchReply, "/v1/score": ScoreReply}


@pytest.fixture(scope="session")
def dossier_app() -> FastAPI:
    """Return the application over the committed bundle."""
    return open_dossier_app(Settings())


@pytest.fixture(scope="session")
def send(ask: Callable[..., httpx.Response]) -> Callable[..., dict[str, Any]]:
    """Send a JSON body and return the reply, its shape and status checked."""

    def post(app: FastAPI, path: str, content: object, *, status: int = 200, **headers: str) -> dict[str, Any]:
        reply = ask(app, "POST", path, json.dumps(content), headers)
        shape = SHAPES[path.partition("?")[0]] if status == 200 else Problem
        assert status == reply.status_code, reply.text
        assert shape.model_validate_json(reply.content).model_dump(mode="json") == reply.json()
        return reply.json()

    return post
