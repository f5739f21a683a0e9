"""The list of checks, in the order a reader wants them: inputs first, then predictions, then the long run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from metrics.distances import PSI_WATCH
from metrics.values import Measured, NotApplicable, Pair
from monitoring.checks.checks import Action, Check, Finding, Findings
from monitoring.config import Level
from monitoring.windows.columns import PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from monitoring.checks.checks import CheckResult
    from monitoring.drift.inputs import InputDrift
    from monitoring.drift.judgement import Judgement
    from monitoring.drift.measure import Drift
    from monitoring.drift.partners import DeclarationMove, PartnerDeclarations
    from monitoring.drift.predictions import PredictionDrift
    from monitoring.windows.service_log import ServiceHealth

# A row of gaps that chance would leave less often than this, over all inputs, is a feed that has stopped.
RARE = 0.01
OF_PSI = "MON001"

type Judge = Callable[[Drift], Findings]


def _by_input(
    measure: Callable[[InputDrift], Measured],
    chance: Callable[[InputDrift], float | None] = lambda _: None,
    good_news: Callable[[InputDrift], bool] = lambda _: False,
) -> Judge:
    """Return a judge of one value of every input, leaving out the inputs it does not apply to.

    Without `chance` the value is a fact, not a sample.
    """

    def findings(drift: Drift) -> Findings:
        found = [
            Finding(item.name, value, item.importance, chance(item), good_news(item))
            for item in drift.inputs
            if not isinstance(value := measure(item), NotApplicable)
        ]
        return found or NotApplicable("la mesure ne s’applique à aucune variable")

    return findings


def _of_predictions(
    measure: Callable[[PredictionDrift], Measured], chance: Callable[[PredictionDrift], float | None]
) -> Judge:
    """Return a judge of one value of the predictions."""

    def findings(drift: Drift) -> Findings:
        if isinstance(drift.predictions, NotApplicable):
            return drift.predictions
        return _one(measure(drift.predictions), chance(drift.predictions))

    return findings


def _of_outcomes(measure: Callable[[Judgement], Measured], chance: Callable[[Judgement], float | None]) -> Judge:
    """Return a judge of one value of what has become of the applications."""

    def findings(drift: Drift) -> Findings:
        if isinstance(drift.predictions, NotApplicable):
            return drift.predictions
        found = drift.predictions.judgement
        return found if isinstance(found, NotApplicable) else _one(measure(found), chance(found))

    return findings


def _of_service(measure: Callable[[ServiceHealth], Measured]) -> Judge:
    """Return a judge of one value of the service: a fact, not a sample."""

    def findings(drift: Drift) -> Findings:
        return drift.service if isinstance(drift.service, NotApplicable) else _one(measure(drift.service), None)

    return findings


def _one(value: Measured, p_value: float | None) -> Findings:
    return value if isinstance(value, NotApplicable) else [Finding("", value, p_value=p_value)]


def _weighted(drift: Drift) -> Findings:
    """Return the weighted PSI; it has moved when one of its inputs has (Bonferroni)."""
    smallest = min(item.chances.psi for item in drift.inputs)
    return _one(drift.weighted_psi, min(1.0, smallest * len(drift.inputs)))


def _silent(drift: Drift) -> Findings:
    """Return the inputs without any value, where their reference would not leave so many rows empty by chance.

    Of all requests where the function left a profile of them, else of the window.
    """
    n_inputs, found = len(drift.inputs), drift.requests
    if isinstance(found, NotApplicable) or found.n_applications < drift.current.n_effective:
        seen, n = {item.name: item.missing_share for item in drift.inputs}, drift.current.n_effective
    else:
        seen, n = {item.name: item.missing_share for item in found.inputs}, found.n_applications
    return [
        Finding(item.name, float(_is_silent(seen[item.name], n, n_inputs)), item.importance) for item in drift.inputs
    ]


def _context(drift: Drift) -> Findings:
    """Return the columns that the model does not read: without importance to it, they are watched at most."""
    found = [Finding(item.name, item.psi, importance=0.0, p_value=item.p_value) for item in drift.context]
    return found or NotApplicable("les fenêtres n’ont en commun aucune colonne hors du modèle")


def _is_silent(missing: Pair, n_applications: float, n_inputs: int) -> bool:
    return missing.current == 1 and missing.reference**n_applications < RARE / n_inputs


def _refused_fields(drift: Drift) -> Findings:
    """Return for how many of all applications each field of the contract led to a refusal to score."""
    service = drift.service
    if isinstance(service, NotApplicable):
        return service
    return [Finding(item.name, service.refused_share(item.name), item.importance) for item in drift.inputs]


def _of_all_requests(drift: Drift) -> Findings:
    """Return the PSI of every input in all requests; a request is no applicant, so that it is watched at most."""
    found = drift.requests
    if isinstance(found, NotApplicable):
        return found
    return [Finding(item.name, item.psi, importance=0.0, p_value=item.p_value) for item in found.inputs]


def _override_rate(drift: Drift) -> Findings:
    found = drift.overrides
    return found if isinstance(found, NotApplicable) else _one(found.override_rate, None)


def _override_cost(drift: Drift) -> Findings:
    """Return what overrides cost above the proposals; that officers save is good news."""
    found = drift.overrides
    if isinstance(found, NotApplicable):
        return found
    excess = found.excess_cost
    return excess if isinstance(excess, NotApplicable) else _one(max(excess.value, 0.0), found.excess_p_value)


def _standing_out(drift: Drift) -> Findings:
    """Return how far each partner declares more absent than the others; its applicants may be others, too."""
    return _declared(drift, lambda one: one.beside_others, importance=0.0)


def _jumped(drift: Drift) -> Findings:
    """Return how far each partner declares more absent than it did before."""
    return _declared(drift, lambda one: one.beside_before, importance=1.0)


def _declared(
    drift: Drift, which: Callable[[PartnerDeclarations], DeclarationMove | NotApplicable], *, importance: float
) -> Findings:
    found = [
        Finding(f"{one.partner} {move.name}", move.share.change, importance, move.p_value)
        for one in drift.partners
        if not isinstance(move := which(one), NotApplicable)
    ]
    return found or NotApplicable("aucun partenaire n’a assez de demandes auditées pour être comparé")


def _separation(drift: Drift) -> Findings:
    """Return how well the windows are told apart; it weighs what the inputs weigh that give it away."""
    found = drift.separation
    if isinstance(found, NotApplicable):
        return found
    importance = {item.name: item.importance for item in drift.inputs}
    weight = sum(importance[item.name] for item in found.give_aways)
    return [Finding("", found.auc, weight, found.p_value)]


def _since_modelling(drift: Drift) -> Findings:
    inputs = [
        Finding(
            item.name,
            item.psi_since_modelling,
            item.importance,
            item.chances.psi_since_modelling,
            _better_known(item, item.psi_known_since_modelling),
        )
        for item in drift.inputs
    ]
    found = drift.predictions
    if isinstance(found, NotApplicable):
        return inputs
    return [*inputs, Finding(PROBABILITY, found.psi_since_modelling, p_value=found.chances.psi_since_modelling)]


def _better_known(item: InputDrift, psi_known: float) -> bool:
    """Tell whether an input has moved by being known more often, its known values staying what they were."""
    return item.missing_share.change < 0 and psi_known < PSI_WATCH


def level_of_psi(results: Sequence[CheckResult], name: str) -> Level:
    """Return what a report says of the PSI of one input, which chance may explain whatever its size."""
    (result,) = (item for item in results if item.code == OF_PSI)
    return next((finding.level for finding in result.findings if finding.subject == name), Level.STABLE)


def _unusual_rise(item: InputDrift) -> Measured:
    if item.kind == "category":
        return NotApplicable("une modalité n’a pas de plage usuelle")
    return item.unusual_share.change


def _impossible_number(item: InputDrift) -> Measured:
    if item.kind == "category":
        return NotApplicable("une modalité n’a pas de bornes")
    return item.impossible_share.current


def _unknown_category(item: InputDrift) -> Measured:
    if item.kind != "category":
        return NotApplicable("un nombre n’a pas de modalités")
    return item.impossible_share.current


_psi = _by_input(lambda item: item.psi, lambda item: item.chances.psi, lambda item: _better_known(item, item.psi_known))
_distance = _by_input(lambda item: item.distance, lambda item: item.chances.distance)
_missing = _by_input(
    lambda item: abs(item.missing_share.change),
    lambda item: item.chances.missing_share,
    lambda item: item.missing_share.change < 0,
)
_unusual = _by_input(_unusual_rise, lambda item: item.chances.unusual_share)
_probability = _of_predictions(lambda found: found.psi, lambda found: found.chances.psi)
_refusals = _of_predictions(lambda found: abs(found.refusal_rate_change), lambda found: found.chances.refusal_rate)
_cost = _of_predictions(lambda found: found.cost_rise, lambda found: found.chances.cost)
_auc = _of_predictions(lambda found: found.auc_fall, lambda found: found.chances.auc)
_calibration = _of_outcomes(lambda found: found.calibration_gap, lambda found: found.chances.calibration)
_realised_auc = _of_outcomes(lambda found: found.auc_shortfall, lambda found: found.chances.auc)
_realised_cost = _of_outcomes(lambda found: found.cost_excess, lambda found: found.chances.cost)
_slope = _of_outcomes(lambda found: found.slope_gap, lambda found: found.chances.slope)
_intercept = _of_outcomes(lambda found: found.intercept_gap, lambda found: found.chances.intercept)
_impossible = _by_input(_impossible_number)
_unknown = _by_input(_unknown_category)
_errors = _of_service(lambda service: service.error_share)
_latency = _of_service(lambda service: service.latency_p99_ms)

_FEED, _POPULATION, _THRESHOLD = Action.INVESTIGATE_FEED, Action.INVESTIGATE_POPULATION, Action.RECALIBRATE
_MODEL, _VERSION = Action.RETRAIN, Action.ROLL_BACK
_PARTNER, _OFFICERS = Action.ASK_PARTNER, Action.ASK_OFFICERS
_TOGETHER = "Séparation des deux fenêtres par toutes les variables ensemble (AUC)"

CHECKS = (
    Check("MON001", "Répartition d’une variable (PSI)", _POPULATION, "psi", _psi),
    Check("MON002", "Répartition des variables, pondérée par leur importance", _MODEL, "psi", _weighted),
    Check("MON003", "Distance entre les valeurs d’une variable", _POPULATION, "distance", _distance),
    Check("MON004", "Valeurs manquantes", _FEED, "missing_share_change", _missing, as_share=True),
    Check("MON005", "Valeurs hors de la plage usuelle", _FEED, "unusual_share_rise", _unusual, as_share=True),
    Check(
        "MON006",
        "Valeurs hors des bornes du contrat",
        _FEED,
        "impossible_share",
        _impossible,
        as_share=True,
        is_fact=True,
    ),
    Check("MON007", "Modalités inconnues du contrat", _FEED, "impossible_share", _unknown, as_share=True, is_fact=True),
    Check("MON008", "Répartition de la probabilité de défaut (PSI)", _THRESHOLD, "psi", _probability),
    Check("MON009", "Taux de refus", _THRESHOLD, "refusal_rate_change", _refusals, as_share=True),
    Check("MON010", "Coût attendu par demande", _THRESHOLD, "cost_rise", _cost, as_share=True),
    Check("MON011", "AUC attendue", _MODEL, "auc_fall", _auc),
    Check("MON012", "Calibration sur les issues connues", _THRESHOLD, "calibration_gap", _calibration, as_share=True),
    Check("MON013", "Écart depuis la modélisation (PSI)", _MODEL, "psi", _since_modelling),
    Check("MON014", _TOGETHER, _POPULATION, "separation", _separation),
    Check("MON015", "Requêtes en échec du service", _VERSION, "error_share", _errors, as_share=True, is_fact=True),
    Check("MON016", "Temps de réponse du service, 99ᵉ centile (ms)", _VERSION, "latency_ms", _latency, is_fact=True),
    Check("MON017", "AUC constatée, sous celle attendue des mêmes demandes", _MODEL, "auc_shortfall", _realised_auc),
    Check("MON018", "Coût constaté, au-dessus du coût attendu", _MODEL, "cost_excess", _realised_cost, as_share=True),
    Check("MON019", "Pente de calibration, écart à 1", _MODEL, "slope_gap", _slope),
    Check("MON020", "Ordonnée de calibration, écart à 0 (log-cote)", _THRESHOLD, "intercept_gap", _intercept),
    Check("MON021", "Flux muet : variable sans aucune valeur", _FEED, "silent_feed", _silent, is_fact=True),
    Check("MON022", "Colonnes hors du modèle (PSI)", _POPULATION, "psi", _context),
    Check(
        "MON023",
        "Demandes refusées pour un champ, parmi toutes",
        _FEED,
        "refused_share",
        _refused_fields,
        as_share=True,
        is_fact=True,
    ),
    Check("MON024", "Répartition d’une variable dans toutes les demandes (PSI)", _POPULATION, "psi", _of_all_requests),
    Check(
        "MON025",
        "Absences déclarées d’un partenaire, au-dessus des autres",
        _PARTNER,
        "declared_excess",
        _standing_out,
        as_share=True,
    ),
    Check(
        "MON026",
        "Absences déclarées d’un partenaire, en hausse sur lui-même",
        _PARTNER,
        "declared_excess",
        _jumped,
        as_share=True,
    ),
    Check(
        "MON027",
        "Décisions contraires à la proposition",
        _OFFICERS,
        "override_rate",
        _override_rate,
        as_share=True,
        is_fact=True,
    ),
    Check(
        "MON028",
        "Coût des décisions contraires, au-dessus des propositions",
        _OFFICERS,
        "override_cost",
        _override_cost,
    ),
)
