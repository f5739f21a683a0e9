"""Candidates judged out of fold on the development data, each at its own threshold and calibration."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from metrics.costs import ThresholdChoice, choose_threshold, costs_per_application
from metrics.quality import brier, calibration_error, log_losses
from metrics.ranking import auc
from scoring.decision import refuses
from training.features.feature_space import split_among_inputs
from training.selection.calibration import calibrate_out_of_fold
from training.selection.folds import ATTRIBUTED_ROWS, out_of_fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from training.candidates import Candidate
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore
    from training.selection.development import Development

_AT_A_TIME = 2


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
        sources = [self.space.sources_of(feature) for feature in range(len(self.importance))]
        return split_among_inputs(self.importance.tolist(), sources, self.space.input_names)


def assess(
    candidate: Candidate,
    development: Development,
    *,
    attributed_rows: int = ATTRIBUTED_ROWS,
    store: AssessmentStore | None = None,
    advance: Callable[[], object] = lambda: None,
) -> Assessment:
    """Train a candidate once a fold and judge it on the applications it has not seen.

    Parameters
    ----------
    attributed_rows
        Rows of each fold that importance is measured on; 0 for none, where nothing is chosen by it.
    store
        Where finished results are kept and looked for.
    advance
        Called after each fit.
    """
    judged = out_of_fold(candidate, development, attributed_rows=attributed_rows, store=store, advance=advance)
    default = development.default
    probability = calibrate_out_of_fold(judged.score, default, development.fold)
    threshold = choose_threshold(probability, default, seed=development.seed)
    return Assessment(
        candidate=candidate,
        space=development.space,
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


def assess_candidates(
    candidates: Sequence[Candidate], development: Development, *, store: AssessmentStore | None = None
) -> list[Assessment]:
    """Judge candidates on the same folds, with a progress bar; importance is not measured.

    Two at a time: three folds leave one of two cores idle while the third is learned.
    """
    with (
        tqdm(total=development.n_folds * len(candidates), desc="comparing", unit="fit", disable=None) as bar,
        ThreadPoolExecutor(_AT_A_TIME) as pool,
    ):

        def judge(one: Candidate) -> Assessment:
            return assess(one, development, attributed_rows=0, store=store, advance=bar.update)

        return list(pool.map(judge, candidates))
