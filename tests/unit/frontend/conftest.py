"""A small contract, and an API that answers what a test tells it to."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from frontend.client import ScoringClient

if TYPE_CHECKING:
    from collections.abc import Callable

PROBLEM = {"title": "Demande non conforme", "status": 422, "code": "SCR100", "id_requete": "r-1"}


def an_input(name: str, **changes: object) -> dict[str, Any]:
    """Return an optional amount of the application table, but for `changes`."""
    amount = {
        "name": name,
        "table": "application",
        "kind": "number",
        "unit": "EUR",
        "required": False,
        "missing": {"fr": "non communiqué", "en": "not given"},
        "minimum": 1.0,
        "maximum": 1e9,
        "usual_low": 10_000.0,
        "usual_high": 900_000.0,
        "categories": [],
        "protected": False,
        "label": {"fr": name.lower(), "en": name.lower()},
    }
    return amount | changes


def a_feature(name: str, *inputs: str, importance: float) -> dict[str, Any]:
    """Return a feature that comes from `inputs`."""
    text = {"fr": name, "en": name}
    return {"name": name, "inputs": list(inputs), "importance": importance, "label": text, "unit": ""}


def bins(edges: list[float], *, missing_share: float = 0.0) -> dict[str, Any]:
    """Return a numeric reference with as many applications in each bin."""
    n_bins = len(edges) + 1
    shares = [(1 - missing_share) / n_bins] * n_bins
    return {"kind": "number", "edges": edges, "shares": shares, "missing_share": missing_share}


def _categories(**shares: float) -> dict[str, Any]:
    return {"kind": "category", "shares": shares, "missing_share": 0.0}


def _estimate(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.01, "high": value + 0.01}


NO_BOUNDS = {"minimum": None, "maximum": None, "usual_low": None, "usual_high": None}
AGE_LABEL = {"fr": "Âge", "en": "Age"}
CONTRACT: dict[str, Any] = {
    "schema_version": "1.0",
    "identity": {
        "model_name": "modele",
        "registry_version": "3",
        "family": "lightgbm",
        "created_at": "2026-11-21T05:42:12+00:00",
        "training_run_id": "run",
        "data_fingerprint": "0123456789abcdef0123",
    },
    "inputs": [
        an_input("AMT_CREDIT", required=True, label={"fr": "Montant du crédit", "en": "Credit"}),
        an_input("AMT_ANNUITY"),
        an_input("NAME_JOB", kind="category", unit="", categories=["Working", "Pensioner"], required=True, **NO_BOUNDS),
        an_input(
            "DAYS_BIRTH",
            unit="jours",
            required=True,
            minimum=-36525.0,
            maximum=-6570.0,
            usual_low=-25000.0,
            usual_high=-7780.0,
            label=AGE_LABEL,
        ),
        an_input("EXT_SOURCE_1", unit="note 0–1", minimum=0.0, maximum=1.0, usual_low=0.1, usual_high=0.9),
        an_input("FLAG_CAR", kind="flag", unit="", minimum=0.0, maximum=1.0, usual_low=None, usual_high=None),
        an_input("BUREAU_COUNT", table="bureau", unit="nombre", minimum=0.0, usual_low=0.0, usual_high=20.0),
    ],
    "features": [
        a_feature("EXT_SOURCE_1", "EXT_SOURCE_1", importance=0.5),
        a_feature("CREDIT_TO_ANNUITY_RATIO", "AMT_CREDIT", "AMT_ANNUITY", importance=0.3),
        a_feature("AGE_YEARS", "DAYS_BIRTH", importance=0.15),
        a_feature("NAME_JOB", "NAME_JOB", importance=0.05),
    ],
    "decision": {
        "threshold": 0.09,
        "threshold_interval": [0.08, 0.1],
        "review_band": [0.085, 0.095],
        "false_negative_cost": 10.0,
        "false_positive_cost": 1.0,
        "bayes_threshold": 1 / 11,
        "bayes_within_interval": True,
    },
    "quality": {
        "n_applications": 12675,
        "default_rate": 0.08,
        "refusal_rate": 0.28,
        "baselines": {"accepter_tout": _estimate(0.81), "autre_chose": _estimate(0.6)},
    }
    | {name: _estimate(0.5) for name in ("cost", "auc", "accuracy", "brier", "calibration_error", "mean_probability")},
    "reference": {
        "inputs": {
            "AMT_CREDIT": bins([100_000.0, 300_000.0, 500_000.0]),
            "AMT_ANNUITY": bins([10_000.0, 20_000.0, 30_000.0]),
            "NAME_JOB": _categories(Working=0.7, Pensioner=0.3),
            "DAYS_BIRTH": bins([-20_000.0, -15_000.0, -10_000.0]),
            "EXT_SOURCE_1": bins([0.3, 0.5, 0.7], missing_share=0.6),
            "FLAG_CAR": _categories(**{"0": 0.6, "1": 0.4}),
            "BUREAU_COUNT": bins([1.0, 3.0, 6.0]),
        },
        "probability": bins([0.05, 0.1]),
    },
    "parity": {"n_applications": 63374, "changed_decisions": 0},
}
ANSWER: dict[str, Any] = {
    "probabilite_de_defaut": 0.123,
    "classe": "refuse",
    "seuil": 0.09,
    "explications_locales": [
        {
            "variable": "EXT_SOURCE_1",
            "libelle": "Score externe 1",
            "valeur": 0.2,
            "contribution": 0.4,
            "sens": "augmente",
            "texte": "Score externe 1 : 0,2, ce qui augmente le risque estimé.",
        },
        {
            "variable": "DAYS_BIRTH",
            "libelle": "Âge",
            "valeur": -15000,
            "contribution": -0.1,
            "sens": "diminue",
            "texte": "Âge : 41,1 ans, ce qui diminue le risque estimé.",
        },
    ],
    "meta": {
        "version_modele": "modele:3",
        "horodatage": "2026-11-21T05:42:12+00:00",
        "latence_ms": 6.8,
        "id_requete": "r-42",
    },
}


class FakeApi:
    """Answers like the API; `score` is what it does with the next applications, last one for ever."""

    def __init__(self) -> None:
        self.contract = copy.deepcopy(CONTRACT)
        self.scores: list[httpx.Response | Exception] = [httpx.Response(200, json=ANSWER)]
        self.applications: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.pauses: list[float] = []

    def will(self, *scores: httpx.Response | Exception) -> None:
        """Set what becomes of the next applications."""
        self.scores = list(scores)

    def will_refuse(self, *problems: dict[str, str]) -> None:
        """Find these problems in every application."""
        self.will(httpx.Response(422, json={**PROBLEM, "problemes": list(problems)}))

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.keys.append(request.headers.get("x-api-key"))
        if request.url.path == "/v1/contract":
            return httpx.Response(200, json=self.contract)
        self.applications.append(json.loads(request.content))
        outcome = self.scores[0] if len(self.scores) == 1 else self.scores.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        # A fresh copy each time: a response can be read once.
        return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)

    def client(self) -> ScoringClient:
        """Return a client of this API that does not really wait."""
        http = httpx.Client(base_url="https://api.example", transport=httpx.MockTransport(self.handle))
        return ScoringClient(http, sleep=self.pauses.append)


@pytest.fixture
def contract() -> dict[str, Any]:
    """Return a contract with one input of each kind, two tables, and a few features."""
    return copy.deepcopy(CONTRACT)


@pytest.fixture
def answer_body() -> dict[str, Any]:
    """Return a refusal with two reasons, as the API writes it."""
    return copy.deepcopy(ANSWER)


@pytest.fixture
def fake_api() -> FakeApi:
    """Return an API under the test's control."""
    return FakeApi()


@pytest.fixture
def make_input() -> Callable[..., dict[str, Any]]:
    """Return the builder of inputs."""
    return an_input
