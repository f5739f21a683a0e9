"""A new threshold from recent outcomes: a proposal with its cost, for a person to promote or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from metrics.costs import choose_threshold, costs_of, costs_per_application, minimising_thresholds
from metrics.intervals import normal_mean
from monitoring.drift.performance import share_of
from monitoring.errors import MonitoringError
from scoring.decision import refuses

if TYPE_CHECKING:
    from monitoring.windows.predictions import Predictions
    from scoring.contract import Contract, Estimate
    from scoring.decision import DecisionCosts

FEWEST_DEFAULTS = 100
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
    environment: dict[str, str]
    method: str = METHOD


def propose_threshold(
    contract: Contract, predictions: Predictions | None, *, window: str, seal: str, seed: int = 0
) -> ThresholdProposal:
    """Return the threshold of least realised cost over the applications whose outcome is known.

    Raises
    ------
    MonitoringError
        ``MON919`` when too few defaults are known: without outcomes the best threshold of calibrated probabilities is
        that of the costs, which no window can change.
    """
    outcome, probability = _known(predictions)
    defaults = int(outcome.sum())
    if defaults < FEWEST_DEFAULTS:
        raise MonitoringError(
            "MON919", f"{defaults} known default(s), {FEWEST_DEFAULTS} needed to propose a threshold; wait for outcomes"
        )
    in_force, costs, generator = contract.decision.threshold, costs_of(contract.decision), np.random.default_rng(seed)
    choice = choose_threshold(probability, outcome, seed=generator, costs=costs, resamples=RESAMPLES)
    held_out = _out_of_fold(probability, outcome, costs, generator)
    now, proposed = (
        costs_per_application(probability, outcome, threshold=one, costs=costs) for one in (in_force, held_out)
    )
    saving = normal_mean(now - proposed)
    return ThresholdProposal(
        model_name=contract.identity.model_name,
        version=contract.identity.registry_version,
        training_run_id=contract.identity.training_run_id,
        seal=seal,
        window=window,
        n_applications=len(outcome),
        n_defaults=defaults,
        threshold_now=in_force,
        threshold=choice.threshold,
        threshold_interval=choice.interval,
        cost_now=normal_mean(now),
        cost_proposed=normal_mean(proposed),
        saving=saving,
        refusal_rate_now=float(np.mean(refuses(probability, threshold=in_force))),
        refusal_rate_proposed=float(np.mean(refuses(probability, threshold=choice.threshold))),
        foretold_defaults=float(probability.mean()),
        observed_defaults=share_of(outcome),
        recommended=saving.low > 0,
        environment={"DECISION_THRESHOLD": repr(choice.threshold)},
    )


def _known(predictions: Predictions | None) -> tuple[np.ndarray, np.ndarray]:
    if predictions is None or predictions.outcome is None:
        return np.empty(0), np.empty(0)
    known = ~np.isnan(predictions.outcome)
    return predictions.outcome[known], predictions.probability[known]


def _out_of_fold(
    probability: np.ndarray, outcome: np.ndarray, costs: DecisionCosts, generator: np.random.Generator
) -> np.ndarray:
    """Return for each application a threshold chosen without it."""
    fold = generator.permutation(len(outcome)) % FOLDS
    thresholds = np.empty(len(outcome))
    for held in range(FOLDS):
        rest = fold != held
        drawn = minimising_thresholds(
            probability[rest], outcome[rest], seed=generator, costs=costs, resamples=RESAMPLES
        )
        thresholds[~rest] = np.median(drawn)
    return thresholds


def proposal_bytes(proposal: ThresholdProposal) -> bytes:
    """Return the JSON form of a proposal."""
    anything: TypeAdapter[Any] = TypeAdapter(Any)
    return anything.dump_json(proposal, indent=1) + b"\n"


def told(proposal: ThresholdProposal) -> str:
    """Return the proposal in one line of French."""
    low, high = proposal.threshold_interval
    verdict = "à promouvoir" if proposal.recommended else "à ne pas promouvoir : le gain n’est pas établi"
    return (
        f"seuil {proposal.threshold_now:.4f} → {proposal.threshold:.4f} [{low:.4f} ; {high:.4f}], coût par demande "
        f"{proposal.cost_now.value:.4f} → {proposal.cost_proposed.value:.4f}, gain {proposal.saving.value:+.4f} "
        f"[{proposal.saving.low:+.4f} ; {proposal.saving.high:+.4f}] ; {verdict}"
    )
