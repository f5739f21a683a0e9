"""The tables, what is made of them, and what rare defaults change."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from documents.presentation.charts import COLOURS, bars, curve
from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY
from training.schema import load_derived, load_inputs
from training.wording import percent, say_count, say_decimal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pptx.presentation import Presentation

    from documents.facts import Facts


def tables(deck: Presentation, facts: Facts) -> None:
    """Show where the inputs of the served model come from."""
    contract, evidence = facts.contract, facts.evidence
    by_table = Counter(one.table for one in contract.inputs).most_common()
    sheet = Sheet(
        deck,
        f"Données : {len(by_table)} tables entrent dans le modèle servi",
        source="lambda/bundle/contract.json, evidence.json",
        notes=(
            "Le schéma est celui de Home Credit : la demande et six historiques (bureau de crédit, demandes "
            "précédentes, paiements). Les types sont déclarés, jamais devinés ; une colonne absente, une clé en "
            "double, une valeur hors vocabulaire arrêtent la chaîne en nommant table, colonne et exemple. "
            "La valeur sentinelle 365243 devient manquante avant tout calcul. Aucune ligne réelle n’est dans le "
            "dépôt : une population synthétique, ajustée à la forme des vraies tables, permet à chacun de tout "
            "rejouer. Développement et jeu de test sont séparés, stratifiés, avant tout apprentissage."
        ),
    )
    left, right = BODY.columns(1, 1)
    quality = facts.contract.quality
    sheet.bullets(
        [
            f"{say_count(evidence.n_applications)} dossiers de développement, "
            f"{say_count(quality.n_applications)} de test, lus une fois.",
            f"Taux de défaut : {percent(evidence.default_rate)} en développement, "
            f"{percent(quality.default_rate)} en test.",
            f"{len(contract.inputs)} entrées retenues, dont "
            f"{sum(one.required for one in contract.inputs)} obligatoires : le reste peut être inconnu.",
            "Sexe et situation familiale ne sont jamais des entrées.",
            f"Mesures répétées sur {say_count(facts.measures['real_sample']['n_applications'])} vraies demandes, "
            "table des demandes seule.",
        ],
        left,
    )
    names, counts = zip(*by_table, strict=True)
    bars(sheet, right, names, counts, [f"{count} entrées" for count in counts])


def preparation(deck: Presentation, facts: Facts) -> None:
    """Say how features are made, and where."""
    inputs, derived = load_inputs(), load_derived()
    history = [one for one in inputs if one.table != "application"]
    sheet = Sheet(
        deck,
        "Préparation : du SQL pour l’historique, des formules dans le graphe pour le reste",
        source="training/schema, lambda/bundle/contract.json, docs/features.md",
        notes=(
            "Deux lieux, et deux seulement. Les agrégats d’historique sont du SQL, un fichier par table, exécuté par "
            "DuckDB en mémoire bornée, et par Spark pour un prêteur plus grand. Les rapports et moyennes d’une même "
            "ligne sont dans le graphe exporté : la demande porte des valeurs brutes, donc personne ne peut les "
            "calculer autrement en production. Chaque agrégat est recalculé en pandas par les tests. Les sommes sont "
            "exactes : mêmes données, même graine, même fichier, à l’octet près (décision 0011)."
        ),
    )
    top, bottom = BODY.rows(1, 1.25)
    places = top.columns(1, 1, 1)
    sheet.figure(str(len(history)), "agrégats des historiques au dictionnaire", places[0])
    sheet.figure(str(len(derived)), "formules sur une ligne au dictionnaire", places[1])
    sheet.figure(
        f"{len(facts.contract.inputs)} → {len(facts.contract.features)}",
        "entrées retenues → variables du modèle servi",
        places[2],
    )
    before = (
        "Derniers 1, 3 et 5 crédits ; fenêtres de 3 à 24 mois ; retards, avances, refus passés, dettes en cours. "
        "Jointures « un pour un », comptées. Un historique trop peu couvert est signalé et laissé de côté."
    )
    inside = (
        "Rapports crédit / échéance, moyennes et produits des scores externes, ancienneté rapportée à l’âge. "
        "Catégories dans l’ordre du contrat ; inconnu = manquant ; double précision de bout en bout."
    )
    sheet.cards([("Avant le modèle (SQL)", before), ("Dans le graphe (ONNX)", inside)], bottom.columns(1, 1))


def selection(deck: Presentation, facts: Facts) -> None:
    """Show how many inputs are enough, on real applications."""
    points = sorted(facts.measures["real_sample"]["input_curve"], key=lambda one: int(one["n_inputs"]))
    counts, costs = [one["n_inputs"] for one in points], [one["cost"] for one in points]
    errors = [one["cost_standard_error"] for one in points]
    chosen = len(facts.measures["real_sample"]["inputs"])
    chosen_cost = next(one["cost"] for one in points if one["n_inputs"] == chosen)
    sheet = Sheet(
        deck,
        f"Sobriété : {chosen} entrées suffisent sur les vraies demandes, pas {max(counts)}",
        source="reports/bench.json, real_sample (échantillon réel, table des demandes)",
        notes=(
            "La règle : le plus petit nombre d’entrées dont le coût et la vraisemblance restent à une erreur type du "
            "meilleur, ou à un demi pour cent. Le coût seul laissait descendre trop bas et perdait de l’AUC, d’où les "
            "deux critères (décision 0003). Moins d’entrées, c’est moins de pièces demandées, moins de pannes, une "
            "explication plus courte, et la minimisation que demande le RGPD."
        ),
    )

    def drawn(axes: Axes) -> None:
        axes.errorbar(counts, costs, yerr=errors, color=COLOURS["blue"], marker="o", capsize=4)
        axes.plot(
            [chosen], [chosen_cost], marker="o", markersize=16, color=COLOURS["orange"], linestyle="none",
            label=f"{chosen} entrées, retenues",
        )  # fmt: skip
        axes.legend(loc="upper left", frameon=False)
        axes.set_xlabel("nombre d’entrées demandées")
        axes.set_ylabel("coût par dossier (± erreur type)")

    left, right = BODY.columns(1.7, 1)
    curve(sheet, left, "Coût par dossier selon le nombre d’entrées", drawn, points)
    best = min(costs)
    sheet.bullets(
        [
            f"Meilleur coût : {say_decimal(best)} ; avec {chosen} entrées : {say_decimal(chosen_cost)}.",
            "L’écart est dans le bruit (erreur type dessinée).",
            "Deux critères : coût et vraisemblance.",
            "Sur la population d’exemple, sept tables : "
            f"{len(facts.contract.inputs)} entrées retenues par la même règle.",
        ],
        right,
    )


def imbalance(deck: Presentation, facts: Facts) -> None:
    """Show why accuracy does not choose, and where rare defaults are dealt with."""
    dummy = next(one for one in facts.evidence.candidates if one.family == "dummy")
    champion = facts.champion
    half = facts.policy("seuil_0.5")
    sheet = Sheet(
        deck,
        f"Déséquilibre : {percent(dummy.accuracy)} d’exactitude en ne refusant jamais, au coût le plus élevé",
        source="lambda/bundle/evidence.json (hors échantillon, développement)",
        notes=(
            f"Avec {percent(facts.evidence.default_rate)} de défauts, ne rien refuser donne {percent(dummy.accuracy)} "
            "d’exactitude : c’est le modèle « dummy ». L’exactitude le préfère donc au modèle servi, alors qu’il coûte "
            "le plus cher. Le déséquilibre se traite au seuil, par le coût. Poids de classe, sous-échantillonnage et "
            "SMOTE sont des candidats parmi d’autres dans l’essai complet, dans les plis, chacun recalibré : après un "
            "rééchantillonnage, une probabilité brute n’en est plus une."
        ),
    )
    left, right = BODY.columns(1, 1)
    sheet.text(["Exactitude"], left.rows(1, 9)[0], bold=True)
    bars(
        sheet, left.rows(1, 9)[1], ["ne jamais refuser", "seuil 0,5", "modèle servi"],
        [dummy.accuracy, 1 - _wrong_share(facts, half.threshold), champion.accuracy],
        [percent(dummy.accuracy), percent(1 - _wrong_share(facts, half.threshold)), percent(champion.accuracy)],
        marked=(2,),
    )  # fmt: skip
    sheet.text(["Coût par dossier"], right.rows(1, 9)[0], bold=True)
    costs = [dummy.cost.value, half.cost.value, champion.cost.value]
    bars(
        sheet, right.rows(1, 9)[1], ["ne jamais refuser", "seuil 0,5", "modèle servi"], costs,
        [say_decimal(one, 3) for one in costs], marked=(2,),
    )  # fmt: skip


def _wrong_share(facts: Facts, threshold: float) -> float:
    """Return the share of wrong decisions at a named threshold, from the rates of its policy."""
    policy = next(one for one in facts.evidence.policies if one.threshold == threshold)
    accepted = 1 - policy.refusal_rate
    refused_good = policy.refusal_rate * (1 - (policy.default_rate_refused or 0.0))
    return accepted * (policy.default_rate_accepted or 0.0) + refused_good


SLIDES = (tables, preparation, selection, imbalance)
