"""What the smoke test calls a difference, on a deployment that answers what a test wants."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from commandline.commands import BAD_INPUT
from delivery.__main__ import main
from delivery.events import HttpRequest, golden_applications, golden_dossiers
from delivery.paths import BUNDLE
from delivery.smoke import differences
from scoring.bundle import Bundle

GOLDEN = golden_applications(BUNDLE)
DOSSIERS = golden_dossiers(BUNDLE)
N_ALONE = {"/v1/score": 3, "/v1/dossier": len(DOSSIERS)}


class Deployment:
    """Answers as the bundle does, but for what a test changes in the answer to a path."""

    def __init__(self, path: str = "", status: int = 200, **changes: object) -> None:
        self.path, self.status, self.changes = path, status, changes

    def __call__(self, request: HttpRequest) -> tuple[int, dict[str, Any]]:
        """Answer, spoilt on the path that is to be spoilt."""
        right = self._right(request)
        return (self.status, right | self.changes) if request.path == self.path else (200, right)

    def _right(self, request: HttpRequest) -> dict[str, Any]:
        if request.path == "/health":
            return {"statut": "ok"}
        if request.path == "/v1/model":
            return {"empreinte": Bundle.open(BUNDLE).seal}
        sent = json.loads(request.body or "")
        answers = {
            json.dumps(one.get("application") or one["dossier"]): {
                "probabilite_de_defaut": one["default_probability"],
                "classe": one["decision"],
            }
            for one in (*GOLDEN, *DOSSIERS)
        }
        if request.path in N_ALONE:
            return answers[json.dumps(sent)]
        return {"resultats": [answers[json.dumps(one)] for one in sent["demandes"]]}


def test_nothing_differs_from_the_bundle_itself() -> None:
    """A deployment that gives every golden answer is right."""
    assert differences(Deployment(), BUNDLE) == []


def test_a_function_for_applications_alone_is_asked_for_no_dossier() -> None:
    """The light function knows nothing of raw dossiers: that is no difference."""
    assert differences(Deployment("/v1/dossier", 404), BUNDLE, raw=False) == []


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (Deployment("/health", 500), "GET /health: status 500, ok"),
        (Deployment("/v1/model", empreinte="f00d"), "GET /v1/model: status 200, bundle f00d is served, not"),
        (Deployment("/v1/model", 403, empreinte=None), "GET /v1/model: status 403, bundle None is served"),
        (Deployment("/v1/score/batch", resultats=[]), "in one call: status 200, 0 answers for"),
        (Deployment("/v1/score/batch", 413, resultats=[]), "in one call: status 413"),
        (Deployment("/v1/score", 422), "application 0 alone: status 422"),
        (Deployment("/v1/dossier", 500), "dossier 0: status 500"),
        (Deployment("/v1/dossier", classe="refusé"), "dossier"),
        (Deployment("/v1/score", classe="peut-être"), "application 0 alone: decided peut-être, the trained model"),
        (Deployment("/v1/score", probabilite_de_defaut="0.5"), "application 0 alone: probability 0.5, the trained"),
    ],
)
def test_each_fault_is_told(spoilt: Deployment, told: str) -> None:
    """Health, bundle, both routes, probability and decision: whichever is wrong is said in a sentence."""
    found = differences(spoilt, BUNDLE)

    assert len(found) == N_ALONE.get(spoilt.path, 1)
    assert told in found[0]


@pytest.mark.parametrize(("beyond", "n_differences"), [(0.5, 0), (1.5, sum(N_ALONE.values()))])
def test_probability_is_held_to_the_contracts_tolerance(beyond: float, n_differences: int) -> None:
    """Half of the tolerance is the same probability, one and a half is not."""
    tolerance = json.loads((BUNDLE / "parity.json").read_text(encoding="utf-8"))["tolerance"]
    right = Deployment()

    def shifted(request: HttpRequest) -> tuple[int, dict[str, Any]]:
        status, reply = right(request)
        if "probabilite_de_defaut" in reply:
            reply["probabilite_de_defaut"] += beyond * tolerance
        return status, reply

    assert len(differences(shifted, BUNDLE)) == n_differences


def test_an_environment_without_a_name_is_refused_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """``make smoke`` without ENVIRONMENT is told which environments there are."""
    status = main(["smoke", "--environment", ""])

    assert status == BAD_INPUT
    assert re.fullmatch(r"error .* there are dev, .*\n", capsys.readouterr().err)
