"""The computed regions of the README: its figures, and a request with the reply it gets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from documents.reference.api import asker
from documents.results.wording import NOT_MEASURED, say, say_of, table
from training.bundle.readable_dossier import readable_dossier, written

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scoring.bundle import Bundle
    from scoring.contract import Contract

ROUTE = "/v1/dossier"
REQUEST = f"curl -s 'localhost:8000{ROUTE}?raisons=2' -H 'content-type: application/json' -d @dossier.json"


def figures_table(measures: Mapping[str, Mapping[str, Any]], contract: Contract) -> str:
    """Return the README's figures, each with the command that reproduces it."""
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
            [
                "worst difference, graph against trainer",
                gate,
                _real_among(parity.data_sets, "applications"),
                "`make bundle`",
            ],
            ["features, dossier against batch", *_dossier_gate(contract), "`make bundle`"],
            ["cold start of the package", f"{start}, process start to first answer", NOT_MEASURED, "`make bench`"],
        ],
    )


def _dossier_gate(contract: Contract) -> tuple[str, str]:
    """Say how many applicants' features went through the gate, and how many of real histories among them."""
    gate = contract.parity.dossiers
    if gate is None:
        return NOT_MEASURED, NOT_MEASURED
    said = f"{gate.differing_inputs} of {gate.n_inputs} inputs differ in a bit, over {gate.n_applicants:,} applicants"
    return said, _real_among(gate.data_sets, "histories")


def _real_among(data_sets: Mapping[str, int], what: str) -> str:
    """Say how many of what went through a gate are real: those of folders, which training numbers (``1:folder``)."""
    real = sum(count for name, count in data_sets.items() if ":" in name)
    return f"{real:,} real {what} among them" if real else NOT_MEASURED


def request_example(bundle: Bundle) -> str:
    """Return a synthetic applicant's dossier as a request, and the reply it gets."""
    dossier = readable_dossier(bundle)
    shown = shortened_reply(asker(bundle.folder)(f"{ROUTE}?raisons=2", dossier))
    return (
        "A synthetic applicant, with the columns that the model reads, copied into a file `dossier.json`:\n\n"
        f"```json\n{written(dossier)}\n```\n\n"
        f"sent, while `make api` (or `make ui`) runs in another terminal, by\n\n```console\n{REQUEST}\n```\n\n"
        "gives (shortened here: each reason has `theme`, `contribution`, `variable`, `valeur` too; what speaks for\n"
        "the applicant, what is missing, unusual or for a person to review, and what became of each table is told)\n\n"
        f"```json\n{json.dumps(shown, ensure_ascii=False, indent=1)}\n```"
    )


def shortened_reply(reply: Mapping[str, Any]) -> dict[str, Any]:
    """Return the heart of a reply."""
    return {
        **{name: reply[name] for name in ("probabilite_de_defaut", "classe", "proposition", "seuil")},
        "explications_locales": [
            {name: one[name] for name in ("code", "texte", "mieux")} | {"…": "…"}
            for one in reply["explications_locales"]
        ],
        "…": "…",
    }
