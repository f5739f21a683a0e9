"""The page ``docs/regles.md``: the rules across fields, and how many applications break them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.population.rules import MOST_BROKEN
from commandline.markdown import table
from documents.pages import DOCS
from training.schema.rules import load_rules
from training.wording import percent, say_count

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Contract
    from training.schema.rules import RuleEntry

type Figures = Mapping[str, Any]

PAGE = DOCS / "regles.md"
COMMAND = "python -m benchmarks --only rules"
_SEVERITIES = {
    "impossible": """## Impossibles

Les valeurs ne peuvent pas être vraies ensemble : la demande est refusée comme une erreur de saisie (422, code
`SCR121`), chaque champ en cause est nommé. Rien n’est décidé.""",
    "incoherente": """## Incohérentes

Les valeurs vont mal ensemble, mais il existe des gens pour qui elles sont vraies : la demande est évaluée, le
signalement `incoherente` nomme les champs, et une personne doit les vérifier (motif `incoherente`).""",
}


def rules_page(contract: Contract, measures: Mapping[str, Figures]) -> str:
    """Return the page.

    Raises
    ------
    ValueError
        When the rules were not measured.
    """
    if "rules" not in measures:
        raise ValueError(f"how often the rules are broken was not measured yet; run `{COMMAND}`")
    figures = measures["rules"]
    sections = (_head(contract, figures), *(_severity(name, contract, figures) for name in _SEVERITIES), NOTES)
    return "\n\n".join(sections) + "\n"


def _head(contract: Contract, figures: Figures) -> str:
    real, sample = figures["real"], figures["sample"]
    return f"""# Règles entre champs

<!-- Written by `make pages`; do not edit. -->

Une demande peut tenir dans toutes ses bornes et ne pas tenir debout : un emploi commencé avant la naissance, une
moyenne au-dessus du maximum. Les règles entre champs disent ce qui ne peut pas aller ensemble. Elles sont
{say_count(len(load_rules()))} sur l’ensemble des entrées possibles (`training/schema/rules.csv`) ; le contrat servi en
porte {say_count(len(contract.rules))}, celles dont il demande tous les champs. L’API, seule ou par lots, la recherche
de leviers, `training score` et la surveillance les lisent du même endroit, et un seul module les évalue
(`lambda/scoring/rules.py`). Une valeur absente n’enfreint aucune règle.

**Une règle que de vrais demandeurs enfreignent est fausse.** Chacune est mesurée sur {say_count(real["applications"])}
demandes réelles et sur {say_count(sample["applications"])} de la population d’exemple (graine {sample["seed"]}), parmi
celles qui donnent tous ses champs. Limite, sur les demandes réelles : {_limit("impossible")} pour une règle
impossible, {_limit("incoherente")} pour une incohérente ; {_verdict(real["forms"])}. Au moins une règle impossible est
enfreinte par {percent(real["broken_share"]["impossible"], 2)} des demandes réelles, au moins une incohérente par
{percent(real["broken_share"]["incoherente"], 2)} ({percent(sample["broken_share"]["impossible"], 2)} et
{percent(sample["broken_share"]["incoherente"], 2)} de la population d’exemple). Mesure : `{COMMAND}`."""


def _limit(severity: str) -> str:
    return percent(MOST_BROKEN[severity], 1)


def _verdict(forms: Figures) -> str:
    severity = {rule.form: rule.severity for rule in load_rules()}
    beyond = [form for form, one in forms.items() if one["rate"] > MOST_BROKEN[severity[form]]]
    return f"elle est dépassée par {', '.join(f'`{form}`' for form in beyond)}" if beyond else "aucune ne la dépasse"


def _severity(severity: str, contract: Contract, figures: Figures) -> str:
    forms: dict[str, list[RuleEntry]] = {}
    for rule in load_rules():
        if rule.severity == severity:
            forms.setdefault(rule.form, []).append(rule)
    served = {rule.code for rule in contract.rules}
    rows = [_row(form, rules, served, figures) for form, rules in forms.items()]
    head = ("règle", "ce qui est dit", "enfreinte quand", "règles (servies)", "réel", "exemple")
    return f"{_SEVERITIES[severity]}\n\n{table(head, rows)}"


def _row(form: str, rules: Sequence[RuleEntry], served: set[str], figures: Figures) -> tuple[str, ...]:
    n_served = sum(rule.code in served for rule in rules)
    more = ", …" if len(rules) > 1 else ""
    return (
        f"`{form}`",
        rules[0].sentence_fr,
        f"`{rules[0].broken_when}`{more}",
        f"{len(rules)} ({n_served})",
        *(_rate(figures[name]["forms"][form]) for name in ("real", "sample")),
    )


def _rate(one: Figures) -> str:
    if not one["asked"]:
        return "champs absents"
    return f"{percent(one['rate'], 3)} ({say_count(one['broken'])} sur {say_count(one['asked'])})"


NOTES = """## Lire ce tableau

- Une ligne qui compte plusieurs règles est une forme : la même condition sur d’autres champs (toute moyenne et tout
  maximum de la même grandeur, sur la même période ou sur une période qui la contient). Le code d’une telle règle porte
  ses champs : `moyenne_au_dessus_du_maximum.BUREAU_CREDIT_MEAN.BUREAU_CREDIT_MAX`. Les taux sont ceux de la règle de la
  forme que l’on enfreint le plus. Une forme n’est là que si le SQL des variables la rend vraie par le calcul.
- Les codes sont stables : un code n’est jamais repris pour une autre règle.
- Une condition compare des nombres et des champs, joints par `+`, `-` et `*` ; `known(CHAMP)` est vrai d’une valeur
  donnée, `not whole(CHAMP)` d’un nombre qui n’est pas entier. Rien d’autre n’est lu, et rien n’est exécuté.
- Les historiques réels de paiements sont incomplets ; les règles vraies de tout ensemble de paiements le sont aussi de
  ceux-là.
- **Majorité.** Elle est comptée en jours du calendrier. Dix-huit ans comptent quatre ou cinq jours bissextiles, donc
  6 574 ou 6 575 jours : la borne de `DAYS_BIRTH` est −6 575, le premier âge auquel tout le monde est majeur, quel que
  soit le jour de naissance. Les âges des règles, au contraire, sont comptés au plus court (14 ans : 5 110 jours), pour
  ne refuser personne à un jour près.
- **Au démarrage.** Un contrat dont une règle nomme un champ ou une catégorie qu’il n’a pas, ou dont deux règles ont le
  même code ou la même condition, n’est pas lu (`SCR202`). Un paquet dont une demande de référence enfreint une règle
  impossible, ou dont aucune ne donne les champs d’une règle en gardant les autres, ne démarre pas (`SCR208`) : des
  règles qui se contredisent ne peuvent pas avoir un tel témoin."""
