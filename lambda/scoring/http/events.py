"""The events Lambda is invoked with: requests of API Gateway go on, a warmer is answered, nothing else is an error.

An exception that leaves the handler counts as a failure of the function: one such event on the live alias would roll a
healthy canary back.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, Final

from scoring.http.problems import PROBLEM_MEDIA_TYPE, problem_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from scoring.request_log import RequestLog

    type Reply = dict[str, Any]
    type Adapter = Callable[[Any, Any], Reply]

NOT_A_REQUEST: Final = "SCR112"
# EventBridge and its scheduler, and the plug-in that most projects warm their functions with.
_WARMING_SOURCES: Final = frozenset({"aws.events", "aws.scheduler", "serverless-plugin-warmup"})
_WARMING_FLAGS: Final = ("warmer", "warmup")
_HEALTH: Final[dict[str, Any]] = {
    "httpMethod": "GET",
    "path": "/health",
    "resource": "/health",
    "headers": {},
    "queryStringParameters": None,
    "body": None,
    "isBase64Encoded": False,
    "requestContext": {},
}
# What the format allows to be absent, and senders write as null.
_EMPTY: Final = {"headers": {}, "rawQueryString": "", "rawPath": "/"}


class EventDoor:
    """Lets in what is a request, and answers everything else.

    Parameters
    ----------
    adapter
        Turns an event of API Gateway into a request of the application, and its response into a reply.
    log
        Where one line is written for what was not let in.
    """

    def __init__(self, adapter: Adapter, log: RequestLog) -> None:
        self._adapter = adapter
        self._log = log

    def __call__(self, event: object, context: object) -> Reply:
        """Answer an event; whatever it is, nothing is raised."""
        if _is_warmer(event):
            return self._adapter(_HEALTH, context)
        try:
            return self._adapter(_readable(event), context)
        except Exception:  # noqa: BLE001  what fails inside the application is a reply already: this event is no request
            return self._refused(context)

    def _refused(self, context: object) -> Reply:
        request_id = str(getattr(context, "aws_request_id", None) or uuid.uuid4())
        self._log.refused(request_id=request_id, status=400, codes=[NOT_A_REQUEST])
        return {
            "statusCode": 400,
            "headers": {"content-type": PROBLEM_MEDIA_TYPE},
            "body": problem_body(400, NOT_A_REQUEST, request_id=request_id).decode(),
            "isBase64Encoded": False,
        }


def _is_warmer(event: object) -> bool:
    """Say whether an event only keeps the function warm.

    >>> _is_warmer({"warmer": True}), _is_warmer({"source": "aws.events", "detail": {}}), _is_warmer({"warmer": False})
    (True, True, False)
    """
    if not isinstance(event, dict) or "requestContext" in event:
        return False
    source = event.get("source")
    flagged = any(event.get(flag) is True for flag in _WARMING_FLAGS)
    return flagged or (isinstance(source, str) and source in _WARMING_SOURCES)


def _readable(event: object) -> Mapping[str, Any]:
    """Return an event of API Gateway with what may be null filled in.

    Raises
    ------
    TypeError
        When it is not one of the two formats that are served: a request has a context and a method.
    """
    if not isinstance(event, dict) or not isinstance(event.get("requestContext"), dict):
        raise TypeError("no event of API Gateway")
    http = event["requestContext"].get("http")
    if not isinstance(http["method"] if isinstance(http, dict) else event.get("httpMethod"), str):
        raise TypeError("a method is a word")
    absent = {name: value for name, value in _EMPTY.items() if name in event and event[name] is None}
    return event | absent if absent else event
