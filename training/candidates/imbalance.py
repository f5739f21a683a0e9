"""What may be done about defaults being rare, inside the folds: nothing, weights, under-sampling, SMOTE.

Each moves the score, and calibration moves it back: what is compared is what is learned, not where the score lies.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from imblearn.over_sampling import SMOTE, SMOTENC
from imblearn.under_sampling import RandomUnderSampler
from sklearn.utils.class_weight import compute_sample_weight

from training.candidates import NO_REBALANCING, Candidate

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.candidates import Fit, FittedModel
    from training.compiler.columns import Columns

CLASS_WEIGHTS = "class_weights"
UNDER_SAMPLING = "under_sampling"
OVER_SAMPLING = "smote"


def rebalanced(candidate: Candidate, strategy: str, *, seed: int) -> Candidate:
    """Return the candidate learning from rows that `strategy` has changed."""
    if strategy == NO_REBALANCING:
        return candidate
    return replace(
        candidate,
        name=f"{candidate.name}+{strategy}",
        complexity=candidate.complexity,
        fit=STRATEGIES[strategy](candidate.fit, seed),
        imbalance=strategy,
    )


def _with_weights(fit: Fit, seed: int) -> Fit:
    del seed

    def fit_weighted(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        balanced = compute_sample_weight("balanced", default)
        return fit(features, default, columns, balanced if weight is None else weight * balanced)

    return fit_weighted


def _with_under_sampling(fit: Fit, seed: int) -> Fit:
    def fit_on_fewer(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        sampler = RandomUnderSampler(random_state=seed)
        sampler.fit_resample(np.arange(len(default))[:, None], default)
        kept = np.sort(sampler.sample_indices_)
        return fit(features[kept], default[kept], columns, None if weight is None else weight[kept])

    return fit_on_fewer


def _with_over_sampling(fit: Fit, seed: int) -> Fit:
    def fit_on_more(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        del weight  # a synthetic row has none
        rows, outcomes = oversample(features, default, columns.n_codes, seed=seed)
        return fit(rows, outcomes, columns)

    return fit_on_more


def oversample(
    features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, *, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """Add synthetic defaults until both outcomes are as frequent (Chawla et al., 2002), on standardised numbers."""
    spread = np.where(n_codes > 0, 1.0, features.std(axis=0))
    spread = np.where(spread > 0, spread, 1.0)
    sampler = (
        SMOTENC(np.flatnonzero(n_codes).tolist(), random_state=seed) if n_codes.any() else SMOTE(random_state=seed)
    )
    rows, outcomes = sampler.fit_resample(features / spread, default)
    return np.vstack([features, rows[len(features) :] * spread]), np.asarray(outcomes)


STRATEGIES: dict[str, Callable[[Fit, int], Fit]] = {
    CLASS_WEIGHTS: _with_weights,
    UNDER_SAMPLING: _with_under_sampling,
    OVER_SAMPLING: _with_over_sampling,
}
