"""Choices made on out-of-fold cost: which inputs to ask for, which candidate to serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.costs import ThresholdChoice, choose_threshold, costs_per_application
from metrics.intervals import paired_difference
from metrics.quality import brier, calibration_error, log_losses
from metrics.ranking import auc
from scoring.decision import refuses
from training.selection.calibration import calibrate_out_of_fold
from training.selection.folds import ATTRIBUTED_ROWS, out_of_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from training.candidates import Candidate
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore


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
        Mean absolute contribution of each feature, shape ``(n_features,)``; zeros where it was not asked for.
    fit_seconds
        Processor time of a fit, the mean over folds.
    size_bytes, latency_us
        Of the exported graph and tables, and of the graph on a single row (median).
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
    accuracy: float
    brier: float
    calibration_error: float
    fit_seconds: float
    size_bytes: int
    latency_us: float

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


def assess(  # noqa: PLR0913  a candidate, what it is judged on, and how the judging goes
    candidate: Candidate,
    space: FeatureSpace,
    rows: np.ndarray,
    default: np.ndarray,
    fold: np.ndarray,
    *,
    seed: int,
    attributed_rows: int = ATTRIBUTED_ROWS,
    store: AssessmentStore | None = None,
    advance: Callable[[], object] = lambda: None,
) -> Assessment:
    """Train a candidate once a fold and judge it on the applications it has not seen.

    Parameters
    ----------
    rows
        Raw values of the inputs of `space`, shape ``(n_applications, n_inputs)``.
    fold
        Fold number of each application.
    attributed_rows
        Rows of each fold that importance is measured on; 0 for none, where nothing is chosen by it.
    store
        Where finished results are kept and looked for.
    advance
        Called after each fit.
    """
    judged = out_of_fold(
        candidate, space, rows, default, fold, attributed_rows=attributed_rows, store=store, advance=advance
    )
    probability = calibrate_out_of_fold(judged.score, default, fold)
    threshold = choose_threshold(probability, default, seed=seed)
    return Assessment(
        candidate=candidate,
        space=space,
        score=judged.score,
        default_probability=probability,
        threshold=threshold,
        costs=costs_per_application(probability, default, threshold=threshold.threshold),
        log_losses=log_losses(probability, default),
        importance=judged.importance,
        auc=auc(probability, default),
        accuracy=float((refuses(probability, threshold=threshold.threshold) == (default == 1)).mean()),
        brier=brier(probability, default),
        calibration_error=calibration_error(probability, default),
        fit_seconds=judged.fit_seconds,
        size_bytes=judged.size_bytes,
        latency_us=judged.latency_us,
    )


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
    served = [one for one in assessed if one.candidate.exportable]
    allowed = [standing.assessment for standing in standings(served) if standing.as_good_as_the_best]
    return allowed or [min(served, key=lambda one: one.cost)]
