#!/usr/bin/env bash
# Subject:   Mangum, a handler beside code that calls asyncio.run
# Versions:  mangum 0.22.0, starlette 1.10.0, CPython 3.12
# Behaviour: Mangum looks for the thread's event loop, and makes one where there is none, when the handler is built,
#            not when it is called. asyncio.run puts the thread's loop away when it ends: after any call of it (a
#            test's client, a start-up check, a clean-up) every event fails with "There is no current event loop",
#            before the application is asked. The loop that Mangum had made is closed by nobody, which Python tells
#            as a ResourceWarning wherever it happens to be collected.
# Seen:      2026-12-01
#            first event: 200
#            after asyncio.run: RuntimeError There is no current event loop in thread 'MainThread'.
#            unclosed loops: 1
#            a handler built anew: 200
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet mangum==0.22.0 starlette==1.10.0
"$folder/bin/python" -W default - <<'PYTHON'
import asyncio
import gc
import warnings

from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

EVENT = {
    "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": {}, "cookies": [],
    "body": None, "isBase64Encoded": False,
    "requestContext": {"http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                                "userAgent": "test"}, "stage": "$default", "requestId": "1"},
}


async def nothing():
    pass


def answer(handler):
    try:
        return handler(EVENT, None)["statusCode"]
    except RuntimeError as error:
        return f"RuntimeError {error}"


application = Starlette(routes=[Route("/", lambda request: PlainTextResponse("ok"))])
asyncio.run(nothing())  # as in most programs, the thread has had a loop and has none now
handler = Mangum(application, lifespan="off")
first = answer(handler)
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    asyncio.run(nothing())
    gc.collect()
unclosed = sum("unclosed event loop" in str(one.message) for one in told)
second = answer(handler)
third = answer(Mangum(application, lifespan="off"))
print(f"first event: {first}\nafter asyncio.run: {second}\nunclosed loops: {unclosed}\na handler built anew: {third}")

assert first == third == 200, "changed: a handler answers"
assert "no current event loop" in str(second), "changed: the loop that is gone"
assert unclosed == 1, "changed: the loop that nobody closes"
PYTHON
