"""A new threshold from recent outcomes: a proposal with its cost, for a person to promote or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from metrics.costs import choose_threshold, costs_of, costs_per_application, minimising_thresholds
from metrics.intervals import normal_mean
from metrics.ranking import delong_auc
from metrics.values import NotApplicable
from monitoring.config import Maturity
from monitoring.drift.outcomes import judging, known_outcomes
from monitoring.drift.performance import share_of
from monitoring.drift.reject_inference import RefusedScenario, refused_scenarios
from monitoring.errors import MonitoringError
from scoring.decision import refuses

if TYPE_CHECKING:
    from monitoring.windows.predictions import Predictions
    from scoring.contract import Contract, Estimate
    from scoring.decision import DecisionCosts

FEWEST_DEFAULTS = 100
# With outcomes of a smaller share of the refused, nothing is known of what a higher threshold would let in.
FEWEST_REFUSED_SHARE = 0.05
# A ranking is gone when the outcomes leave less than this of what was expected above a coin's 0.5.
KEPT_RANKING = 0.5
COIN = 0.5
BOTH_WAYS, DOWN_ONLY = "les_deux", "baisse_seule"
RESAMPLES = 200
FOLDS = 5
METHOD = (
    "median over bootstrap resamples of the threshold of least realised cost; costs out of fold, so that no "
    "application judges a threshold it helped to choose"
)


@dataclass(frozen=True, slots=True)
class ThresholdProposal:
    """A threshold to promote like any version, and what it is expected to change.

    Attributes
    ----------
    threshold_interval
        95 % bootstrap interval of the proposed threshold.
    cost_now, cost_proposed
        Realised cost per application at the threshold in force, and out of fold at thresholds chosen likewise.
    saving
        The first minus the second, application by application, with its 95 % interval.
    recommended
        Whether the interval of the saving lies above zero.
    foretold_defaults, observed_defaults
        Mean probability and default rate: far apart, a new threshold mends the decisions, not the probabilities.
    informed
        ``les_deux`` where outcomes of refused applicants are known as well, ``baisse_seule`` where those of accepted
        ones are: they say whom else to refuse, never whom else to accept, and the threshold is not raised by them.
    known_accepted, known_refused
        Share of either whose outcome is known; ``None`` where there is none of them.
    scenarios
        What cost and best threshold would be if refused applicants defaulted so many times as often as foretold: a
        range to think with, no threshold to promote.
    environment
        Setting of the API that puts the threshold into force without a new version, until one is promoted.
    """

    model_name: str
    version: str | None
    training_run_id: str
    seal: str
    window: str
    n_applications: int
    n_defaults: int
    threshold_now: float
    threshold: float
    threshold_interval: tuple[float, float]
    cost_now: Estimate
    cost_proposed: Estimate
    saving: Estimate
    refusal_rate_now: float
    refusal_rate_proposed: float
    foretold_defaults: float
    observed_defaults: Estimate
    recommended: bool
    informed: str
    known_accepted: float | None
    known_refused: float | None
    scenarios: tuple[RefusedScenario, ...]
    environment: dict[str, str]
    method: str = METHOD


def propose_threshold(
    contract: Contract,
    predictions: Predictions | None,
    *,
    window: str,
    seal: str,
    maturity: Maturity | None = None,
    seed: int = 0,
) -> ThresholdProposal:
    """Return the threshold of least realised cost over the applications whose outcome is known and may judge.

    Raises
    ------
    MonitoringError
        ``MON919`` when too few defaults are known: without outcomes the best threshold of calibrated probabilities is
        that of the costs, which no window can change. ``MON923`` when the outcomes show no ranking to cut.
    """
    maturity = maturity or Maturity()
    rows, outcome = _known(predictions, maturity)
    probability, weight = rows.probability, rows.weights
    _check_ranking(rows, outcome)
    shares = _known_shares(predictions, maturity)
    in_force, costs, generator = contract.decision.threshold, costs_of(contract.decision), np.random.default_rng(seed)
    ceiling = np.inf if (shares["known_refused"] or 0.0) >= FEWEST_REFUSED_SHARE else in_force
    choice = choose_threshold(probability, outcome, seed=generator, costs=costs, resamples=RESAMPLES, weight=weight)
    threshold, low, high = (_held(one, probability, ceiling) for one in (choice.threshold, *choice.interval))
    held_out = _out_of_fold(rows, outcome, costs, generator)
    held_out = np.array([_held(one, probability, ceiling) for one in held_out])
    now, proposed = (
        costs_per_application(probability, outcome, threshold=one, costs=costs) for one in (in_force, held_out)
    )
    saving = normal_mean(now - proposed, weight)
    refusals = [share_of(refuses(probability, threshold=one), weight).value for one in (in_force, threshold)]
    return ThresholdProposal(
        model_name=contract.identity.model_name,
        version=contract.identity.registry_version,
        training_run_id=contract.identity.training_run_id,
        seal=seal,
        window=window,
        n_applications=len(outcome),
        n_defaults=int(outcome.sum()),
        threshold_now=in_force,
        threshold=threshold,
        threshold_interval=(low, high),
        cost_now=normal_mean(now, weight),
        cost_proposed=normal_mean(proposed, weight),
        saving=saving,
        refusal_rate_now=refusals[0],
        refusal_rate_proposed=refusals[1],
        foretold_defaults=float(np.average(probability, weights=weight)),
        observed_defaults=share_of(outcome, weight),
        recommended=saving.low > 0,
        informed=DOWN_ONLY if np.isfinite(ceiling) else BOTH_WAYS,
        known_accepted=shares["known_accepted"],
        known_refused=shares["known_refused"],
        scenarios=refused_scenarios(predictions, contract.decision, maturity),
        environment={"DECISION_THRESHOLD": repr(threshold)},
    )


def _known(predictions: Predictions | None, maturity: Maturity) -> tuple[Predictions, np.ndarray]:
    """Return the predictions that may judge, and their outcomes."""
    judges = NotApplicable("no prediction") if predictions is None else judging(predictions, maturity)
    known = None if isinstance(judges, NotApplicable) else judges.outcome
    defaults = 0 if known is None else int(known.sum())
    if isinstance(judges, NotApplicable) or known is None or defaults < FEWEST_DEFAULTS:
        raise MonitoringError(
            "MON919",
            f"{defaults} known default(s) in mature periods, {FEWEST_DEFAULTS} needed to propose a threshold; wait for "
            "outcomes, or say with --mature-until up to which month they are all there",
        )
    return judges, known


def _check_ranking(rows: Predictions, outcome: np.ndarray) -> None:
    probability = rows.probability
    expected, realised = (delong_auc(probability, one, rows.weight) for one in (probability, outcome))
    if isinstance(expected, NotApplicable) or isinstance(realised, NotApplicable):
        return
    kept = realised.high - COIN < KEPT_RANKING * (expected.value - COIN)
    if realised.low <= COIN or kept:
        raise MonitoringError(
            "MON923",
            f"the outcomes show no ranking to cut: AUC {realised.value:.3f} [{realised.low:.3f} ; {realised.high:.3f}] "
            f"where {expected.value:.3f} was expected; no threshold mends that, train again",
        )


def _known_shares(predictions: Predictions | None, maturity: Maturity) -> dict[str, float | None]:
    found = NotApplicable("") if predictions is None else known_outcomes(predictions, maturity)
    if isinstance(found, NotApplicable):
        return {"known_accepted": None, "known_refused": None}
    shares = {"known_accepted": found.accepted, "known_refused": found.refused}
    return {name: None if isinstance(share, NotApplicable) else share for name, share in shares.items()}


def _held(threshold: float, probability: np.ndarray, ceiling: float) -> float:
    """Return a threshold that is not raised above the ceiling, nor put where no known application would move."""
    return ceiling if np.isfinite(ceiling) and threshold > float(probability.max()) else min(threshold, ceiling)


def _out_of_fold(
    rows: Predictions, outcome: np.ndarray, costs: DecisionCosts, generator: np.random.Generator
) -> np.ndarray:
    """Return for each application a threshold chosen without it."""
    fold = generator.permutation(len(outcome)) % FOLDS
    thresholds = np.empty(len(outcome))
    for held in range(FOLDS):
        rest = fold != held
        kept = rows.at(rest)
        drawn = minimising_thresholds(
            kept.probability, outcome[rest], seed=generator, costs=costs, resamples=RESAMPLES, weight=kept.weights
        )
        thresholds[~rest] = np.median(drawn)
    return thresholds


def proposal_bytes(proposal: ThresholdProposal) -> bytes:
    """Return the JSON form of a proposal."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(proposal, indent=1) + b"\n"


def told(proposal: ThresholdProposal) -> tuple[str, ...]:
    """Return the proposal in lines of French."""
    low, high = proposal.threshold_interval
    verdict = "à promouvoir" if proposal.recommended else "à ne pas promouvoir : le gain n’est pas établi"
    line = (
        f"seuil {proposal.threshold_now:.4f} → {proposal.threshold:.4f} [{low:.4f} ; {high:.4f}], coût par demande "
        f"{proposal.cost_now.value:.4f} → {proposal.cost_proposed.value:.4f}, gain {proposal.saving.value:+.4f} "
        f"[{proposal.saving.low:+.4f} ; {proposal.saving.high:+.4f}] ; {verdict}"
    )
    return (line, *_selection_lines(proposal))


def _selection_lines(proposal: ThresholdProposal) -> list[str]:
    """Say what outcomes of accepted applicants alone cannot tell, and the range that guesses about the rest give."""
    lines = []
    if proposal.informed == DOWN_ONLY:
        lines.append(
            "issues de demandes acceptées seules : elles disent qui refuser de plus, jamais qui accepter de plus ; le "
            "seuil n’est pas relevé"
        )
    if proposal.scenarios:
        costs = [one.cost for one in proposal.scenarios]
        thresholds = [one.threshold for one in proposal.scenarios]
        multiples = ", ".join(f"{one.multiple:g}" for one in proposal.scenarios)
        lines.append(
            f"si les refusés faisaient défaut {multiples} fois la cote prévue : coût de {min(costs):.4f} à "
            f"{max(costs):.4f}, seuil de moindre coût de {min(thresholds):.4f} à {max(thresholds):.4f}"
        )
    return lines
