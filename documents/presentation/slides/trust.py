"""Explanation, fairness, and the proof that what is served is what was validated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.presentation import pictures
from documents.presentation.charts import bars
from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY
from training.fairness.distances import ATTRIBUTE_LIMITS
from training.wording import percent, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from documents.facts import Facts

SHOWN = 8
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def explanation(deck: Presentation, facts: Facts) -> None:
    """Show what weighs in general."""
    found = facts.record.explanations
    strongest = found.strongest[:SHOWN]
    sheet = Sheet(
        deck,
        f"Explication globale : « {strongest[0][0]} » pèse le plus",
        source="docs/version.json (contributions exactes, jeu de test)",
        notes=(
            "Les contributions sont des TreeSHAP exacts en log-odds, lus dans des tables scellées avec le modèle : "
            "mêmes valeurs que LightGBM, sans la bibliothèque shap en production. Contre-épreuve par perte : ce que "
            "coûterait, par dossier, de perdre une entrée. Second avis par LIME : corrélation des rangs "
            f"{say_decimal(found.agreement, 2)} (médiane) sur {found.n_cases} dossiers, R² local "
            f"{say_decimal(found.lime_fit, 2)} : LIME approche un escalier par un plan, et s’y trompe parfois "
            "de signe ; c’est pourquoi il n’est pas ce qu’on montre au client."
        ),
    )
    left, right = BODY.columns(1.75, 1)
    bars(
        sheet, left, [label.partition(" (")[0] for label, _ in strongest], [share for _, share in strongest],
        [percent(share) for _, share in strongest],
    )  # fmt: skip
    sheet.bullets(
        [
            f"Part des contributions, sur {say_count(found.n_explained)} dossiers.",
            "Perdre une entrée coûterait, par dossier : "
            + ", ".join(f"{say_decimal(one.value.value, 3)} ({one.label})" for one in found.costliest[:2])
            + ".",
            "Aucune variable ne décide seule.",
            "Chaque variable a un libellé et deux phrases (augmente, diminue le risque) au contrat.",
        ],
        right,
    )


def local_explanation(deck: Presentation, facts: Facts) -> None:
    """Show a refusal and its reasons."""
    sheet = Sheet(
        deck,
        "Explication locale : chaque réponse porte ses raisons, en français",
        source="la page (make pictures), docs/api.md",
        notes=(
            "Un refus fictif, tel que la page le montre : probabilité contre seuil, bande de revue, raisons "
            "principales en phrases, puis en cascade. Les raisons sont celles qui ont réellement compté, dans l’ordre, "
            "et leur somme est la marge du modèle : rien n’est reconstruit après coup. Sous un plancher de couverture, "
            "l’API refuse de répondre au lieu de deviner. Les leviers disent ce qui changerait la réponse, sur ce que "
            f"le demandeur maîtrise : {', '.join(one.label.fr.lower() for one in facts.contract.levers)}. C’est ce que "
            "la Cour de justice attend d’une explication (C-203/22) : montrer comment un changement changerait le "
            "résultat, non remettre l’algorithme."
        ),
    )
    top, bottom = BODY.rows(3.85, 1.25, gap=0.1)
    for place, name in zip(top.columns(1, 1, gap=0.15), (pictures.DECISION, pictures.REASONS), strict=True):
        pictures.show(sheet, name, place)
    review = facts.contract.review.shares
    sheet.bullets(
        [
            f"Revue humaine pour {percent(review['ensemble'])} des dossiers : proche du seuil, incomplet, inhabituel.",
            f"{len(facts.contract.levers)} leviers : ce qui, changé, ferait accepter la demande.",
            f"Sous {percent(facts.contract.coverage.floor, 0)} d’information utile, pas de réponse (422).",
        ],
        bottom,
    )


def scientific(number: float) -> str:
    """Return a very small number as it is read.

    >>> scientific(2e-16), scientific(0.0)
    ('2 × 10⁻¹⁶', '0')
    """
    if not number:
        return "0"
    digits, _, power = f"{number:.0e}".partition("e")
    return f"{digits} × 10{str(int(power)).translate(SUPERSCRIPTS)}"


def fairness(deck: Presentation, facts: Facts) -> None:
    """Show the distances between groups that can be compared, beside their limits."""
    rows, watched = [], []
    for one in facts.fairness.attributes:
        limits = ATTRIBUTE_LIMITS.of(one)
        if one.acceptance_ratio is None or one.false_refusal_difference is None:
            continue
        rows += [
            [f"{one.label} : rapport des acceptations", say_estimate(one.acceptance_ratio, 2),
             f"au moins {say_decimal(limits.acceptance_ratio, 2)}"],
            [f"{one.label} : écart des refus à tort", say_estimate(one.false_refusal_difference, 2),
             f"au plus {say_decimal(limits.false_refusal_difference, 2)}"],
        ]  # fmt: skip
        if one.acceptance_ratio.value < limits.acceptance_ratio:
            watched.append(one.label)
    cost = facts.fairness.protected_cost
    sheet = Sheet(
        deck,
        "Équité : des écarts mesurés, avec des limites écrites avant",
        source=f"lambda/bundle/evidence.json (jeu de test, {say_count(facts.fairness.n_applications)} dossiers)",
        notes=(
            "Sexe et situation familiale ne sont pas des entrées. Cela ne suffit pas : on mesure donc ce qui sort. "
            "La mise en service est refusée quand tout l’intervalle d’un écart est hors limite ; un point hors limite "
            f"dont l’intervalle la touche est à surveiller{_named(watched)}. L’âge a des limites plus larges parce "
            "qu’il est une entrée économique et que les taux de défaut varient vraiment avec lui ; un prêteur dont la "
            "loi l’exclut le déclare protégé. Les entrées permettent encore de deviner le sexe : "
            + " ; ".join(
                f"{one.label} AUC {say_decimal(one.auc_of_inputs, 2)} depuis les entrées, "
                f"{say_decimal(one.auc_of_answer, 2)} depuis la réponse"
                for one in facts.fairness.revealed
            )
            + ". Règle des quatre cinquièmes reprise par analogie (décision 0040)."
        ),
    )
    top, bottom = BODY.rows(3, 1.25)
    sheet.table(["écart entre groupes", "mesuré [95 %]", "limite"], rows, top, widths=(2, 1.3, 1))
    cards = [("À surveiller", _watch(watched))]
    if cost is not None:
        without = f"change le coût de {say_estimate(cost.cost_difference, 3)} par dossier."
        cards.insert(0, ("Se priver des attributs protégés", without))
    sheet.cards(cards, bottom.columns(*[1] * len(cards)))


def _named(watched: list[str]) -> str:
    return f" : c’est le cas ici pour « {' », « '.join(watched)} »" if watched else ""


def _watch(watched: list[str]) -> str:
    if not watched:
        return "Aucun point hors limite dans cette version."
    return f"Rapport des acceptations sous sa limite, écart non établi : {', '.join(watched)}."


def parity(deck: Presentation, facts: Facts) -> None:
    """Prove that production equals the validated model."""
    found, precision = facts.contract.parity, facts.measures["precision"]
    sheet = Sheet(
        deck,
        f"Ce qui est servi est ce qui a été validé : {found.changed_decisions} décision changée",
        source="lambda/bundle/contract.json, reports/bench.json (precision)",
        notes=(
            "C’est la règle qui gouverne le projet. L’export habituel écrit les seuils d’arbre en simple précision : "
            "une valeur de bord sur dix environ change alors de feuille, et d’autres projets ont vu des décisions "
            "basculer. Ici le graphe calcule en double précision et chaque famille passe par une forme neutre exacte "
            "(décisions 0002 et 0014). Le contrôle compare le graphe et le modèle appris sur toutes les lignes de tous "
            "les jeux à portée, vraies demandes comprises, et refuse le paquet à la première décision changée ; c’est "
            "le seul contrôle que personne ne peut outrepasser."
        ),
    )
    top, bottom = BODY.rows(1, 1.5)
    places = top.columns(1, 1, 1)
    sheet.figure(say_count(found.n_applications), "dossiers comparés", places[0])
    sheet.figure(scientific(found.worst_probability_difference), "pire écart de probabilité", places[1])
    sheet.figure(str(found.changed_decisions), "décision changée", places[2])
    rows = [
        [
            {"double": "double précision (servie)"}.get(name, "simple précision, arrondie vers le bas"),
            scientific(one["largest_margin_difference"]),
            percent(one["identical_share"], 0),
            f"{one['single_row_us']:.0f} µs",
        ]
        for name, one in precision.items()
    ]
    sheet.table(
        ["arbres exportés en", "pire écart de marge", "marges identiques", "une ligne"], rows, bottom,
        widths=(2, 1, 1, 0.8),
    )  # fmt: skip


SLIDES = (explanation, local_explanation, fairness, parity)
