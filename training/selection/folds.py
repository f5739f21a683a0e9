"""Training once a fold: what every comparison, search and choice is made from."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from training.selection.assessment_store import OutOfFold, fingerprint, settings_of
from training.selection.serving_cost import footprint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from training.candidates import Candidate, FittedModel
    from training.features.feature_space import FeatureSpace
    from training.selection.assessment_store import AssessmentStore

ATTRIBUTED_ROWS = 3000


def out_of_fold(
    candidate: Candidate,
    space: FeatureSpace,
    rows: np.ndarray,
    default: np.ndarray,
    fold: np.ndarray,
    *,
    attributed_rows: int,
    store: AssessmentStore | None,
    advance: Callable[[], object],
) -> OutOfFold:
    """Return a candidate's out-of-fold result, from the store if it has been there before."""
    settings = settings_of(candidate, space) | {"attributed_rows": attributed_rows}
    key = fingerprint(settings, rows, default, fold) if store else ""
    kept = store.recall(key) if store else None
    if kept is not None:
        for _ in np.unique(fold):
            advance()
        return kept
    result = _train(candidate, space, rows, default, fold, attributed_rows, advance)
    if store:
        store.keep(key, result)
    return result


def each_fold(fold: np.ndarray) -> Iterator[np.ndarray]:
    """Yield which rows each fold holds out, shape ``(n_applications,)``."""
    for number in np.unique(fold):
        yield fold == number


def scored_by_fold(
    fit: Callable[[np.ndarray], FittedModel], features: np.ndarray, fold: np.ndarray, advance: Callable[[], object]
) -> tuple[np.ndarray, list[FittedModel], list[float]]:
    """Fit on the rows outside each fold and score those inside, folds side by side.

    Returns
    -------
    score
        Shape ``(n_applications,)``.
    models, seconds
        What was fitted for each fold, and the processor time it took.
    """
    score = np.empty(len(fold))

    def train(held: np.ndarray) -> tuple[FittedModel, float]:
        started = time.thread_time()
        fitted = fit(~held)
        seconds = time.thread_time() - started
        score[held] = fitted.score(features[held])
        advance()
        return fitted, seconds

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        trained = list(pool.map(train, each_fold(fold)))
    return score, [fitted for fitted, _ in trained], [seconds for _, seconds in trained]


def _train(
    candidate: Candidate,
    space: FeatureSpace,
    rows: np.ndarray,
    default: np.ndarray,
    fold: np.ndarray,
    attributed_rows: int,
    advance: Callable[[], object],
) -> OutOfFold:
    features = space.compute(rows)

    def fit(learned: np.ndarray) -> FittedModel:
        return candidate.fit(features[learned], default[learned], space.n_codes)

    score, models, seconds = scored_by_fold(fit, features, fold, advance)
    held_rows = [features[held][:attributed_rows] for held in each_fold(fold)]
    importance = (
        np.mean([feature_importance(one, held) for one, held in zip(models, held_rows, strict=True)], axis=0)
        if attributed_rows
        else np.zeros(features.shape[1])
    )
    size, latency = footprint(models[0], space, rows) if candidate.exportable else (0, 0.0)
    return OutOfFold(score, importance, float(np.mean(seconds)), size, latency)


def feature_importance(fitted: FittedModel, features: np.ndarray) -> np.ndarray:
    """Return the mean absolute contribution of each feature over some rows."""
    return np.asarray(np.abs(fitted.contributions(features[:ATTRIBUTED_ROWS])[:, :-1]).mean(axis=0))
