"""What is asked, of whom, and what was built."""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.presentation import style
from documents.presentation.sheet import Sheet
from documents.presentation.style import BODY, Box
from scoring import __version__
from training.wording import percent, say_count, say_decimal, say_estimate

if TYPE_CHECKING:
    from pptx.presentation import Presentation

    from documents.facts import Facts


def title(deck: Presentation, facts: Facts) -> None:
    """Name the system, and say on what its figures rest."""
    identity = facts.contract.identity
    population = "population d’exemple synthétique" if facts.record.synthetic else "données du prêteur"
    sheet = Sheet(
        deck,
        "Prêt à dépenser : un score de crédit, de la donnée à la décision expliquée",
        source=f"version {__version__}, modèle {identity.model_name}:{identity.registry_version}, "
        f"code {identity.git_commit[:12]}",
        notes=(
            "Bonjour. Ce support est écrit par un programme à partir de la version en service : chaque nombre vient du "
            "contrat du modèle, de ses pièces justificatives, du rapport de mesures ou du gabarit de déploiement. "
            f"La version montrée est apprise sur la {population}. Elle montre le système et la méthode ; elle ne vaut "
            "pas avis sur de vrais crédits. Les chiffres sur l’échantillon réel sont signalés comme tels."
        ),
    )
    sheet.text(
        [
            "Probabilité de défaut, décision au seuil de moindre coût, raisons exactes.",
            "Modèle choisi sur le coût métier, scellé, servi par une fonction AWS Lambda, surveillé.",
        ],
        Box(style.MARGIN, 2.0, 11.5, 1.6),
    )
    left, middle, right = Box(style.MARGIN, 4.1, 12.1, 1.9).columns(1, 1, 1)
    quality, parity = facts.contract.quality, facts.contract.parity
    sheet.figure(say_decimal(quality.cost.value, 3), "coût par dossier, jeu de test", left)
    sheet.figure(say_decimal(quality.auc.value, 3), "AUC, jeu de test", middle)
    sheet.figure(str(parity.changed_decisions), f"décision changée sur {say_count(parity.n_applications)}", right)


def context(deck: Presentation, facts: Facts) -> None:
    """Tell the job and its stakes."""
    decision, evidence = facts.contract.decision, facts.evidence
    default_cost, good_cost = f"{decision.false_negative_cost:g}", f"{decision.false_positive_cost:g}"
    sheet = Sheet(
        deck,
        "Contexte : prêter à des personnes dont l’historique bancaire est mince",
        source="lambda/bundle/contract.json, evidence.json",
        notes=(
            "Le métier : un crédit à la consommation demandé par une personne que les fichiers connaissent peu. "
            f"Un défaut accordé coûte {default_cost}, un bon client refusé {good_cost} : c’est une hypothèse du "
            "commanditaire, reprise comme paramètre, et sa sensibilité est mesurée plus loin. "
            "Accorder à tous ou refuser à tous sont les deux politiques sans modèle : elles donnent l’échelle. "
            "Le rejet automatique touche une personne : d’où l’explication et la revue humaine dès la conception."
        ),
    )
    left, right = BODY.columns(1.15, 1)
    sheet.bullets(
        [
            "Une demande arrive ; il faut répondre tout de suite : accepter ou refuser, et dire pourquoi.",
            f"{percent(evidence.default_rate)} des dossiers tombent en défaut : l’événement est rare.",
            f"Les deux erreurs ne se valent pas : un défaut accordé coûte {default_cost}, un bon dossier refusé "
            f"{good_cost}.",
            "Le chargé de clientèle doit pouvoir expliquer, et le demandeur faire revoir la décision.",
            "La décision servie doit être exactement celle qui a été validée.",
        ],
        left,
    )
    top, bottom = right.rows(1, 1)
    sheet.figure(say_decimal(facts.policy("accepter_tout").cost.value, 3), "coût par dossier : tout accepter", top)
    sheet.figure(say_decimal(facts.policy("refuser_tout").cost.value, 3), "coût par dossier : tout refuser", bottom)


def answer(deck: Presentation, facts: Facts) -> None:
    """Show what was built, room by room."""
    contract = facts.contract
    sheet = Sheet(
        deck,
        "La réponse : une chaîne complète, dont un contrat unique relie les pièces",
        source="docs/architecture.md, lambda/bundle/contract.json",
        notes=(
            "Chaque pièce a une seule tâche et des règles d’import vérifiées par les tests. L’apprentissage est seul à "
            "écrire le paquet ; la fonction, la surveillance et la page le lisent. Il n’existe aucune seconde liste de "
            "variables, de seuil ou de coût : c’est le contrat qui les porte. L’empreinte de chaque fichier est "
            "vérifiée au démarrage : un paquet altéré ne démarre pas."
        ),
    )
    top, bottom = BODY.rows(1.35, 1)
    steps = [
        ("Tables", "sept tables, types déclarés, contrôles à l’entrée"),
        ("Variables", "SQL, exécuté par DuckDB ou Spark"),
        ("Modèle", "choix sur le coût, calibration, seuil, registre MLflow"),
        ("Paquet scellé", "graphe ONNX, contrat, tables d’explication"),
        ("Service", "FastAPI sur AWS Lambda, derrière API Gateway"),
    ]
    sheet.chain(steps, top)
    places = bottom.columns(1, 1, 1)
    sheet.figure(str(len(contract.inputs)), "entrées d’une demande", places[0])
    sheet.figure(str(len(contract.features)), "variables du modèle, calculées dans le graphe", places[1])
    sheet.figure(
        f"{say_decimal(facts.measures['request']['handler_ms']['p50'], 1)} ms",
        "temps médian d’une réponse, mesuré dans le processus",
        places[2],
    )


def results(deck: Presentation, facts: Facts) -> None:
    """Say the result first."""
    quality, policies = facts.contract.quality, facts.contract.quality.baselines
    saved = 1 - quality.cost.value / policies["accepter_tout"].value
    sheet = Sheet(
        deck,
        f"En bref : {percent(saved, 0)} du coût épargné face à « tout accepter »",
        source="lambda/bundle/contract.json (jeu de test, intervalles à 95 %)",
        notes=(
            f"Sur {say_count(quality.n_applications)} dossiers jamais appris, lus une seule fois : coût "
            f"{say_estimate(quality.cost)}, AUC {say_estimate(quality.auc)}. Les intervalles viennent d’un "
            "rééchantillonnage. La probabilité moyenne annoncée et le taux de défaut coïncident : le modèle est "
            "calibré. L’exactitude est donnée parce qu’on la demande ; elle n’a servi à aucun choix, car refuser "
            "utilement des défauts rares la fait baisser."
        ),
    )
    sheet.table(
        ["jeu de test", "valeur", "intervalle à 95 %"],
        [
            _row("coût par dossier, modèle servi", quality.cost),
            _row("coût par dossier, tout accepter", policies["accepter_tout"]),
            _row("coût par dossier, tout refuser", policies["refuser_tout"]),
            _row("AUC", quality.auc),
            _row("exactitude", quality.accuracy),
            _row("score de Brier", quality.brier),
            _row("erreur de calibration", quality.calibration_error),
            ["taux de défaut", percent(quality.default_rate), ""],
            _row("probabilité moyenne annoncée", quality.mean_probability),
            ["dossiers refusés", percent(quality.refusal_rate), ""],
        ],
        BODY,
        widths=(2, 1, 1.4),
    )


def _row(name: str, estimate: object) -> list[str]:
    value, _, interval = say_estimate(estimate).partition(" ")  # type: ignore[arg-type]
    return [name, value, interval]


SLIDES = (title, context, answer, results)
