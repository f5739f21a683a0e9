"""The first look at a deployment: it answers the golden applications as the trained model did, or it is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from delivery.errors import DeliveryError
from delivery.events import HttpRequest
from scoring.bundle import Bundle
from scoring.errors import ContractError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# The batch route takes them all in one call; so many go one by one besides, the way most clients ask.
ONE_BY_ONE = 3
OK = 200


class Ask(Protocol):
    """A deployment that can be asked: over HTTP, or the package under the emulator."""

    def __call__(self, request: HttpRequest) -> tuple[int, dict[str, Any]]:
        """Return the status and the JSON body of the answer."""


def differences(ask: Ask, bundle: Path, *, raw: bool = True) -> list[str]:
    """Return what a deployment answers otherwise than the bundle's trainer did, a sentence each; empty: nothing.

    Parameters
    ----------
    raw
        The deployment answers for raw dossiers too; the function for applications alone does not.

    Raises
    ------
    DeliveryError
        When the bundle itself is not sound.
    """
    try:
        meant = Bundle.open(bundle)
        golden, dossiers = meant.golden, meant.golden_dossiers if raw else []
    except ContractError as error:
        raise DeliveryError(f"the bundle cannot be compared with: {error}") from error
    tolerance = meant.contract.parity.tolerance
    tolerance = max(tolerance, _step(ask))
    found = [*_health(ask), *_identity(ask, meant.seal), *_batch(ask, golden, tolerance)]
    for index, one in enumerate(golden[:ONE_BY_ONE]):
        found += _alone(
            ask, f"application {index} alone", HttpRequest.post("/v1/score", one["application"]), one, tolerance
        )
    for index, one in enumerate(dossiers):
        found += _alone(ask, f"dossier {index}", HttpRequest.post("/v1/dossier", one["dossier"]), one, tolerance)
    return found


def _alone(ask: Ask, what: str, request: HttpRequest, golden: dict[str, Any], tolerance: float) -> list[str]:
    status, reply = ask(request)
    return _unexpected(what, status) or _answer(what, golden, reply, tolerance)


def _health(ask: Ask) -> Iterator[str]:
    status, reply = ask(HttpRequest("GET", "/health"))
    if status != OK or reply.get("statut") != "ok":
        yield f"GET /health: status {status}, {reply.get('statut', 'no word of its state')}"


def _identity(ask: Ask, seal: str) -> Iterator[str]:
    status, reply = ask(HttpRequest("GET", "/v1/model"))
    if reply.get("empreinte") != seal:
        yield f"GET /v1/model: status {status}, bundle {reply.get('empreinte', 'unknown')} is served, not {seal}"


def _step(ask: Ask) -> float:
    """Return by how much a probability is told otherwise than it is, where the deployment rounds its replies."""
    _, reply = ask(HttpRequest("GET", "/v1/model"))
    decimals = reply.get("limites", {}).get("decimales")
    return float(10.0**-decimals) if isinstance(decimals, int) else 0.0


def _batch(ask: Ask, golden: list[dict[str, Any]], tolerance: float) -> list[str]:
    status, reply = ask(HttpRequest.post("/v1/score/batch", {"demandes": [one["application"] for one in golden]}))
    answers = reply.get("resultats", [])
    if status != OK or len(answers) != len(golden):
        return [f"the golden applications in one call: status {status}, {len(answers)} answers for {len(golden)}"]
    return [
        sentence
        for index, (one, answer) in enumerate(zip(golden, answers, strict=True))
        for sentence in _answer(f"application {index}", one, answer, tolerance)
    ]


def _unexpected(what: str, status: int) -> list[str]:
    return [] if status == OK else [f"{what}: status {status}"]


def _answer(what: str, golden: dict[str, Any], reply: dict[str, Any], tolerance: float) -> list[str]:
    """Compare one answer; a golden application is synthetic, so its probability may be said."""
    probability, expected = reply.get("probabilite_de_defaut"), golden["default_probability"]
    if not isinstance(probability, float) or abs(probability - expected) > tolerance:
        return [f"{what}: probability {probability}, the trained model gave {expected}"]
    if reply.get("classe") != golden["decision"]:
        return [f"{what}: decided {reply.get('classe')}, the trained model {golden['decision']}"]
    return []
