"""Choices made on out-of-fold cost: which inputs to ask for, which candidate to serve."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.calibration import calibrate_out_of_fold
from training.costs import ThresholdChoice, choose_threshold, costs_per_application
from training.metrics import auc, brier, calibration_error, log_losses, paired_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.candidates import Candidate, FittedModel
    from training.feature_space import FeatureSpace

ATTRIBUTED_ROWS = 3000


@dataclass(frozen=True, slots=True)
class Assessment:
    """One candidate over one set of inputs, out of fold on development.

    Attributes
    ----------
    score
        Out-of-fold scores, shape ``(n_applications,)``.
    default_probability
        The same, calibrated on the other folds.
    costs
        Cost of each decision at `threshold`, shape ``(n_applications,)``.
    log_losses
        Log loss of each probability, shape ``(n_applications,)``.
    importance
        Mean absolute contribution of each feature, shape ``(n_features,)``.
    """

    candidate: Candidate
    space: FeatureSpace
    score: np.ndarray
    default_probability: np.ndarray
    threshold: ThresholdChoice
    costs: np.ndarray
    log_losses: np.ndarray
    importance: np.ndarray
    auc: float
    brier: float
    calibration_error: float

    @property
    def cost(self) -> float:
        """Cost per application."""
        return float(self.costs.mean())

    def input_importance(self) -> dict[str, float]:
        """Spread each feature's importance evenly over the inputs it comes from."""
        totals = dict.fromkeys(self.space.input_names, 0.0)
        for feature, size in enumerate(self.importance.tolist()):
            sources = self.space.sources_of(feature)
            for name in sources:
                totals[name] += size / len(sources)
        return totals


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a figure is from the best on the same applications, and the standard error of that."""

    mean: float
    standard_error: float

    @property
    def inside_the_noise(self) -> bool:
        """Say whether the gap is at most one standard error."""
        return self.mean <= self.standard_error


@dataclass(frozen=True, slots=True)
class Standing:
    """One assessment among others.

    Attributes
    ----------
    cost
        Gap to the lowest cost.
    log_loss
        Gap to the lowest log loss.
    """

    assessment: Assessment
    cost: Gap
    log_loss: Gap

    @property
    def as_good_as_the_best(self) -> bool:
        """Say whether neither the decisions nor the probabilities can be told from the best.

        Cost alone is a blunt instrument: its noise hides a loss of probability quality that a proper score shows.
        """
        return self.cost.inside_the_noise and self.log_loss.inside_the_noise


def assess(
    candidate: Candidate,
    space: FeatureSpace,
    rows: np.ndarray,
    default: np.ndarray,
    fold: np.ndarray,
    *,
    seed: int,
    advance: Callable[[], object] = lambda: None,
) -> Assessment:
    """Train a candidate once a fold and judge it on the applications it has not seen.

    Parameters
    ----------
    rows
        Raw values of the inputs of `space`, shape ``(n_applications, n_inputs)``.
    fold
        Fold number of each application.
    advance
        Called after each fit.
    """
    features = space.compute(rows)

    def judge_fold(held: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        fitted = candidate.fit(features[~held], default[~held], space.n_codes)
        answer = fitted.score(features[held]), feature_importance(fitted, features[held])
        advance()
        return answer

    folds = [fold == number for number in np.unique(fold)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        judged = list(pool.map(judge_fold, folds))
    score = np.empty(len(default))
    for held, (held_score, _) in zip(folds, judged, strict=True):
        score[held] = held_score
    probability = calibrate_out_of_fold(score, default, fold)
    threshold = choose_threshold(probability, default, seed=seed)
    return Assessment(
        candidate=candidate,
        space=space,
        score=score,
        default_probability=probability,
        threshold=threshold,
        costs=costs_per_application(probability, default, threshold=threshold.threshold),
        log_losses=log_losses(probability, default),
        importance=np.mean([importance for _, importance in judged], axis=0),
        auc=auc(probability, default),
        brier=brier(probability, default),
        calibration_error=calibration_error(probability, default),
    )


def feature_importance(fitted: FittedModel, features: np.ndarray) -> np.ndarray:
    """Return the mean absolute contribution of each feature over some rows."""
    return np.asarray(np.abs(fitted.contributions(features[:ATTRIBUTED_ROWS])[:, :-1]).mean(axis=0))


def shrink_inputs(
    assess_space: Callable[[FeatureSpace], Assessment], space: FeatureSpace, sizes: Sequence[int]
) -> list[Assessment]:
    """Drop the least useful inputs step by step, ranking them again at each size."""
    assessed = [assess_space(space)]
    for size in sorted(sizes, reverse=True):
        if size >= len(assessed[-1].space.inputs):
            continue
        ranked = assessed[-1].input_importance()
        order = sorted(ranked, key=lambda name: -ranked[name])
        assessed.append(assess_space(assessed[-1].space.restricted_to(set(order[:size]))))
    return assessed


def standings(assessed: Sequence[Assessment]) -> list[Standing]:
    """Compare each with the best of all, paired on the same applications."""
    cheapest = min(assessed, key=lambda one: one.cost)
    likeliest = min(assessed, key=lambda one: float(one.log_losses.mean()))
    return [
        Standing(
            one,
            cost=Gap(*paired_difference(one.costs, cheapest.costs)),
            log_loss=Gap(*paired_difference(one.log_losses, likeliest.log_losses)),
        )
        for one in assessed
    ]


def smallest_within_noise(assessed: Sequence[Assessment]) -> Assessment:
    """Return the smallest set of inputs as good as the best; the cheapest if none is."""
    allowed = _as_good_as_the_best(assessed)
    return min(allowed, key=lambda one: len(one.space.inputs))


def choose_champion(assessed: Sequence[Assessment]) -> Assessment:
    """Apply the written rule: lowest cost; a simpler model wins if it is as good as the best."""
    allowed = _as_good_as_the_best(assessed)
    return min(allowed, key=lambda one: (one.candidate.complexity, one.cost))


def _as_good_as_the_best(assessed: Sequence[Assessment]) -> list[Assessment]:
    allowed = [standing.assessment for standing in standings(assessed) if standing.as_good_as_the_best]
    return allowed or [min(assessed, key=lambda one: one.cost)]
