"""A new threshold from recent outcomes: a proposal with its cost, for a person to promote or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import TypeAdapter

from metrics.intervals import NORMAL_QUANTILE
from monitoring.drift.performance import rate
from monitoring.errors import MonitoringError
from scoring.contract import Estimate
from scoring.decision import refuses

if TYPE_CHECKING:
    from monitoring.windows.answers import Answers
    from scoring.contract import Contract, DecisionPolicy

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
    contract: Contract, answers: Answers | None, *, window: str, seal: str, seed: int = 0
) -> ThresholdProposal:
    """Return the threshold of least realised cost over the applications whose outcome is known.

    Raises
    ------
    MonitoringError
        ``MON919`` when too few defaults are known: without outcomes the best threshold of calibrated probabilities is
        that of the costs, which no window can change.
    """
    outcome, probability = _known(answers)
    defaults = int(outcome.sum())
    if defaults < FEWEST_DEFAULTS:
        raise MonitoringError(
            "MON919", f"{defaults} known default(s), {FEWEST_DEFAULTS} needed to propose a threshold; wait for outcomes"
        )
    policy, generator = contract.decision, np.random.default_rng(seed)
    draws = best_thresholds(probability, outcome, policy, generator)
    threshold = float(np.median(draws))
    now = costs_at(probability, outcome, policy.threshold, policy)
    proposed = costs_at(probability, outcome, _out_of_fold(probability, outcome, policy, generator), policy)
    saving = mean_of(now - proposed)
    return ThresholdProposal(
        model_name=contract.identity.model_name,
        version=contract.identity.registry_version,
        training_run_id=contract.identity.training_run_id,
        seal=seal,
        window=window,
        n_applications=len(outcome),
        n_defaults=defaults,
        threshold_now=policy.threshold,
        threshold=threshold,
        threshold_interval=(float(np.quantile(draws, 0.025)), float(np.quantile(draws, 0.975))),
        cost_now=mean_of(now),
        cost_proposed=mean_of(proposed),
        saving=saving,
        refusal_rate_now=float(np.mean(refuses(probability, threshold=policy.threshold))),
        refusal_rate_proposed=float(np.mean(refuses(probability, threshold=threshold))),
        foretold_defaults=float(probability.mean()),
        observed_defaults=rate(outcome),
        recommended=saving.low > 0,
        environment={"DECISION_THRESHOLD": repr(threshold)},
    )


def _known(answers: Answers | None) -> tuple[np.ndarray, np.ndarray]:
    if answers is None or answers.outcome is None:
        return np.empty(0), np.empty(0)
    known = ~np.isnan(answers.outcome)
    return answers.outcome[known], answers.probability[known]


def best_thresholds(
    probability: np.ndarray, outcome: np.ndarray, policy: DecisionPolicy, generator: np.random.Generator
) -> np.ndarray:
    """Return the threshold of least cost of each bootstrap resample, shape ``(RESAMPLES,)``."""
    order = np.argsort(probability)
    ranked, defaulted = probability[order], outcome[order]
    # Cuts between two applications, and one beyond the last: at cut i the first i are granted.
    middle = (ranked[1:] + ranked[:-1]) / 2
    cuts = np.concatenate([[ranked[0]], middle, [np.nextafter(ranked[-1], 1.0)]])
    best = np.empty(RESAMPLES)
    for place in range(RESAMPLES):
        weight = generator.multinomial(len(ranked), np.full(len(ranked), 1 / len(ranked)))
        granted = np.concatenate([[0.0], np.cumsum(weight * defaulted)]) * policy.false_negative_cost
        good = weight * (1 - defaulted)
        declined = (good.sum() - np.concatenate([[0.0], np.cumsum(good)])) * policy.false_positive_cost
        best[place] = cuts[int(np.argmin(granted + declined))]
    return best


def _out_of_fold(
    probability: np.ndarray, outcome: np.ndarray, policy: DecisionPolicy, generator: np.random.Generator
) -> np.ndarray:
    """Return for each application a threshold chosen without it."""
    fold = generator.permutation(len(outcome)) % FOLDS
    thresholds = np.empty(len(outcome))
    for held in range(FOLDS):
        rest = fold != held
        thresholds[~rest] = np.median(best_thresholds(probability[rest], outcome[rest], policy, generator))
    return thresholds


def costs_at(
    probability: np.ndarray, outcome: np.ndarray, threshold: float | np.ndarray, policy: DecisionPolicy
) -> np.ndarray:
    """Return the realised cost of each application at a threshold, or at one each."""
    refused = refuses(probability, threshold=threshold)
    return np.where(refused, (1 - outcome) * policy.false_positive_cost, outcome * policy.false_negative_cost)


def mean_of(values: np.ndarray) -> Estimate:
    """Return a mean with its 95 % interval."""
    mean, margin = float(values.mean()), float(NORMAL_QUANTILE * values.std() / np.sqrt(len(values)))
    return Estimate(value=mean, low=mean - margin, high=mean + margin)


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
