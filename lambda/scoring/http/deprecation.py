"""A version of the API that is going to disappear says so in each of its replies (RFC 9745 and RFC 8594)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSIONED: Final = "/v1/"


def deprecation_headers(deprecated_on: date | None, sunset_on: date | None) -> dict[str, str]:
    """Return what announces the end: since when the version is deprecated, and from when on it may be gone.

    >>> deprecation_headers(date(2027, 1, 1), date(2027, 7, 5))
    {'deprecation': '@1798761600', 'sunset': 'Mon, 05 Jul 2027 00:00:00 GMT'}
    """
    headers = {}
    if deprecated_on:
        headers["deprecation"] = f"@{_midnight(deprecated_on).timestamp():.0f}"
    if sunset_on:
        headers["sunset"] = format_datetime(_midnight(sunset_on), usegmt=True)
    return headers


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


class DeprecationNotice:
    """Adds the announcement to every reply of a versioned route, refusals included."""

    def __init__(self, app: ASGIApp, headers: dict[str, str]) -> None:
        self._app = app
        self._headers = [(name.encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the announcement where it is due."""

        async def announce(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *self._headers]
            await send(message)

        announced = scope["type"] == "http" and scope["path"].startswith(VERSIONED)
        await self._app(scope, receive, announce if announced else send)
