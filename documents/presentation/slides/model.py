"""The business score, the candidates, the threshold and the calibration."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.model_pages.candidates import best_of_each_family, by_imbalance
from documents.presentation.charts import COLOURS, bars, curve
from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY
from scoring.contract import Estimate
from training.candidates.families import FAMILIES
from training.candidates.labels import french_labels
from training.wording import percent, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from pptx.presentation import Presentation

    from documents.facts import Facts

# What the measure of the real sample compares, beside families under their own names.
REAL = {
    "model": "le modèle",
    "lightgbm_default_settings": "LightGBM, réglages d’usine",
    "accept_all": "tout accepter",
    "refuse_all": "tout refuser",
}


def metric(deck: Presentation, facts: Facts) -> None:
    """State the business score."""
    evidence, decision = facts.evidence, facts.contract.decision
    missed, refused = f"{evidence.false_negative_cost:g}", f"{evidence.false_positive_cost:g}"
    sheet = Sheet(
        deck,
        "Score métier : le coût moyen d’une décision, pas la justesse d’un classement",
        source="lambda/bundle/contract.json, evidence.json",
        notes=(
            f"La matrice des coûts est le cahier des charges : {missed} pour un défaut accordé, {refused} pour un bon "
            "dossier refusé, rien pour une bonne décision. Le score est leur moyenne par dossier : il se lit en unités "
            "de « bon client perdu » et ne dépend pas du nombre de dossiers. AUC, exactitude et Brier sont montrés à "
            "côté, jamais optimisés. Si les probabilités sont justes, la théorie donne le seuil : coût du faux positif "
            f"sur la somme des deux, {percent(decision.bayes_threshold, 2)}. Un seuil loin de là signalerait un défaut."
        ),
    )
    left, right = BODY.columns(1.2, 1)
    top, bottom = left.rows(1.2, 1)
    sheet.table(
        ["décision", "le client rembourse", "le client fait défaut"],
        [["accepter", "0", missed], ["refuser", refused, "0"]],
        top,
        widths=(1, 1.3, 1.3),
    )
    formula = f"({missed} × défauts accordés + {refused} × bons dossiers refusés) ÷ nombre de dossiers"
    sheet.cards([("Coût par dossier", formula)], [bottom])
    upper, lower = right.rows(1, 1)
    sheet.figure(percent(decision.bayes_threshold, 2), "seuil théorique de probabilités justes à ces coûts", upper)
    sheet.figure(percent(decision.threshold, 2), "seuil servi, trouvé sur les données", lower)


def families(deck: Presentation, facts: Facts) -> None:
    """Compare the families on cost."""
    evidence, best = facts.evidence, best_of_each_family(facts.evidence)
    ways = by_imbalance(evidence.candidates)
    rebalanced = (
        "Le rééquilibrage a été comparé par famille ; il ne gagne rien sur le coût. "
        if ways
        else "Dans cet essai, un candidat par famille ; l’essai complet ajoute poids de classe, "
        "sous-échantillonnage et SMOTE. "
    )
    sheet = Sheet(
        deck,
        f"Comparaison : {len(best)} familles, les mêmes plis, le coût pour juge",
        source="lambda/bundle/evidence.json (hors échantillon, au seuil de chacun)",
        notes=(
            f"{len(evidence.candidates)} candidats sur les mêmes {say_count(evidence.n_applications)} dossiers et les "
            "mêmes plis, chacun avec sa calibration et son seuil. La règle a été écrite avant l’essai : coût le plus "
            "bas, mais un modèle plus simple l’emporte tant que ni le coût ni la vraisemblance ne s’éloignent de plus "
            f"d’une erreur type ou d’un demi pour cent. {rebalanced}{_on_hold_out(facts)}"
        ),
    )
    left, right = BODY.columns(1.25, 1)
    labels = french_labels()
    names = [labels.get(one.family, one.family) for one in best]
    bars(
        sheet, left, names, [one.cost.value for one in best], [say_decimal(one.cost.value, 3) for one in best],
        marked=[index for index, one in enumerate(best) if one.champion],
    )  # fmt: skip
    sheet.table(
        ["famille", "écart (erreur type)", "AUC"],
        [[name, _gap(one.cost_difference), say_decimal(one.auc, 3)] for name, one in zip(names, best, strict=True)],
        right,
        widths=(1.55, 1.5, 0.75),
    )


def _gap(difference: object) -> str:
    mean, error = difference.mean, difference.standard_error  # type: ignore[attr-defined]
    return f"{say_decimal(mean, 3)} ({say_decimal(error, 3)})" if error else "retenu"


def _on_hold_out(facts: Facts) -> str:
    """Say what the hold-out says of the families, whoever is cheapest there."""
    quality = facts.contract.quality
    others = {name: one for name, one in quality.baselines.items() if name in FAMILIES}
    name, best = min(others.items(), key=lambda one: one[1].value)
    if best.value >= quality.cost.value:
        return "Sur le jeu de test, aucune autre famille ne coûte moins."
    return (
        f"À dire franchement : sur le jeu de test, {FAMILIES[name].label.fr} coûte {say_estimate(best)} contre "
        f"{say_estimate(quality.cost)} ; les intervalles se recouvrent. Le choix était arrêté avant de lire ce jeu, et "
        "on n’y revient pas : le relire pour choisir en ferait un jeu d’apprentissage."
    )


def real_data(deck: Presentation, facts: Facts) -> None:
    """Show the same comparison on real applications."""
    real = facts.measures["real_sample"]
    figures = {name: Estimate.model_validate(one["cost"]) for name, one in real["out_of_fold"].items()}
    ordered, labels = sorted(figures.items(), key=lambda one: one[1].value), french_labels() | REAL
    hold_out = real["hold_out"]
    cost, auc = (Estimate.model_validate(hold_out[name]) for name in ("cost", "auc"))
    sheet = Sheet(
        deck,
        f"Sur {say_count(real['n_applications'])} vraies demandes, contre les mêmes concurrents",
        source="reports/bench.json, real_sample (table des demandes seule, intervalles à 95 %)",
        notes=(
            "La population d’exemple prouve la chaîne, pas le modèle. La même chaîne, sur l’échantillon réel, avec la "
            "seule table des demandes : les historiques y couvrent trop peu de dossiers pour apprendre. "
            f"Jeu de test réel, lu une fois : coût {say_estimate(cost)}, AUC {say_estimate(auc)}. Aucune ligne réelle "
            "n’est dans le dépôt ni dans ce support ; ces chiffres sont des agrégats."
        ),
    )
    left, right = BODY.columns(1.5, 1)
    bars(
        sheet, left, [labels[name] for name, _ in ordered], [one.value for _, one in ordered],
        [say_decimal(one.value, 3) for _, one in ordered],
        marked=[index for index, (name, _) in enumerate(ordered) if name == "model"],
    )  # fmt: skip
    top, bottom = right.rows(1, 1)
    sheet.figure(say_decimal(cost.value, 3), f"coût, jeu de test réel [{_interval(cost)}]", top)
    sheet.figure(say_decimal(auc.value, 3), f"AUC, jeu de test réel [{_interval(auc)}]", bottom)


def _interval(estimate: Estimate) -> str:
    return f"{say_decimal(estimate.low, 3)} ; {say_decimal(estimate.high, 3)}"


def threshold(deck: Presentation, facts: Facts) -> None:
    """Draw cost against threshold."""
    decision, evidence = facts.contract.decision, facts.evidence
    low, high = (100 * one for one in decision.threshold_interval)
    points = [one for one in evidence.cost_curve if one.threshold <= 0.3]  # noqa: PLR2004  what follows is flat
    sheet = Sheet(
        deck,
        f"Seuil : {percent(decision.threshold, 2)}, et la théorie tombe "
        + ("dans l’intervalle" if decision.bayes_within_interval else "hors de l’intervalle"),
        source="lambda/bundle/contract.json, evidence.json (hors échantillon)",
        notes=(
            f"Le seuil est la médiane, sur {evidence.stability.n_resamples} rééchantillonnages, du seuil de moindre "
            "coût des prédictions hors échantillon : un minimum pris une seule fois dépendrait de quelques dossiers. "
            "Le régler et le juger sur les mêmes dossiers flatte le coût de "
            f"{say_decimal(evidence.stability.optimism)} par dossier : c’est mesuré. La courbe est plate "
            f"autour du minimum ; entre {percent(low / 100, 2)} et "
            f"{percent(high / 100, 2)} les données ne départagent pas, et ces dossiers vont à une personne."
        ),
    )

    def drawn(axes: Axes) -> None:
        at = [100 * one.threshold for one in points]
        axes.fill_between(
            at, [one.cost.low for one in points], [one.cost.high for one in points], color=COLOURS["blue"], alpha=0.2
        )
        axes.plot(at, [one.cost.value for one in points], color=COLOURS["blue"])
        axes.axvspan(low, high, color=COLOURS["grey"], alpha=0.4)
        axes.axvline(100 * decision.threshold, color=COLOURS["orange"])
        axes.axvline(100 * decision.bayes_threshold, color=COLOURS["ink"], linestyle=":")
        axes.set_xlabel("seuil de refus (probabilité de défaut, %)")
        axes.set_ylabel("coût par dossier")

    left, right = BODY.columns(1.8, 1)
    curve(sheet, left, "Coût par dossier selon le seuil", drawn, [one.model_dump(mode="json") for one in points])
    served = facts.policy("seuil_servi")
    sheet.bullets(
        [
            f"Trait orange : seuil servi, {percent(decision.threshold, 2)}.",
            f"Pointillé : théorie, {percent(decision.bayes_threshold, 2)}.",
            f"Bande grise : {percent(low / 100, 2)} à {percent(high / 100, 2)}, revue par une personne.",
            f"Refus : {percent(served.refusal_rate)} ; défauts parmi les acceptés : "
            f"{percent(served.default_rate_accepted or 0.0)}.",
            f"À 0,5, le seuil usuel, le coût est de {say_decimal(facts.policy('seuil_0.5').cost.value, 3)}.",
        ],
        right,
    )


def ratios(deck: Presentation, facts: Facts) -> None:
    """Show what the cost assumption decides."""
    shown = facts.evidence.ratios
    sheet = Sheet(
        deck,
        "L’hypothèse de coût pèse plus que le modèle",
        source="lambda/bundle/evidence.json (hors échantillon)",
        notes=(
            "Le rapport des coûts n’est pas une donnée, c’est un choix de direction. Ce tableau dit ce qu’il décide : "
            "le seuil, le taux de refus, et ce que coûterait de garder le seuil servi si le vrai rapport était autre. "
            "Le surcoût dépasse vite l’écart entre les meilleures familles de modèles. La page de démonstration rejoue "
            "ces politiques par segment ; changer le rapport est un réglage du service, journalisé et réversible."
        ),
    )
    sheet.table(
        ["un défaut coûte", "seuil choisi", "seuil théorique", "dossiers refusés", "surcoût au seuil servi"],
        [
            [
                f"{one.ratio:g}",
                percent(one.threshold, 2),
                percent(one.bayes_threshold, 2),
                percent(one.refusal_rate),
                say_decimal(one.cost_at_served_threshold - one.cost, 3),
            ]
            for one in shown
        ],
        BODY,
    )


def calibration(deck: Presentation, facts: Facts) -> None:
    """Draw predicted against observed default rates."""
    points = facts.evidence.calibration
    error = facts.contract.quality.calibration_error
    sheet = Sheet(
        deck,
        "Calibration : la probabilité annoncée est celle qui se réalise",
        source="lambda/bundle/evidence.json (hors échantillon), contract.json (jeu de test)",
        notes=(
            "La sortie s’appelle probabilité de défaut : elle doit en être une, sinon le seuil théorique, le coût "
            "attendu et la surveillance sans issues ne veulent rien dire. La calibration est linéaire dans le score "
            "(Platt) et non isotone : l’explication reste une somme exacte et il n’y a pas d’ex æquo au seuil "
            f"(décision 0004). Erreur de calibration sur le jeu de test : {say_estimate(error)}. Chaque point est un "
            "vingtième des dossiers ; la barre est l’intervalle à 95 % du taux constaté."
        ),
    )

    def drawn(axes: Axes) -> None:
        predicted = [100 * one.mean_probability for one in points]
        seen = [100 * one.default_rate.value for one in points]
        below = [100 * (one.default_rate.value - one.default_rate.low) for one in points]
        above = [100 * (one.default_rate.high - one.default_rate.value) for one in points]
        axes.plot([0, max(predicted)], [0, max(predicted)], color=COLOURS["grey"], linestyle="--")
        axes.errorbar(predicted, seen, yerr=[below, above], fmt="o", color=COLOURS["blue"], capsize=3)
        axes.set_xlabel("probabilité annoncée (%)")
        axes.set_ylabel("défauts constatés (%)")

    left, right = BODY.columns(1.6, 1)
    curve(sheet, left, "Défauts annoncés et constatés", drawn, [one.model_dump(mode="json") for one in points])
    top, bottom = right.rows(1, 1)
    sheet.figure(percent(facts.contract.quality.mean_probability.value, 2), "probabilité moyenne, jeu de test", top)
    sheet.figure(percent(facts.contract.quality.default_rate, 2), "défauts constatés, jeu de test", bottom)


SLIDES = (metric, families, real_data, threshold, ratios, calibration)
