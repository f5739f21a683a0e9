"""Threshold and cost report: what the served policy costs, what others would, and how sure that is.

Everything is computed from the champion's out-of-fold probabilities on development.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.costs import (
    COSTS,
    THRESHOLD_RESAMPLES,
    choose_threshold,
    costs_per_application,
    expected_cost,
    least_cost_threshold,
    minimising_thresholds,
)
from metrics.intervals import TAILS, bootstrap_mean, bootstrap_means
from metrics.quality import calibration_curve
from scoring.decision import DecisionCosts, bayes_threshold, refuses
from scoring.evidence import (
    EVIDENCE_VERSION,
    Evidence,
    Policy,
    RatioPolicy,
    Stability,
)
from training.bundle.simulator import simulator_of
from training.selection.rules import RULE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import Estimate
    from scoring.fairness import Fairness
    from training.selection.pipeline import TrainedModel

RATIOS = (1, 2, 3, 5, 7, 10, 15, 20, 30, 50)
RATIO_RESAMPLES = 100
CURVE_POINTS = 49
QUANTILES = (TAILS[0], 0.25, 0.5, 0.75, TAILS[1])
# Seven digits say more than the data does, and keep the file small.
SIGNIFICANT_DIGITS = 7


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Probabilities out of fold and what became of the applications, shape ``(n_applications,)`` each."""

    probability: np.ndarray
    default: np.ndarray
    fold: np.ndarray
    seed: int


def collect_evidence(trained: TrainedModel, fairness: Fairness | None = None) -> Evidence:
    """Return the evidence of a trained model.

    Parameters
    ----------
    fairness
        The audit of its decisions by group, where the data allows one.
    """
    development = trained.development
    default = development.default
    outcomes = Outcomes(trained.champion.default_probability, default, development.fold, development.seed)
    threshold = trained.threshold.threshold
    return Evidence(
        schema_version=EVIDENCE_VERSION,
        n_applications=len(default),
        default_rate=float(default.mean()),
        false_negative_cost=COSTS.false_negative,
        false_positive_cost=COSTS.false_positive,
        threshold=threshold,
        rule=RULE,
        candidates=trained.table,
        cost_curve=cost_curve(outcomes, served=threshold),
        policies=named_policies(outcomes, served=threshold),
        ratios=tuple(at_ratio(ratio, outcomes, served=threshold) for ratio in RATIOS),
        stability=stability(outcomes, served=threshold),
        calibration=calibration_curve(outcomes.probability, default),
        simulator=simulator_of(trained, extra_edges=(*trained.threshold.interval, threshold)),
        accepted_high_auc=trained.accepted_high_auc,
        fairness=fairness,
    )


def policies(names: Sequence[str], outcomes: Outcomes, thresholds: Sequence[float]) -> tuple[Policy, ...]:
    """Return what refusing at each of some thresholds does to these applications."""
    probability, default = outcomes.probability, outcomes.default
    costs = np.column_stack([costs_per_application(probability, default, threshold=t) for t in thresholds])
    estimates = bootstrap_means(costs, seed=outcomes.seed)
    return tuple(
        _policy(name, outcomes, threshold, cost)
        for name, threshold, cost in zip(names, thresholds, estimates, strict=True)
    )


def _policy(name: str, outcomes: Outcomes, threshold: float, cost: Estimate) -> Policy:
    refused = refuses(outcomes.probability, threshold=threshold)
    return Policy(
        name=name,
        threshold=threshold,
        cost=cost,
        refusal_rate=float(refused.mean()),
        default_rate_accepted=_rate(outcomes.default[~refused]),
        default_rate_refused=_rate(outcomes.default[refused]),
    )


def _rate(default: np.ndarray) -> float | None:
    return float(default.mean()) if len(default) else None


def cost_curve(outcomes: Outcomes, *, served: float) -> tuple[Policy, ...]:
    """Return policies from refusing nearly everybody to refusing nearly nobody, the served one among them."""
    quantiles = np.quantile(outcomes.probability, np.linspace(0.005, 0.995, CURVE_POINTS))
    thresholds = sorted({served, *quantiles.tolist()})
    return policies(["courbe"] * len(thresholds), outcomes, thresholds)


def named_policies(outcomes: Outcomes, *, served: float) -> tuple[Policy, ...]:
    """Return the policies people ask about."""
    asked = {
        "accepter_tout": float(np.nextafter(1.0, 2.0)),
        "refuser_tout": 0.0,
        "seuil_0.5": 0.5,
        "seuil_bayes": bayes_threshold(COSTS),
        "seuil_servi": served,
    }
    return policies(list(asked), outcomes, list(asked.values()))


def at_ratio(ratio: float, outcomes: Outcomes, *, served: float) -> RatioPolicy:
    """Return what another cost ratio would ask for; a good applicant declined counts 1."""
    costs = DecisionCosts(false_negative=float(ratio), false_positive=1.0)
    probability, default = outcomes.probability, outcomes.default
    choice = choose_threshold(probability, default, seed=outcomes.seed, costs=costs, resamples=RATIO_RESAMPLES)
    return RatioPolicy(
        ratio=float(ratio),
        bayes_threshold=choice.bayes,
        threshold=choice.threshold,
        threshold_interval=choice.interval,
        cost=expected_cost(probability, default, threshold=choice.threshold, costs=costs),
        cost_at_served_threshold=expected_cost(probability, default, threshold=served, costs=costs),
        refusal_rate=float(refuses(probability, threshold=choice.threshold).mean()),
    )


def stability(outcomes: Outcomes, *, served: float) -> Stability:
    """Return how the threshold moves over resamples and folds, and what setting it on these rows flatters."""
    minimisers = minimising_thresholds(outcomes.probability, outcomes.default, seed=outcomes.seed)
    costs = np.empty(len(outcomes.default))
    by_fold = []
    for number in np.unique(outcomes.fold):
        held = outcomes.fold == number
        threshold = least_cost_threshold(outcomes.probability[~held], outcomes.default[~held])
        by_fold.append(threshold)
        costs[held] = costs_per_application(outcomes.probability[held], outcomes.default[held], threshold=threshold)
    return Stability(
        n_resamples=THRESHOLD_RESAMPLES,
        quantiles={str(q): float(np.quantile(minimisers, q)) for q in QUANTILES},
        by_fold=tuple(by_fold),
        cost_cross_fitted=bootstrap_mean(costs, seed=outcomes.seed),
        optimism=float(costs.mean()) - expected_cost(outcomes.probability, outcomes.default, threshold=served),
    )


def evidence_bytes(evidence: Evidence) -> bytes:
    """Return the compact file of an evidence; numbers keep seven significant digits."""
    content = _rounded(evidence.model_dump(mode="json"))
    return (json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n").encode()


def _rounded(content: Any) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(content, float):
        return float(f"{content:.{SIGNIFICANT_DIGITS}g}")
    if isinstance(content, dict):
        return {name: _rounded(value) for name, value in content.items()}
    return [_rounded(value) for value in content] if isinstance(content, list) else content
