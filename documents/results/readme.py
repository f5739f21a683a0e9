"""The computed regions of the README: its four figures, and a request with the reply it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from documents.results.wording import NOT_MEASURED, say, say_of, table
from scoring.service import ScoringService
from training.bundle.demo_people import shown_application

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.bundle import Bundle
    from scoring.contract import Contract
    from scoring.features import Value

REQUEST = "curl -s localhost:8000/v1/score -H 'content-type: application/json' -d @demande.json"


def figures_table(measures: Mapping[str, Mapping[str, Any]], contract: Contract) -> str:
    """Return the README's four figures, each with the command that reproduces it."""
    real = measures.get("real_sample", {})
    cold = measures.get("cold_start", {})
    quality, trivial = contract.quality, contract.quality.baselines
    accept, refuse = trivial["accepter_tout"].value, trivial["refuser_tout"].value
    cost = f"{say(quality.cost)}; accept all {accept:.3f}, refuse all {refuse:.3f}"
    parity = contract.parity
    gate = (
        f"{parity.worst_probability_difference:.0e} over {parity.n_applications:,} applications, "
        f"{parity.changed_decisions} decisions changed"
    )
    start = f"{cold['first_answer_ms']['p50'] / 1000:.2f} s" if cold else NOT_MEASURED
    return table(
        ["figure", "demo bundle (synthetic applicants)", "real sample (application table)", "command"],
        [
            ["hold-out cost per application", cost, say_of(real, "hold_out", "cost"), "`make bundle`, `make bench`"],
            ["hold-out AUC", say(quality.auc), say_of(real, "hold_out", "auc"), "the same"],
            ["worst difference, graph against trainer", gate, _real_rows(contract), "`make bundle`"],
            ["cold start of the package", f"{start}, process start to first answer", NOT_MEASURED, "`make bench`"],
        ],
    )


def _real_rows(contract: Contract) -> str:
    """Say how many real applications went through the gate."""
    real = sum(count for name, count in contract.parity.data_sets.items() if "/" in name)
    return f"{real:,} real applications among them" if real else NOT_MEASURED


def request_example(bundle: Bundle) -> str:
    """Return a synthetic applicant as a request, and the reply it gets."""
    service = ScoringService.of(bundle)
    application = shown_request(bundle)
    scored = service.score(application, n_reasons=2)
    reply = {
        "probabilite_de_defaut": scored.default_probability,
        "classe": scored.decision.value,
        "seuil": service.contract.decision.threshold,
        "explications_locales": [
            {"code": one.code, "texte": one.sentence, "mieux": one.better, "…": "…"} for one in scored.reasons
        ],
        "meta": {"version_modele": "…", "horodatage": "…", "latence_ms": "…", "id_requete": "…"},
    }
    return (
        "A synthetic application, copied into a file `demande.json`:\n\n"
        f"```json\n{json.dumps(application, ensure_ascii=False)}\n```\n\n"
        f"sent, while `make api` (or `make ui`) runs in another terminal, by\n\n```console\n{REQUEST}\n```\n\n"
        "gives (shortened here: at most four reasons, each with `theme`, `contribution`, `variable`, `valeur`; what\n"
        "speaks for the applicant, what is missing, unusual or for a person to review is told as well)\n\n"
        f"```json\n{json.dumps(reply, ensure_ascii=False, indent=1)}\n```"
    )


def shown_request(bundle: Bundle) -> dict[str, Value]:
    """Return what is known of the person that the demo shows, as a person would type it."""
    return {name: _written(value) for name, value in shown_application(bundle).items() if value is not None}


def _written(value: Value) -> Value:
    """Return a value as a person would type it."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() else float(f"{value:.6g}")
