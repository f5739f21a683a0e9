"""The demo clients of the page: a bundle's golden dossiers, each under a made-up name and address."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from delivery.events import golden_dossiers

if TYPE_CHECKING:
    from pathlib import Path

KEY = "SK_ID_CURR"
_GIVEN = {
    "F": ("Camille", "Hélène", "Fatou", "Inès", "Jeanne", "Lina", "Maëlle", "Nadia", "Rose", "Sofia"),
    "M": ("Adrien", "Bilal", "Côme", "Étienne", "Hugo", "Karim", "Louis", "Marc", "Noé", "Théo"),
}
_FAMILY = ("Aubry", "Benali", "Carpentier", "Diallo", "Esnault", "Ferreira", "Garnier", "Hamel", "Jourdan", "Keller")
_STREETS = ("rue des Tilleuls", "rue du Moulin", "avenue de la Gare", "place du Marché", "chemin des Vignes")
# No town of France has this postcode.
_TOWN = "00100 Ville-Exemple"


def demo_clients(bundle: Path) -> dict[str, dict[str, Any]]:
    """Return the demo clients of a bundle by file name.

    Raises
    ------
    DeliveryError
        When the bundle has no golden dossiers.
    """
    dossiers = [one["dossier"] for one in golden_dossiers(bundle)]
    return {
        f"{dossier['application'][KEY]}.json": {"client": _person(place, dossier), "dossier": dossier}
        for place, dossier in enumerate(dossiers)
    }


def write_clients(bundle: Path, folder: Path) -> list[Path]:
    """Write the demo clients in place of those that were there, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    paths = []
    for name, client in demo_clients(bundle).items():
        path = folder / name
        path.write_text(client_text(client), encoding="utf-8")
        paths.append(path)
    return paths


def client_text(client: dict[str, Any]) -> str:
    """Return the text of a client's file: a record a line, so that a person can read it."""
    dossier = client["dossier"]
    tables = [f" {json.dumps(name)}: {_written(content)}" for name, content in dossier.items()]
    person = json.dumps(client["client"], ensure_ascii=False)
    return f'{{"client": {person},\n"dossier": {{\n{",\n".join(tables)}\n}}}}\n'


def _written(content: Any) -> str:  # noqa: ANN401  an object or a list of them
    if isinstance(content, dict) or not content:
        return json.dumps(content, ensure_ascii=False)
    return "[\n  " + ",\n  ".join(json.dumps(one, ensure_ascii=False) for one in content) + "\n ]"


def _person(place: int, dossier: dict[str, Any]) -> dict[str, Any]:
    """Return who a dossier is said to be of: one name a place, so that no two clients share one."""
    given = _GIVEN.get(dossier["application"].get("CODE_GENDER"), _GIVEN["F"])
    name = f"{given[place % len(given)]} {_FAMILY[(place + place // len(_FAMILY)) % len(_FAMILY)]}"
    return {"nom": name, "adresse": [f"{place + 1} {_STREETS[place % len(_STREETS)]}", _TOWN]}
