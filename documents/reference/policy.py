"""The input policy for people: what is asked, on what ground, who knows it and which way it acts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from scoring.numerals import FRENCH
from training.schema import load_inputs, load_merged
from training.schema.policy import load_policy, policy_of

if TYPE_CHECKING:
    from scoring.contract import Contract, Input
    from training.schema.policy import PolicyEntry

_KNOWN_BY = {"applicant": "le demandeur", "bureau": "un bureau de crédit", "lender": "le prêteur"}
_DIRECTIONS = {1: "plus haut : risque plus élevé", -1: "plus haut : risque plus faible", 0: "non déclaré"}


def policy_page(contract: Contract) -> str:
    """Return the page, in Markdown: what the served model asks, what may be asked, and what never is."""
    sections = [_introduction(contract), _asked(contract), _moves(contract), _never(), _possible()]
    return "\n\n".join(sections) + "\n"


def _introduction(contract: Contract) -> str:
    return f"""# Politique des données demandées

Écrit par `make pages` d’après le contrat du modèle servi et `training/schema/policy.csv`. Seules des données
financières et économiques sont demandées (directive (UE) 2023/2225, art. 18), chacune avec son fondement. Le modèle
servi en lit {len(contract.inputs)} ; il n’en lit aucune autre, et refuse un champ qu’il ne connaît pas.

- **Trois états.** Une valeur ; `null`, qui **déclare** qu’il n’y en a pas (pas d’emploi, pas de voiture, aucun score au
  bureau) ; un champ absent, qui est **inconnu**. Une donnée inconnue n’achète jamais une acceptation : la réponse dit
  la fourchette qu’elle laisse ouverte, et si la décision en dépend, une personne décide.
- **Une absence déclarée** est lue comme la médiane, avec un indicateur qui ne peut que relever le risque : ne rien
  avoir à déclarer ne fait jamais mieux que le demandeur du milieu.
- **Le sens** d’une donnée, quand un prêteur le connaît, est une contrainte de l’apprentissage et une preuve sur le
  graphe exporté : le risque ne va jamais dans l’autre sens, toutes choses égales par ailleurs.
- **Une catégorie rare** est lue comme une donnée absente, signalée, et le dossier va à une personne.
- **Ce que coûte l’absence** d’une donnée est son poids dans la couverture ; ce que coûtent les données jamais
  demandées est mesuré dans les [résultats](results.md)."""


def _asked(contract: Contract) -> str:
    weights = contract.coverage.weights
    rows = [_row(item, weights[item.name]) for item in sorted(contract.inputs, key=lambda item: -weights[item.name])]
    header = ["donnée", "libellé", "qui la connaît", "sens", "poids", "fondement"]
    return f"## Ce que le modèle servi demande\n\n{table(header, rows)}"


def _row(item: Input, weight: float) -> list[str]:
    return [
        f"`{item.name}`",
        item.label.fr,
        _KNOWN_BY[item.known_by],
        _DIRECTIONS[item.direction],
        FRENCH.percent(weight, ".1f"),
        item.ground.fr,
    ]


def _moves(contract: Contract) -> str:
    rows = [
        [move.label.fr, ", ".join(f"`{name}`" for name in move.inputs), _DIRECTIONS[move.direction]]
        for move in contract.moves
    ]
    return f"""## Changements d’ensemble

Le montant seul n’a pas de sens connu : à échéance égale, un crédit plus grand est aussi plus long. À durée égale, il
en a un, et le modèle le garde.

{table(["changement", "données qui varient ensemble", "sens"], rows)}"""


def _never() -> str:
    never = [entry for entry in load_policy() if not entry.asked]
    merged = [[f"`{name}`", category, read_as] for (name, category), read_as in load_merged().items()]
    return f"""## Ce qui n’est jamais demandé

{table(["données", "pourquoi"], [[f"`{entry.columns}`", entry.ground_fr] for entry in never])}

Des catégories qui tiennent lieu d’une donnée protégée sont lues comme une autre, et une demande ne peut pas les dire :

{table(["donnée", "catégorie", "lue comme"], merged)}"""


def _possible() -> str:
    """List what a model may choose from, by row of the policy."""
    covered: dict[PolicyEntry, list[str]] = {entry: [] for entry in load_policy() if entry.asked}
    for entry in load_inputs():
        policy = policy_of(entry.name)
        if policy in covered:
            covered[policy].append(entry.name)
    rows = [
        [f"`{policy.columns}`", str(len(names)), _KNOWN_BY[policy.known_by], _DIRECTIONS[policy.direction]]
        for policy, names in covered.items()
    ]
    return f"""## Ce qu’un modèle peut choisir

L’apprentissage garde le plus petit nombre de données dont le coût ne dépasse le meilleur que d’une différence sans
importance ; il choisit parmi celles-ci.

{table(["données", "nombre", "qui les connaît", "sens"], rows)}"""
