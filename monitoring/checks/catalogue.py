"""The list of checks, in the order a reader wants them: inputs first, then answers, then the long run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics.values import Figure, NotApplicable
from monitoring.checks.checks import Action, Check, Finding, Findings

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.drift.answers import AnswerDrift
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.measure import Drift
    from monitoring.windows.service_log import ServiceFigures

ANSWER = "probabilite_de_defaut"


def _by_input(
    measure: Callable[[InputDrift], Figure], chance: Callable[[InputDrift], float | None] = lambda _: None
) -> Callable[[Drift], Findings]:
    """Return a judge of one figure of every input, leaving out the inputs it does not apply to.

    Without `chance` the figure is a fact, not a sample.
    """

    def findings(drift: Drift) -> Findings:
        figures = [(item, measure(item)) for item in drift.inputs]
        found = [
            Finding(item.name, figure, item.importance, chance(item))
            for item, figure in figures
            if not isinstance(figure, NotApplicable)
        ]
        return found or NotApplicable("la mesure ne s’applique à aucune variable")

    return findings


def _of_answers(
    measure: Callable[[AnswerDrift], Figure], chance: Callable[[AnswerDrift], float | None]
) -> Callable[[Drift], Findings]:
    """Return a judge of one figure of the answers."""

    def findings(drift: Drift) -> Findings:
        if isinstance(drift.answers, NotApplicable):
            return drift.answers
        figure = measure(drift.answers)
        if isinstance(figure, NotApplicable):
            return figure
        return [Finding("", figure, p_value=chance(drift.answers))]

    return findings


def _weighted(drift: Drift) -> Findings:
    """Return the weighted PSI; it has moved when one of its inputs has (Bonferroni)."""
    smallest = min(item.chances.psi for item in drift.inputs)
    return [Finding("", drift.weighted_psi, p_value=min(1.0, smallest * len(drift.inputs)))]


def _separation(drift: Drift) -> Findings:
    """Return how well the windows are told apart; it weighs what the inputs weigh that give it away."""
    found = drift.separation
    if isinstance(found, NotApplicable):
        return found
    importance = {item.name: item.importance for item in drift.inputs}
    weight = sum(importance[item.name] for item in found.give_aways)
    return [Finding("", found.auc, weight, found.p_value)]


def _of_service(measure: Callable[[ServiceFigures], Figure]) -> Callable[[Drift], Findings]:
    """Return a judge of one figure of the service."""

    def findings(drift: Drift) -> Findings:
        if isinstance(drift.service, NotApplicable):
            return drift.service
        figure = measure(drift.service)
        return figure if isinstance(figure, NotApplicable) else [Finding("", figure)]

    return findings


def _unusual_rise(item: InputDrift) -> Figure:
    if item.kind == "category":
        return NotApplicable("une modalité n’a pas de plage usuelle")
    return item.unusual_share.change


def _impossible_number(item: InputDrift) -> Figure:
    if item.kind == "category":
        return NotApplicable("une modalité n’a pas de bornes")
    return item.impossible_share.current


def _unknown_category(item: InputDrift) -> Figure:
    if item.kind != "category":
        return NotApplicable("un nombre n’a pas de modalités")
    return item.impossible_share.current


def _since_modelling(drift: Drift) -> Findings:
    inputs = [
        Finding(item.name, item.psi_since_modelling, item.importance, item.chances.psi_since_modelling)
        for item in drift.inputs
    ]
    if isinstance(drift.answers, NotApplicable):
        return inputs
    answers = drift.answers
    return [*inputs, Finding(ANSWER, answers.psi_since_modelling, p_value=answers.chances.psi_since_modelling)]


CHECKS = (
    Check(
        "MON001",
        "Répartition d’une variable (PSI)",
        Action.INVESTIGATE_POPULATION,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_by_input(lambda item: item.psi, lambda item: item.chances.psi),
    ),
    Check(
        "MON002",
        "Répartition des variables, pondérée par leur importance",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_weighted,
    ),
    Check(
        "MON003",
        "Distance entre les valeurs d’une variable",
        Action.INVESTIGATE_POPULATION,
        as_share=False,
        bands=lambda config: config.distance,
        findings=_by_input(lambda item: item.distance, lambda item: item.chances.distance),
    ),
    Check(
        "MON004",
        "Valeurs manquantes",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.missing_share_change,
        findings=_by_input(lambda item: abs(item.missing_share.change), lambda item: item.chances.missing_share),
    ),
    Check(
        "MON005",
        "Valeurs hors de la plage usuelle",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.unusual_share_rise,
        findings=_by_input(_unusual_rise, lambda item: item.chances.unusual_share),
    ),
    Check(
        "MON006",
        "Valeurs hors des bornes du contrat",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.impossible_share,
        findings=_by_input(_impossible_number),
    ),
    Check(
        "MON007",
        "Modalités inconnues du contrat",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.impossible_share,
        findings=_by_input(_unknown_category),
    ),
    Check(
        "MON008",
        "Répartition de la probabilité de défaut (PSI)",
        Action.RECALIBRATE,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_of_answers(lambda answers: answers.psi, lambda answers: answers.chances.psi),
    ),
    Check(
        "MON009",
        "Taux de refus",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.refusal_rate_change,
        findings=_of_answers(
            lambda answers: abs(answers.refusal_rate_change), lambda answers: answers.chances.refusal_rate
        ),
    ),
    Check(
        "MON010",
        "Coût attendu par demande",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.cost_rise,
        findings=_of_answers(lambda answers: answers.cost_rise, lambda answers: answers.chances.cost),
    ),
    Check(
        "MON011",
        "AUC attendue",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.auc_fall,
        findings=_of_answers(lambda answers: answers.auc_fall, lambda answers: answers.chances.auc),
    ),
    Check(
        "MON012",
        "Calibration sur les issues connues",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.calibration_gap,
        findings=_of_answers(lambda answers: answers.calibration_gap, lambda answers: answers.chances.calibration),
    ),
    Check(
        "MON013",
        "Écart depuis la modélisation (PSI)",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_since_modelling,
    ),
    Check(
        "MON014",
        "Séparation des deux fenêtres par toutes les variables ensemble (AUC)",
        Action.INVESTIGATE_POPULATION,
        as_share=False,
        bands=lambda config: config.separation,
        findings=_separation,
    ),
    Check(
        "MON015",
        "Requêtes en échec du service",
        Action.ROLL_BACK,
        as_share=True,
        bands=lambda config: config.error_share,
        findings=_of_service(lambda service: service.error_share),
    ),
    Check(
        "MON016",
        "Temps de réponse du service, 99ᵉ centile (ms)",
        Action.ROLL_BACK,
        as_share=False,
        bands=lambda config: config.latency_ms,
        findings=_of_service(lambda service: service.latency_p99_ms),
    ),
)
