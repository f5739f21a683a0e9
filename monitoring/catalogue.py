"""The list of checks, in the order a reader wants them: inputs first, then answers, then the long run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitoring.checks import Action, Check, Finding, Findings
from monitoring.config import NOISE_DEVIATIONS
from monitoring.figures import Figure, NotApplicable, Pair
from monitoring.performance import Performance

if TYPE_CHECKING:
    from collections.abc import Callable

    from monitoring.answer_drift import AnswerDrift
    from monitoring.drift import Drift
    from monitoring.input_drift import InputDrift

ANSWER = "probabilite_de_defaut"


def _missing(drift: Drift) -> Findings:
    """Return the change of each missing share, telling what chance explains."""
    sizes = {"n_reference": drift.reference.n_applications, "n_current": drift.current.n_applications}
    return [
        Finding(
            item.name,
            abs(item.missing_share.change),
            item.importance,
            within_noise=item.missing_share.explained_by_chance(**sizes, deviations=NOISE_DEVIATIONS),
        )
        for item in drift.inputs
    ]


def _refusals(answers: AnswerDrift) -> Finding:
    before, after = answers.reference, answers.current
    rates = Pair(before.refusal_rate.value, after.refusal_rate.value)
    explained = rates.explained_by_chance(
        n_reference=before.n_applications, n_current=after.n_applications, deviations=NOISE_DEVIATIONS
    )
    return Finding("", abs(answers.refusal_rate_change), within_noise=explained)


def _by_input(measure: Callable[[InputDrift], Figure]) -> Callable[[Drift], Findings]:
    """Return a judge of one figure of every input, leaving out the inputs it does not apply to."""

    def findings(drift: Drift) -> Findings:
        figures = [(item, measure(item)) for item in drift.inputs]
        found = [
            Finding(item.name, figure, item.importance)
            for item, figure in figures
            if not isinstance(figure, NotApplicable)
        ]
        return found or NotApplicable("la mesure ne s’applique à aucune variable")

    return findings


def _of_answers(measure: Callable[[AnswerDrift], Figure | Finding]) -> Callable[[Drift], Findings]:
    """Return a judge of one figure of the answers."""

    def findings(drift: Drift) -> Findings:
        if isinstance(drift.answers, NotApplicable):
            return drift.answers
        figure = measure(drift.answers)
        if isinstance(figure, NotApplicable):
            return figure
        return [figure if isinstance(figure, Finding) else Finding("", figure)]

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


def _calibration(answers: AnswerDrift) -> Figure | Finding:
    if isinstance(answers.calibration_gap, NotApplicable) or not isinstance(answers.realised, Performance):
        return answers.calibration_gap
    default_rate = answers.realised.default_rate
    explained = default_rate.low <= answers.current.mean_probability.value <= default_rate.high
    return Finding("", answers.calibration_gap, within_noise=explained)


def _since_modelling(drift: Drift) -> Findings:
    inputs = [Finding(item.name, item.psi_since_modelling, item.importance) for item in drift.inputs]
    if isinstance(drift.answers, NotApplicable):
        return inputs
    return [*inputs, Finding(ANSWER, drift.answers.psi_since_modelling)]


CHECKS = (
    Check(
        "MON001",
        "Répartition d’une variable (PSI)",
        Action.INVESTIGATE_POPULATION,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_by_input(lambda item: item.psi),
    ),
    Check(
        "MON002",
        "Répartition des variables, pondérée par leur importance",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.psi,
        findings=lambda drift: [Finding("", drift.weighted_psi)],
    ),
    Check(
        "MON003",
        "Distance entre les valeurs d’une variable",
        Action.INVESTIGATE_POPULATION,
        as_share=False,
        bands=lambda config: config.distance,
        findings=_by_input(lambda item: item.distance),
    ),
    Check(
        "MON004",
        "Valeurs manquantes",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.missing_share_change,
        findings=_missing,
    ),
    Check(
        "MON005",
        "Valeurs hors de la plage usuelle",
        Action.INVESTIGATE_FEED,
        as_share=True,
        bands=lambda config: config.unusual_share_rise,
        findings=_by_input(_unusual_rise),
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
        findings=_of_answers(lambda answers: answers.psi),
    ),
    Check(
        "MON009",
        "Taux de refus",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.refusal_rate_change,
        findings=_of_answers(_refusals),
    ),
    Check(
        "MON010",
        "Coût attendu par demande",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.cost_rise,
        findings=_of_answers(lambda answers: answers.cost_rise),
    ),
    Check(
        "MON011",
        "AUC attendue",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.auc_fall,
        findings=_of_answers(lambda answers: answers.auc_fall),
    ),
    Check(
        "MON012",
        "Calibration sur les issues connues",
        Action.RECALIBRATE,
        as_share=True,
        bands=lambda config: config.calibration_gap,
        findings=_of_answers(_calibration),
    ),
    Check(
        "MON013",
        "Écart depuis la modélisation (PSI)",
        Action.RETRAIN,
        as_share=False,
        bands=lambda config: config.psi,
        findings=_since_modelling,
    ),
)
