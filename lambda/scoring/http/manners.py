"""What every reply keeps to, whatever answers: HEAD is GET without a body, a last slash is none, nothing is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Replies hold what was decided about a person: no cache on the way keeps them.
_NO_STORE: Final = (b"cache-control", b"no-store")


class Manners:
    """Answers as the application does, in the manners of HTTP."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        without_body = scope["method"] == "HEAD"

        async def send_in_manner(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _NO_STORE]
            elif without_body:
                message["body"] = b""
            await send(message)

        asked = {"path": scope["path"].rstrip("/") or "/"} | ({"method": "GET"} if without_body else {})
        await self._app({**scope, **asked}, receive, send_in_manner)
