"""A seeded fuzzer: requests that clients, attackers and bad days send, made from valid ones by breaking them.

What API Gateway itself would never pass on, such as an event without a method, is not tried. Every request can be made
again from its seed and number.
"""

from __future__ import annotations

import base64
import json
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROUTES = ("/v1/score", "/v1/score/batch", "/v1/leviers", "/v1/dossier", "/v1/dossier/lot")
READS = ("/health", "/v1/contract", "/v1/model", "/openapi.json")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "BREW")
# Written into the text of a body where a value stood: some are no JSON, others are JSON that no contract admits.
LITERALS = (
    "NaN", "Infinity", "-Infinity", "1e400", "-1e400", "1e-400", "-0", "-0.0", "1" * 400, "-" + "9" * 5000, "0x10",
    "1_000", "01", ".5", "1.", "+1", "true", "false", "null", "undefined", "[]", "{}", "[[1]]", '{"a": {"b": [1]}}',
    '""', '"1"', '"1e3"', '"NaN"', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\uD83D\\uDE00"', '"' + "A" * 3000
    + '"', '"é"', '"e\\u0301"', '"\\u202e"', '"<script>alert(1)</script>"', '"\' OR 1=1 --"', '"${jndi:ldap://x}"',
    '"../../etc/passwd"', '"{{7*7}}"',
    "1.7976931348623157e308", "5e-324", "9007199254740993", "2147483648", "-2147483649", "18446744073709551616", "1e22",
)  # fmt: skip
TYPES = (
    "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain", "",
    "application/xml", "application/json;", "APPLICATION/JSON", "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded", "application/problem+json", "é", "application/json, text/html", "a" * 5000,
)  # fmt: skip
HEADERS = {
    "accept-language": ("fr", "en", "de;q=0.9, en", "*", "x" * 4000, "en;q=abc", ";;;", "é", ""),
    "content-encoding": ("gzip", "identity", "br", "deflate", ""),
    "content-length": ("0", "-1", "abc", "9" * 30, "1", "²"),
    "x-identifiant-demandeur": ("42", "é" * 100, "A" * 9000, "", "\x00", "a\tb"),
    "idempotency-key": ("a", "b", "", " ", "deux mots", "é", "k" * 300, "\x00"),
    "accept": ("text/html", "*/*", "application/xml", ""),
    "expect": ("100-continue",),
    "transfer-encoding": ("chunked",),
    "x-forwarded-for": ("203.0.113.9, 10.0.0.1", "'; drop table", ""),
    "cookie": ("a=b; c", "x" * 8000),
}
QUERIES = ("0", "5", "10", "11", "-1", "1.5", "abc", "", "1e1", "٣", "9" * 50, "null", "5 ", "+5", "%00")
PATHS = (
    "/", "//", "/v1", "/v1/", "/v1/score/", "/v1//score", "/V1/SCORE", "/v1/score/../model", "/v1/score%2Fbatch",
    "/.env", "/../../etc/passwd", "/v1/score;a=b", "/v1/é", "/v1/\x00", "/" + "a" * 5000, "/docs/", "/redoc",
    "/v1/score/batch/x", "/v1/dossier/", "/v1/dossier/x", "/v1/dossier/lot/x",
)  # fmt: skip
# Of another applicant, of no credit that is there, and the same credit twice.
BROKEN_LINKS: tuple[dict[str, Any], ...] = (
    {"bureau": [{"SK_ID_BUREAU": 1, "SK_ID_CURR": 999_999_999}]},
    {"bureau": [{"SK_ID_BUREAU": 1}], "bureau_balance": [{"SK_ID_BUREAU": 2}]},
    {"bureau": [{"SK_ID_BUREAU": 1}] * 2},
)
MOST_BREAKS = 4
DEEPEST = 20_000


@dataclass
class Request:
    """One request, before API Gateway wraps it."""

    method: str = "POST"
    path: str = "/v1/score"
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/json"})
    query: dict[str, list[str]] = field(default_factory=dict)

    def event(self) -> dict[str, Any]:
        """Return what a REST API makes of it; bytes that are no text travel in base64."""
        body, encoded = _text(self.body)
        return {
            "resource": "/{proxy+}",
            "path": self.path,
            "httpMethod": self.method,
            "headers": self.headers,
            "multiValueHeaders": {name: [value] for name, value in self.headers.items()},
            "queryStringParameters": {name: values[-1] for name, values in self.query.items()} or None,
            "multiValueQueryStringParameters": self.query or None,
            "requestContext": {"requestId": "essai", "identity": {"sourceIp": "203.0.113.9"}},
            "body": body,
            "isBase64Encoded": encoded,
        }


def _text(body: bytes | None) -> tuple[str | None, bool]:
    if body is None:
        return None, False
    try:
        return body.decode("utf-8"), False
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), True


class Fuzzer:
    """Makes request after request from a seed.

    Parameters
    ----------
    applications, dossiers
        Valid applications and raw dossiers to break.
    """

    def __init__(
        self, applications: Sequence[dict[str, Any]], dossiers: Sequence[dict[str, Any]], *, seed: int
    ) -> None:
        self._applications = applications
        self._dossiers = dossiers
        self._random = random.Random(seed)  # noqa: S311  not for secrets
        self._ways: list[Callable[[Request], None]] = [
            self._break_value,
            self._break_value,
            self._break_value,
            self._drop_field,
            self._add_field,
            self._repeat_field,
            self._cut,
            self._flip,
            self._encode,
            self._nest,
            self._grow,
            self._noise,
            self._swap_type,
            self._add_header,
            self._add_header,
            self._ask_reasons,
            self._change_method,
            self._change_path,
            self._spoil_batch,
            self._spoil_dossier,
            self._spoil_dossier,
        ]

    def request(self) -> Request:
        """Return the next request: a valid one, broken in none to `MOST_BREAKS` ways."""
        request = self._valid()
        for way in self._random.choices(self._ways, k=self._random.randint(0, MOST_BREAKS)):
            way(request)
        return request

    def _valid(self) -> Request:
        pick = self._random.random()
        if pick < 0.04:
            return Request("GET", self._random.choice(READS), None, {})
        path = self._random.choice(ROUTES)
        application = self._random.choice(self._applications)
        content: object = application
        if path.startswith("/v1/dossier"):
            content = self._random.choice(self._dossiers)
        if path == "/v1/dossier/lot":
            content = {"dossiers": [content] * self._random.randint(0, 2)}
        if path == "/v1/score/batch":
            content = {"demandes": [application] * self._random.randint(0, 3), "identifiants": None}
        return Request("POST", path, json.dumps(content).encode())

    def _values(self, request: Request) -> list[tuple[int, int]]:
        """Return where the values of the body's first object stand."""
        body = request.body or b""
        places, start = [], body.find(b": ")
        while start >= 0 and len(places) < 200:
            end = min((at for at in (body.find(b", ", start), body.find(b"}", start)) if at >= 0), default=len(body))
            places.append((start + 2, end))
            start = body.find(b": ", end)
        return places

    def _break_value(self, request: Request) -> None:
        if places := self._values(request):
            start, end = self._random.choice(places)
            body = request.body or b""
            request.body = body[:start] + self._random.choice(LITERALS).encode() + body[end:]

    def _drop_field(self, request: Request) -> None:
        if places := self._values(request):
            _, end = self._random.choice(places)
            body = request.body or b""
            start = max(body.rfind(b", ", 0, end - 1), body.rfind(b"{", 0, end - 1))
            request.body = body[: start + 1] + body[end + 1 :]

    def _add_field(self, request: Request) -> None:
        name = self._random.choice(("INCONNU", "", "SK_ID_CURR", "__proto__", "é", "A" * 4000, "\\u0000", "TARGET"))
        extra = f'{{"{name}": {self._random.choice(LITERALS)}, '.encode()
        request.body = (request.body or b"{}").replace(b"{", extra, 1)

    def _repeat_field(self, request: Request) -> None:
        body = request.body or b""
        end = body.find(b", ")
        if end > 0:
            request.body = body[: end + 2] + body[1:end] + b", " + body[end + 2 :]

    def _cut(self, request: Request) -> None:
        body = request.body or b""
        request.body = body[: self._random.randint(0, len(body))]

    def _flip(self, request: Request) -> None:
        body = bytearray(request.body or b"0")
        for _ in range(self._random.randint(1, 8)):
            body[self._random.randrange(len(body))] = self._random.randrange(256)
        request.body = bytes(body)

    def _encode(self, request: Request) -> None:
        text = (request.body or b"").decode("utf-8", "replace")
        encoding = self._random.choice(("utf-16", "utf-32", "utf-8-sig", "cp1252", "utf-7"))
        request.body = text.encode(encoding, "replace")

    def _nest(self, request: Request) -> None:
        depth = self._random.choice((10, 100, 1000, DEEPEST))
        opening, closing = self._random.choice((("[", "]"), ('{"a":', "}"), ("[", "")))
        request.body = f'{{"AMT_CREDIT": {opening * depth}1{closing * depth}}}'.encode()

    def _grow(self, request: Request) -> None:
        kind = self._random.randrange(40)
        if kind == 0:
            request.body = b'{"A": "' + b"x" * 2_100_000 + b'"}'
        elif kind < 20:
            request.body = json.dumps({f"F{index}": index for index in range(300)}).encode()
        else:
            request.body = (request.body or b"") + b" " * 5000

    def _noise(self, request: Request) -> None:
        request.body = self._random.choice((None, b"", b"null", b"[]", b'"a"', b"1", self._random.randbytes(64)))

    def _swap_type(self, request: Request) -> None:
        request.headers["content-type"] = self._random.choice(TYPES)

    def _add_header(self, request: Request) -> None:
        name = self._random.choice(list(HEADERS))
        request.headers[name] = self._random.choice(HEADERS[name])

    def _ask_reasons(self, request: Request) -> None:
        name = self._random.choice(("raisons", "raisons", "raisons", "RAISONS", "", "raisons[]"))
        request.query[name] = self._random.choices(QUERIES, k=self._random.randint(1, 2))

    def _change_method(self, request: Request) -> None:
        request.method = self._random.choice(METHODS)

    def _change_path(self, request: Request) -> None:
        request.path = self._random.choice(PATHS)

    def _spoil_batch(self, request: Request) -> None:
        application = self._random.choice(self._applications)
        junk = [json.loads(one) for one in ("1", "null", "[]", "{}", '"a"', "true")]
        rows = [application, self._random.choice(junk), application | {"AMT_CREDIT": "beaucoup"}]
        batch: dict[str, Any] = {"demandes": self._random.sample(rows, k=self._random.randint(0, 3))}
        batch["identifiants"] = self._random.choice((None, [], ["a"], [1, 2, 3], "abc", [None] * 3, ["é" * 900]))
        content = self._random.choice((batch, {"demandes": application}, {"demandes": None}, [batch], {}))
        request.path, request.body = "/v1/score/batch", json.dumps(content).encode()

    def _spoil_dossier(self, request: Request) -> None:
        """Break what holds between the tables of a dossier and their records."""
        dossier = dict(self._random.choice(self._dossiers))
        table = self._random.choice([name for name in dossier if name != "application"])
        records = dossier[table] or [{}]
        spoiled: Sequence[object] = (
            None,
            {},
            "bureau",
            records + records,
            [None, 1, [], records[0]],
            [records[0] | {"SK_ID_CURR": 999_999_999}],
            [records[0] | {"SK_ID_BUREAU": 2**50}],
            [one | {"MONTHS_BALANCE": 5, "DAYS_CREDIT": 5, "DAYS_DECISION": 5} for one in records],
            [one | {"INCONNUE": 1} for one in records],
            [{name: str(value) for name, value in one.items()} for one in records],
            [{}] * self._random.choice((1, 6_000)),
        )
        dossier[table] = self._random.choice(spoiled)
        dossier |= self._random.choice(({}, *BROKEN_LINKS))
        dossier |= self._random.choice(({}, {}, {"application": None}, {"application": []}, {"credits": []}))
        content = self._random.choice((dossier, dossier, {"dossiers": [dossier, None]}, [dossier]))
        request.path, request.body = self._random.choice(ROUTES[3:]), json.dumps(content).encode()
