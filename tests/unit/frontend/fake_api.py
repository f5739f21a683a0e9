"""A small contract, and an API that answers what a test tells it to."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import httpx

from frontend.api.client import ScoringClient
from frontend.api.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Callable


PROBLEM = {"title": "Demande non conforme", "status": 422, "code": "SCR100", "id_requete": "r-1"}


def an_input(name: str, **changes: object) -> dict[str, Any]:
    """Return an optional amount of the application table, but for `changes`."""
    amount = {
        "name": name,
        "table": "application",
        "kind": "number",
        "unit": "monnaie",
        "required": False,
        "missing": {"fr": "non communiqué", "en": "not given"},
        "fill": 0.0,
        "minimum": 1.0,
        "maximum": 1e9,
        "usual_low": 10_000.0,
        "usual_high": 900_000.0,
        "categories": [],
        "category_labels": [],
        "rare": [],
        "direction": 0,
        "known_by": "applicant",
        "ground": {"fr": "Objet de la demande.", "en": "What is applied for."},
        "protected": False,
        "label": {"fr": name.lower(), "en": name.lower()},
    }
    return amount | changes


def a_feature(name: str, *inputs: str, importance: float, label: str = "", unit: str = "") -> dict[str, Any]:
    """Return a feature that comes from `inputs`."""
    text = {"fr": label or name, "en": f"{name} in English"}
    return {"name": name, "inputs": list(inputs), "importance": importance, "label": text, "unit": unit}


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
BIRTH_LABEL = {"fr": "Date de naissance", "en": "Date of birth"}
JOBS = [{"fr": "salarié", "en": "employee"}, {"fr": "retraité", "en": "pensioner"}]
CONTRACT: dict[str, Any] = {
    "schema_version": "2.0",
    "conventions": {"currency": {"fr": "€", "en": "€"}, "income_period": "mois", "annuity_period": "mois"},
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
        an_input(
            "NAME_JOB",
            kind="category",
            unit="",
            categories=["Working", "Pensioner"],
            category_labels=JOBS,
            required=True,
            **NO_BOUNDS,
        ),
        an_input(
            "DAYS_BIRTH",
            unit="jours",
            required=True,
            minimum=-36525.0,
            maximum=-6570.0,
            usual_low=-25000.0,
            usual_high=-7780.0,
            label=BIRTH_LABEL,
        ),
        an_input("EXT_SOURCE_1", unit="note 0–1", minimum=0.0, maximum=1.0, usual_low=0.1, usual_high=0.9),
        an_input("FLAG_CAR", kind="flag", unit="", minimum=0.0, maximum=1.0, usual_low=None, usual_high=None),
        an_input("BUREAU_COUNT", table="bureau", unit="nombre", minimum=0.0, usual_low=0.0, usual_high=20.0),
    ],
    "features": [
        a_feature("EXT_SOURCE_1", "EXT_SOURCE_1", importance=0.5),
        a_feature("CREDIT_TO_ANNUITY_RATIO", "AMT_CREDIT", "AMT_ANNUITY", importance=0.3),
        a_feature("AGE_YEARS", "DAYS_BIRTH", importance=0.15, label="Âge", unit="ans"),
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
    "coverage": {
        "weights": {
            "AMT_CREDIT": 0.15,
            "AMT_ANNUITY": 0.15,
            "NAME_JOB": 0.05,
            "DAYS_BIRTH": 0.15,
            "EXT_SOURCE_1": 0.5,
            "FLAG_CAR": 0.0,
            "BUREAU_COUNT": 0.0,
        },
        "floor": 0.3,
    },
    "review": {"coverage_below": 0.5},
    "moves": [
        {
            "name": "montant_a_duree_egale",
            "inputs": ["AMT_CREDIT", "AMT_ANNUITY"],
            "direction": 1,
            "label": {"fr": "Montant à durée égale", "en": "Amount at the same term"},
        }
    ],
    "levers": [{"target": "AMT_CREDIT"}],
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
MODEL: dict[str, Any] = {
    "empreinte": "5ea1",
    "decision": {
        "seuil": 0.09,
        "origine": "contrat",
        "cout_faux_negatif": 10.0,
        "cout_faux_positif": 1.0,
        "zone_de_revue": [0.085, 0.095],
    },
    "limites": {"demandes_par_lot": 500, "octets_par_requete": 2_000_000},
}
NO_REVIEW = {"requise": False, "motifs": []}
ANSWER: dict[str, Any] = {
    "probabilite_de_defaut": 0.123,
    "classe": "refuse",
    "proposition": "refus",
    "fourchette": None,
    "couverture": 0.9,
    "valeurs_manquantes": ["BUREAU_COUNT"],
    "valeurs_inconnues": [],
    "signalements": [{"champ": "AMT_CREDIT", "code": "valeur_inhabituelle", "detail": "plus haut que d'habitude."}],
    "revue_humaine": NO_REVIEW,
    "valeur_de_base": -2.5,
    "marge": -1.964,
    "autres_contributions": 0.236,
    "seuil": 0.09,
    "contributions_par_theme": {"scores_externes": 0.4, "age": -0.1, "credit_demande": 0.236},
    "explications_locales": [
        {
            "code": "R101",
            "theme": "scores_externes",
            "libelle": "Scores externes",
            "contribution": 0.4,
            "sens": "augmente",
            "texte": "Le score externe joue contre la demande (Score externe 1 : 0,2).",
            "mieux": "Un score plus élevé.",
            "variable": "EXT_SOURCE_1",
            "valeur": 0.2,
        },
    ],
    "elements_favorables": [
        {
            "code": "R701",
            "theme": "age",
            "libelle": "Âge",
            "contribution": -0.1,
            "sens": "diminue",
            "texte": "L’âge joue pour la demande (Âge : 41 ans).",
            "mieux": None,
            "variable": "DAYS_BIRTH",
            "valeur": -15000,
        },
    ],
    "meta": {
        "version_modele": "modele:3",
        "empreinte": "5ea1",
        "seuil_origine": "contrat",
        "horodatage": "2026-11-21T05:42:12+00:00",
        "latence_ms": 6.8,
        "id_requete": "r-42",
    },
}


LEVERS: dict[str, Any] = {
    "resultat": "trouve",
    "texte": "Avec l'un de ces changements, la demande serait acceptée.",
    "propositions": [
        {
            "leviers": ["montant"],
            "texte": "Emprunter 200 000 € au lieu de 300 000 €.",
            "changements": [{"champ": "AMT_CREDIT", "libelle": "Crédit", "avant": 300_000.0, "apres": 200_000.0}],
            "probabilite_de_defaut": 0.08,
            "classe": "accepte",
            "revue_humaine": NO_REVIEW,
        }
    ],
}


def default_probability(application: dict[str, Any]) -> float:
    """Return what the fake model thinks: a high mark and a small credit are safe."""
    mark = application.get("EXT_SOURCE_1")
    return round(0.2 * (1 - (0.5 if mark is None else mark)) + 1e-7 * application["AMT_CREDIT"], 6)


def an_assessment(application: dict[str, Any], threshold: float = 0.09) -> dict[str, Any]:
    """Return what the fake model answers about an application."""
    probability = default_probability(application)
    refused = probability >= threshold
    decision = {
        "probabilite_de_defaut": probability,
        "classe": "refuse" if refused else "accepte",
        "proposition": "refus" if refused else "accord",
    }
    return {name: value for name, value in ANSWER.items() if name not in {"seuil", "meta"}} | decision


class FakeApi:
    """Answers like the API.

    `scores` is what it does with the next single applications, the last one for ever; without any, and in batches, it
    thinks for itself. `failures` are what the next batches and levers meet instead of their answers.
    """

    def __init__(self) -> None:
        self.contract = copy.deepcopy(CONTRACT)
        self.model = copy.deepcopy(MODEL)
        self.levers = copy.deepcopy(LEVERS)
        self.evidence: dict[str, Any] | None = None
        self.scores: list[httpx.Response | Exception] = [httpx.Response(200, json=ANSWER)]
        self.failures: list[httpx.Response | Exception] = []
        self.applications: list[dict[str, Any]] = []
        self.batches: list[list[dict[str, Any]]] = []
        self.trials: list[dict[str, Any]] = []
        # Fields that no application may give together.
        self.contradictory: set[str] = set()
        self.requests: list[httpx.Request] = []
        self.pauses: list[float] = []

    @property
    def keys(self) -> list[str | None]:
        """The key that came with each request."""
        return [request.headers.get("x-api-key") for request in self.requests]

    def will(self, *scores: httpx.Response | Exception) -> None:
        """Set what becomes of the next applications; nothing lets it think for itself."""
        self.scores = list(scores)

    def will_find(self, *problems: dict[str, str]) -> None:
        """Find these problems in every application, and score none."""
        self.will(httpx.Response(422, json={**PROBLEM, "problemes": list(problems), "problemes_omis": 0}))

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.requests.append(request)
        routes: dict[str, Callable[[Any], httpx.Response]] = {
            "/v1/score": self._score,
            "/v1/score/batch": self._batch,
            "/v1/dossier": self._dossier,
            "/v1/leviers": lambda _: self._perhaps(self.levers),
            "/v1/politique/essai": self._trial,
            "/v1/contract": lambda _: httpx.Response(200, json=self.contract),
            "/v1/model": lambda _: httpx.Response(200, json=self.model),
            "/v1/evidence": lambda _: self._evidence(),
        }
        return routes[request.url.path](json.loads(request.content or "null"))

    def _score(self, application: dict[str, Any]) -> httpx.Response:
        self.applications.append(application)
        if not self.scores:
            return httpx.Response(200, json=ANSWER | an_assessment(application))
        outcome = self.scores[0] if len(self.scores) == 1 else self.scores.pop(0)
        return _played(outcome)

    def _dossier(self, dossier: dict[str, Any]) -> httpx.Response:
        """Answer like `_score`, with the inputs as the file has them."""
        application = dossier["application"]
        inputs = {one["name"]: application.get(one["name"]) for one in self.contract["inputs"]}
        reply = self._score(inputs)
        if not reply.is_success:
            return reply
        return httpx.Response(200, json=reply.json() | {"variables": inputs, "historiques": []})

    def _batch(self, body: dict[str, Any]) -> httpx.Response:
        self.batches.append(body["demandes"])
        rows = [self._row(index, application) for index, application in enumerate(body["demandes"])]
        return self._perhaps({"resultats": rows, "seuil": 0.09, "meta": ANSWER["meta"]})

    def _trial(self, body: dict[str, Any]) -> httpx.Response:
        """Let the first rule of the draft send everybody to a person."""
        self.trials.append(body)
        n = len(body["demandes"])
        before = {"accord": n - 1, "examen": 0, "refus": 1}
        rules = [
            {"code": rule["code"], "genre": rule["kind"], "appliquee": 0, "inconnue": 0 if place else n}
            for place, rule in enumerate(body["politique"]["rules"])
        ]
        after = {"accord": 0, "examen": n, "refus": 0}
        counts = {"demandes": n, "evaluees": n, "avant": before, "apres": after, "changees": n}
        return self._perhaps(counts | {"regles": rules, "meta": ANSWER["meta"]})

    def _row(self, index: int, application: dict[str, Any]) -> dict[str, Any]:
        if isinstance(application["AMT_CREDIT"], str):
            problem = {"champ": "AMT_CREDIT", "code": "SCR102", "detail": "Type incorrect."}
            return {"index": index, "statut": "non_evaluee", "problemes": [problem], "problemes_omis": 0}
        given = {name for name, value in application.items() if value is not None}
        if self.contradictory and self.contradictory <= given:
            problems = [{"champ": one, "code": "SCR121", "detail": "Ne va pas."} for one in sorted(self.contradictory)]
            return {"index": index, "statut": "non_evaluee", "problemes": problems, "problemes_omis": 0}
        return {"index": index, "statut": "evaluee", **an_assessment(application)}

    def _evidence(self) -> httpx.Response:
        return httpx.Response(404, json={}) if self.evidence is None else httpx.Response(200, json=self.evidence)

    def _perhaps(self, content: dict[str, Any]) -> httpx.Response:
        return _played(self.failures.pop(0)) if self.failures else httpx.Response(200, json=content)

    def client(self) -> ScoringClient:
        """Return a client of this API that does not really wait."""
        http = httpx.Client(base_url="https://api.example", transport=httpx.MockTransport(self.handle))
        return ScoringClient(http, sleep=self.pauses.append)

    def connection(self) -> Connection:
        """Return a connection to it, as if it were far away."""
        return Connection(self.client(), "https://api.example")


def _played(outcome: httpx.Response | Exception) -> httpx.Response:
    if isinstance(outcome, Exception):
        raise outcome
    # A fresh copy each time: a response can be read once.
    return httpx.Response(outcome.status_code, headers=outcome.headers, content=outcome.content)
