"""Events as API Gateway sends them to the function, in the format of REST APIs and in that of HTTP APIs."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from delivery.errors import DeliveryError
from scoring.bundle import Bundle
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from scoring.contract import Contract

type Event = dict[str, Any]

# Invented, as the addresses and identifiers below: RFC 5737 keeps 203.0.113.0/24 for documentation.
ACCOUNT = "123456789012"
API = "a1b2c3d4e5"
HOST = f"{API}.execute-api.eu-west-3.amazonaws.com"
STAGE = "production"
SENDER = "203.0.113.17"
AGENT = "partenaire/2.4"
TRACE = "Root=1-674c5b1e-2f6d1c7a4b3e5d6f7a8b9c0d"
INSTANT_MS = 1_733_050_654_317


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What a client sends, before API Gateway wraps it.

    Attributes
    ----------
    body
        Text of the body, ``None`` when there is none.
    """

    method: str
    path: str
    body: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def post(cls, path: str, content: object) -> HttpRequest:
        """Return a request that sends `content` as JSON."""
        return cls("POST", path, json.dumps(content, ensure_ascii=False), {"content-type": "application/json"})


def rest_event(request: HttpRequest) -> Event:
    """Return the event of a REST API (payload format 1.0), proxied with ``/{proxy+}``."""
    headers = _title_case(_gateway_headers(request))
    return {
        "resource": "/{proxy+}",
        "path": request.path,
        "httpMethod": request.method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": request.path.lstrip("/")},
        "stageVariables": None,
        "requestContext": _rest_context(request),
        "body": request.body,
        "isBase64Encoded": False,
    }


def _rest_context(request: HttpRequest) -> Event:
    return {
        "resourceId": "7xk3p2",
        "resourcePath": "/{proxy+}",
        "httpMethod": request.method,
        "extendedRequestId": "CF0k5Hs_iGYFbXg=",
        "requestTime": "01/Dec/2024:10:57:34 +0000",
        "path": f"/{STAGE}{request.path}",
        "accountId": ACCOUNT,
        "protocol": "HTTP/1.1",
        "stage": STAGE,
        "domainPrefix": API,
        "requestTimeEpoch": INSTANT_MS,
        "requestId": "5f0c2c3a-58d8-4b21-9d4b-2f6f1d4a9c11",
        "identity": {"sourceIp": SENDER, "userAgent": AGENT, "accountId": None, "caller": None, "apiKey": None},
        "domainName": HOST,
        "deploymentId": "q9w8e7",
        "apiId": API,
    }


def http_event(request: HttpRequest) -> Event:
    """Return the event of an HTTP API (payload format 2.0) on its default stage."""
    event: Event = {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": request.path,
        "rawQueryString": "",
        "headers": _gateway_headers(request),
        "requestContext": _http_context(request),
        "isBase64Encoded": False,
    }
    return event if request.body is None else event | {"body": request.body}


def _http_context(request: HttpRequest) -> Event:
    return {
        "accountId": ACCOUNT,
        "apiId": API,
        "domainName": HOST,
        "domainPrefix": API,
        "http": {
            "method": request.method,
            "path": request.path,
            "protocol": "HTTP/1.1",
            "sourceIp": SENDER,
            "userAgent": AGENT,
        },
        "requestId": "CF0k5Hs7iGYEJPw=",
        "routeKey": "$default",
        "stage": "$default",
        "time": "01/Dec/2024:10:57:34 +0000",
        "timeEpoch": INSTANT_MS,
    }


def _gateway_headers(request: HttpRequest) -> dict[str, str]:
    length = {} if request.body is None else {"content-length": str(len(request.body.encode()))}
    return {
        "accept": "application/json",
        **length,
        **request.headers,
        "host": HOST,
        "user-agent": AGENT,
        "x-amzn-trace-id": TRACE,
        "x-forwarded-for": SENDER,
        "x-forwarded-port": "443",
        "x-forwarded-proto": "https",
    }


def _title_case(headers: Mapping[str, str]) -> dict[str, str]:
    """Write header names as REST APIs pass them on; HTTP APIs lower them."""
    return {"-".join(part.capitalize() for part in name.split("-")): value for name, value in headers.items()}


FORMATS: dict[str, Callable[[HttpRequest], Event]] = {"rest": rest_event, "http": http_event}


def golden_applications(bundle: Path) -> list[dict[str, Any]]:
    """Return the golden rows of a bundle: ``application``, ``default_probability``, ``decision``.

    Raises
    ------
    DeliveryError
        When the bundle has none that can be read.
    """
    return _contract_and_golden(bundle)[1]


def _contract_and_golden(folder: Path) -> tuple[Contract, list[dict[str, Any]]]:
    try:
        bundle = Bundle.open(folder)
        golden = bundle.golden
    except ContractError as error:
        raise DeliveryError(f"{folder} holds no golden applications; export the bundle again") from error
    return bundle.contract, golden


def sample_requests(bundle: Path) -> dict[str, HttpRequest]:
    """Return one request a route, and those that are refused in whole or in part, made from golden applications."""
    contract, golden = _contract_and_golden(bundle)
    dossier = _a_dossier(bundle)
    application = max(golden, key=_n_known)["application"]
    declined = next(one["application"] for one in golden if one["decision"] == "refuse")
    spoilt = _spoilt(application, contract)
    return {
        "dossier": HttpRequest.post("/v1/dossier", dossier),
        "dossier_invalid": HttpRequest.post("/v1/dossier", _spoilt_dossier(dossier)),
        "dossiers": HttpRequest.post("/v1/dossier/lot", {"dossiers": [dossier, _spoilt_dossier(dossier)]}),
        "score": HttpRequest.post("/v1/score", application),
        "score_invalid": HttpRequest.post("/v1/score", spoilt),
        "batch": HttpRequest.post("/v1/score/batch", {"demandes": [application, spoilt, declined]}),
        "levers": HttpRequest.post("/v1/leviers", declined),
        "trial": HttpRequest.post("/v1/politique/essai", {"politique": _draft(contract), "demandes": [declined]}),
        "contract": HttpRequest("GET", "/v1/contract"),
        "model": HttpRequest("GET", "/v1/model"),
        "evidence": HttpRequest("GET", "/v1/evidence"),
        "health": HttpRequest("GET", "/health"),
        "openapi": HttpRequest("GET", "/openapi.json"),
        "docs": HttpRequest("GET", "/docs"),
    }


def _draft(contract: Contract) -> dict[str, Any]:
    """Return rules to try: a referral on the first number of the contract that has bounds."""
    number = next(item for item in contract.inputs if item.kind == "number" and item.maximum is not None)
    said = {"fr": "Montant élevé : une personne décide.", "en": "A large amount: a person decides."}
    rule = {"code": "P301", "kind": "renvoi", "holds_when": f"{number.name} > {number.usual_high or 0:g}"}
    return {
        "version": "essai",
        "author": "Alix Auteur",
        "approver": "Blaise Relecteur",
        "reason": "essai",
        "valid_from": "2026-12-01",
        "valid_until": None,
        "fields": [],
        "rules": [rule | {"sentence": said}],
    }


def golden_dossiers(bundle: Path) -> list[dict[str, Any]]:
    """Return the golden dossiers of a bundle: ``dossier``, ``default_probability``, ``decision``.

    Raises
    ------
    DeliveryError
        When the bundle has none that can be read.
    """
    try:
        return Bundle.open(bundle).golden_dossiers
    except ContractError as error:
        raise DeliveryError(f"{bundle} holds no golden dossiers; export the bundle again") from error


def _a_dossier(bundle: Path) -> dict[str, Any]:
    """Return the shortest golden dossier with something in most of its histories, without its absent values."""
    dossiers: list[dict[str, Any]] = [one["dossier"] for one in golden_dossiers(bundle)]
    told = max(dossiers, key=lambda one: (sum(bool(rows) for rows in one.values()), -len(json.dumps(one))))
    application = {name: value for name, value in told["application"].items() if value is not None}
    return told | {"application": application}


def _spoilt_dossier(dossier: dict[str, Any]) -> dict[str, Any]:
    """Return the dossier with a table that is none, a table nobody knows and no application."""
    return dossier | {"application": None, "bureau": {}, "clients": []}


def _n_known(golden: dict[str, Any]) -> int:
    return sum(value is not None for value in golden["application"].values())


def _spoilt(application: dict[str, Any], contract: Contract) -> dict[str, Any]:
    """Return the application with a required field absent, a number in words and another beyond its bounds."""
    absent = next(item for item in contract.inputs if item.required)
    mistyped, excessive, *_ = (
        item for item in contract.inputs if item.kind == "number" and item.maximum is not None and item != absent
    )
    kept = {name: value for name, value in application.items() if name != absent.name}
    return kept | {mistyped.name: "beaucoup", excessive.name: 2 * abs(excessive.maximum or 1) + 1}


def sample_events(bundle: Path) -> dict[str, Event]:
    """Return the sample events by file name, such as ``score_rest.json``."""
    return {
        f"{name}_{form}.json": wrap(request)
        for name, request in sample_requests(bundle).items()
        for form, wrap in FORMATS.items()
    }


def event_text(event: Event) -> str:
    """Return the text of an event file."""
    return json.dumps(event, ensure_ascii=False, indent=2) + "\n"


def write_events(bundle: Path, folder: Path) -> list[Path]:
    """Write the sample events and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, event in sample_events(bundle).items():
        path = folder / name
        path.write_text(event_text(event), encoding="utf-8")
        paths.append(path)
    return paths
