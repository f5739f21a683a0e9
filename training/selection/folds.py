"""Training once a fold: what every comparison, search and choice is made from."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from training.selection.assessment_store import OutOfFold, fingerprint, settings_of
from training.selection.serving_cost import measure_serving_cost

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from training.candidates import Candidate, FittedModel
    from training.selection.assessment_store import AssessmentStore
    from training.selection.development import Development

ATTRIBUTED_ROWS = 3000
# A copy of all held-out rows of four hundred inputs, one a core, is a gigabyte.
_SCORED_AT_ONCE = 16_384


def out_of_fold(
    candidate: Candidate,
    development: Development,
    *,
    attributed_rows: int,
    store: AssessmentStore | None,
    advance: Callable[[], object],
) -> OutOfFold:
    """Return a candidate's out-of-fold result, from the store if it has been there before."""
    if store is None:
        return _train(candidate, development, attributed_rows, advance)
    settings = settings_of(candidate, development.space) | {"attributed_rows": attributed_rows}
    key = fingerprint(settings, development.features, development.default, development.fold)
    kept = store.recall(key)
    if kept is not None:
        for _ in range(development.n_folds):
            advance()
        return kept
    result = _train(candidate, development, attributed_rows, advance)
    store.keep(key, result)
    return result


def each_fold(fold: np.ndarray) -> Iterator[np.ndarray]:
    """Yield which rows each fold holds out, shape ``(n_applications,)``."""
    for number in np.unique(fold):
        yield fold == number


def score_by_parts(fitted: FittedModel, features: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return the scores of some rows, given their numbers, without a copy of all of them; shape ``(n_rows,)``."""
    parts = np.array_split(rows, max(1, -(-len(rows) // _SCORED_AT_ONCE)))
    return np.concatenate([fitted.score(features[part]) for part in parts])


def scored_by_fold(
    candidate: Candidate, development: Development, advance: Callable[[], object] = lambda: None
) -> tuple[np.ndarray, list[FittedModel], list[float]]:
    """Fit on the rows outside each fold and score those inside, folds side by side.

    Returns
    -------
    score
        Shape ``(n_applications,)``.
    models, seconds
        What was fitted for each fold, and the processor time it took.
    """
    features, default, columns = development.features, development.default, development.space.columns
    score = np.empty(len(default))
    started = time.thread_time()
    fit = candidate.on_parts_of(features, default, columns)
    shared = (time.thread_time() - started) / development.n_folds

    def train(held: np.ndarray) -> tuple[FittedModel, float]:
        started = time.thread_time()
        fitted = fit(np.flatnonzero(~held))
        seconds = time.thread_time() - started + shared
        score[held] = score_by_parts(fitted, features, np.flatnonzero(held))
        advance()
        return fitted, seconds

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        trained = list(pool.map(train, each_fold(development.fold)))
    return score, [fitted for fitted, _ in trained], [seconds for _, seconds in trained]


def _train(
    candidate: Candidate, development: Development, attributed_rows: int, advance: Callable[[], object]
) -> OutOfFold:
    score, models, seconds = scored_by_fold(candidate, development, advance)
    held_rows = [development.features[np.flatnonzero(held)[:attributed_rows]] for held in each_fold(development.fold)]
    importance = np.zeros(development.features.shape[1])
    if attributed_rows:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            importance = np.mean(list(pool.map(feature_importance, models, held_rows)), axis=0)
    size, latency = measure_serving_cost(models[0], development) if candidate.exportable else (0, 0.0)
    return OutOfFold(score, importance, float(np.mean(seconds)), size, latency)


def feature_importance(fitted: FittedModel, features: np.ndarray) -> np.ndarray:
    """Return the mean absolute contribution of each feature over some rows."""
    return np.asarray(np.abs(fitted.contributions(features[:ATTRIBUTED_ROWS])[:, :-1]).mean(axis=0))
