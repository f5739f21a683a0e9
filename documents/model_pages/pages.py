"""The two pages, rendered from a bundle and the record of its version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from documents.model_pages.candidates import (
    TRIVIAL,
    best_of_each_family,
    by_imbalance,
    cheaper_on_hold_out,
    read_real_candidates,
)
from documents.model_pages.segments import segments
from documents.record import RECORD_FILE, read_record
from scoring.bundle import Bundle
from training.candidates.labels import french_labels
from training.fairness.distances import group_distances
from training.wording import DISTANCES, percent, percent_estimate, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from documents.model_pages.candidates import RealCandidates
    from documents.record import VersionRecord

TEMPLATES = Path(__file__).parent
PAGES = ("note-de-decision.md", "model-card.md")
IMBALANCE = {
    "none": "rien",
    "class_weights": "poids de classe",
    "under_sampling": "sous-échantillonnage",
    "smote": "SMOTE",
}
GATE_NAMES = {
    "parity": "parité",
    "calibration": "calibration",
    "cost": "coût",
    "fairness": "équité",
    "inputs": "données d’entrée",
    "replay": "rejeu",
    "shadow": "challenger silencieux",
}
AIMS = {
    "parity": "le graphe servi est le modèle appris",
    "calibration": "la probabilité annoncée est celle qui se réalise",
    "cost": "la version ne coûte pas plus que celle qu’elle remplace, sur les mêmes dossiers",
    "fairness": "aucun écart établi entre groupes au-delà de sa limite",
    "inputs": "ce que les partenaires envoient aujourd’hui reste accepté",
    "replay": "les décisions enregistrées restent pour l’essentiel les mêmes, et ne coûtent pas plus",
    "shadow": "interrogée en silence, la version est d’accord et ne ralentit rien",
}
POLICIES = {
    "accepter_tout": "tout accepter",
    "refuser_tout": "tout refuser",
    "seuil_0.5": "seuil usuel de 0,5",
    "seuil_bayes": "seuil théorique",
    "seuil_servi": "**seuil servi**",
}


def markdown_environment(templates: Path) -> Environment:
    """Return the templates of a folder, with the filters that write numbers in French; an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(templates),
        autoescape=False,  # noqa: S701  Markdown, from the project's own files
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"count": say_count, "decimal": say_decimal, "estimate": say_estimate, "percent": percent}
    return environment


def render_pages(bundle: Bundle, record: VersionRecord, real: RealCandidates | None = None) -> dict[str, str]:
    """Return the text of each page by file name.

    Parameters
    ----------
    real
        What was measured on real applications, where it was: a version that learned from made-up ones shows it beside
        its own figures.
    """
    contract, evidence = bundle.contract, bundle.evidence
    environment = markdown_environment(TEMPLATES)
    environment.filters["percents"] = percent_estimate
    attributes = evidence.fairness.attributes if evidence.fairness else ()
    by_attribute = {one.attribute: group_distances(one) for one in attributes}
    content = {
        "contract": contract,
        "evidence": evidence,
        "fairness": evidence.fairness,
        "record": record,
        "champion": next(one for one in evidence.candidates if one.champion),
        "families": best_of_each_family(evidence),
        "imbalance": by_imbalance(evidence.candidates),
        "segments": segments(evidence, contract),
        "distances": by_attribute,
        "watched": [one for every in by_attribute.values() for one in every if one.distance.beyond],
        "cheaper": cheaper_on_hold_out(contract),
        "real": real if record.synthetic else None,
        "labels": {item.name: item.label.fr for item in contract.inputs}
        | {one.attribute: one.label for one in attributes},
        "trivial": TRIVIAL,
        "family_names": french_labels(),
        "distance_names": DISTANCES,
        "ways": IMBALANCE,
        "gate_names": GATE_NAMES,
        "gate_aims": AIMS,
        "policies": POLICIES,
    }
    return {name: environment.get_template(f"{name}.j2").render(content) for name in PAGES}


def pages_of(bundle: Path, docs: Path) -> dict[str, str]:
    """Return the pages as the bundle, the record beside the pages and the benchmarks' report give them.

    Raises
    ------
    DataError
        ``TRN185`` when the record does not belong to the bundle.
    """
    opened = Bundle.open(bundle)
    return render_pages(opened, read_record(docs / RECORD_FILE, opened), read_real_candidates())
