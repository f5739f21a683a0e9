"""The API inside this process, for the public demo and a fresh clone (the one file that imports `scoring`)."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import httpx

from frontend.api.errors import BundleUnusableError

# `lambda` is a Python keyword: the room cannot be a package, so its folder goes on the path.
SCORING_ROOM = str(Path(__file__).resolve().parents[2] / "lambda")


class InProcessTransport(httpx.BaseTransport):
    """Carries the requests of an ordinary client to an ASGI application, without a socket."""

    def __init__(self, asgi: httpx.ASGITransport) -> None:
        self._asgi = asgi

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the application's reply."""
        return asyncio.run(self._reply(request))

    async def _reply(self, request: httpx.Request) -> httpx.Response:
        reply = await self._asgi.handle_async_request(request)
        return httpx.Response(reply.status_code, headers=reply.headers, content=await reply.aread())


def in_process_transport(bundle_dir: Path) -> InProcessTransport:
    """Start the same application that Lambda runs, from a bundle.

    Raises
    ------
    BundleUnusableError
        When the bundle is absent or does not hold together, or the room's libraries are not installed.
    """
    if SCORING_ROOM not in sys.path:
        sys.path.append(SCORING_ROOM)
    try:
        from scoring.dossier.app import open_dossier_app  # noqa: PLC0415  a page before a remote API needs none of this
        from scoring.errors import ScoringError  # noqa: PLC0415  the same
        from scoring.settings import Settings  # noqa: PLC0415  the same
    except ImportError as error:
        raise BundleUnusableError(f"{error.name} is not installed; pip install -r frontend/requirements.txt") from error
    try:
        app = open_dossier_app(Settings(bundle_dir=bundle_dir))
    except ScoringError as error:
        raise BundleUnusableError(str(error)) from error
    return InProcessTransport(httpx.ASGITransport(app=app, raise_app_exceptions=False))
