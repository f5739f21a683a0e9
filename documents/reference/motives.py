"""The catalogue of reasons for people, as the contract of a bundle has it: ``docs/motifs.md``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from commandline.markdown import table
from scoring.reasons import PRINCIPAL_REASONS

if TYPE_CHECKING:
    from scoring.contract import Contract, Motive, Theme


def motives_page(contract: Contract) -> str:
    """Return the page, in Markdown: themes and their groups, then every reason of each theme."""
    sections = [_introduction(contract), *(_section(theme, contract) for theme in contract.themes)]
    return "\n\n".join(sections) + "\n"


def _introduction(contract: Contract) -> str:
    groups = {group.code: group.label.fr for group in contract.theme_groups}
    themes = [[f"`{one.code}`", one.label.fr, f"`{one.group}`", groups[one.group]] for one in contract.themes]
    return f"""# Catalogue des raisons

Écrit par `make pages` d’après le contrat du modèle servi ; l’original est `training/schema/motives.csv`. Une réponse
dit ses raisons par ces codes. Un code garde son sens d’un modèle à l’autre : il n’est ni réutilisé, ni retiré, et un
modèle réappris dit la même chose par le même code.

- **Somme par thème.** Les contributions exactes de toutes les variables sont sommées par thème ; avec la valeur de
  base, les sommes font la marge.
- **Un refus** est dit par ce qui joue contre la demande et par rien d’autre : {PRINCIPAL_REASONS} raisons au plus, la
  plus forte d’abord. Ce qui joue pour elle est dit à part. **Une acceptation** est dite par les deux.
- **Thèmes fondus.** Si les thèmes défavorables non listés pesaient ensemble plus que la plus forte raison, les thèmes
  sont fondus en {len(groups)} groupes ; la raison porte alors le code du groupe comme thème.
- **Le fait cité** est celui qui pèse le plus dans le thème, dans le sens de la somme, et dont les mots ne contredisent
  pas ce sens : « 0 jour de retard » n’est jamais dit en défaveur. Si aucun fait ne convient, le thème est dit dans son
  ensemble.
- `{{libelle}}` et `{{valeur}}` sont la variable et sa valeur dans son unité, `{{donnees}}` chaque donnée dont elle est
  calculée. Chaque phrase existe aussi en anglais, dans le contrat.

{table(["thème", "libellé", "groupe", "libellé du groupe"], themes)}"""


def _section(theme: Theme, contract: Contract) -> str:
    rows = [_row(motive, contract) for motive in contract.motives if motive.theme == theme.code]
    header = [
        "code",
        "raison",
        "défavorable",
        "favorable",
        "ce qui serait mieux",
        "jamais défavorable",
        "variables servies",
    ]
    return f"## {theme.label.fr}\n\n{table(header, rows)}"


def _row(motive: Motive, contract: Contract) -> list[str]:
    told = [f"`{feature.name}`" for feature in contract.features if feature.motive == motive.code]
    return [
        f"`{motive.code}`",
        motive.label.fr,
        motive.adverse.fr,
        motive.favourable.fr,
        motive.better.fr,
        "" if motive.harmless is None else f"jusqu’à {motive.harmless:g}",
        ", ".join(told),
    ]
