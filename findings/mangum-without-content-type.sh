#!/usr/bin/env bash
# Subject:   Mangum, an answer without Content-Type behind a REST API and behind an HTTP API
# Versions:  mangum 0.22.0, starlette 1.10.0, fastapi 0.165.0
# Behaviour: The same application gives two answers to the same request, by the form of the event. A reply
#            without Content-Type goes out as base64 behind a REST API (payload 1.0), which API Gateway hands on
#            undecoded where no binary type is set up; behind an HTTP API (payload 2.0) it goes out as text and
#            is said to be application/json. Headers that are there twice stay two in 1.0 and are joined by a
#            comma in 2.0.
# Seen:      2026-11-30
#            REST 1.0: body 'b2s=', base64 True, content-type None, x-part ['1', '2']
#            HTTP 2.0: body 'ok', base64 False, content-type application/json, x-part 1,2
set -euo pipefail
cd "$(dirname "$0")"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3.12 -m venv "$folder"
"$folder/bin/pip" install --quiet mangum==0.22.0 starlette==1.10.0 fastapi==0.165.0
"$folder/bin/python" - <<'PYTHON'
from mangum import Mangum
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route


def plain(request):
    response = Response("ok")
    response.headers.append("x-part", "1")
    response.headers.append("x-part", "2")
    return response


handler = Mangum(Starlette(routes=[Route("/", plain)]), lifespan="off")
REST = {
    "resource": "/", "path": "/", "httpMethod": "GET", "headers": {}, "multiValueHeaders": {},
    "queryStringParameters": None, "multiValueQueryStringParameters": None, "body": None, "isBase64Encoded": False,
    "requestContext": {"httpMethod": "GET", "path": "/", "resourcePath": "/", "stage": "prod", "requestId": "1",
                       "identity": {"sourceIp": "192.0.2.1"}},
}
HTTP = {
    "version": "2.0", "routeKey": "$default", "rawPath": "/", "rawQueryString": "", "headers": {}, "cookies": [],
    "body": None, "isBase64Encoded": False,
    "requestContext": {"http": {"method": "GET", "path": "/", "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1",
                                "userAgent": "test"}, "stage": "$default", "requestId": "1"},
}
found = {name: handler(event, None) for name, event in (("REST 1.0", REST), ("HTTP 2.0", HTTP))}
for name, answer in found.items():
    headers = answer["headers"] | answer.get("multiValueHeaders", {})
    print(f"{name}: body {answer['body']!r}, base64 {answer['isBase64Encoded']}, "
          f"content-type {headers.get('content-type')}, x-part {headers['x-part']}")
rest, http = found.values()

assert rest["isBase64Encoded"] and rest["body"] == "b2s=", "changed: REST"
assert not http["isBase64Encoded"] and http["headers"]["content-type"] == "application/json", "changed: HTTP"
assert rest["multiValueHeaders"]["x-part"] == ["1", "2"] and http["headers"]["x-part"] == "1,2", "changed: headers"
PYTHON
