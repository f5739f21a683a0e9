"""How well protected attributes can be told from what the model does read: leaving a column out is not blindness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from metrics.ranking import auc
from scoring.fairness import Revealed
from training.candidates.boosting import N_TREES
from training.candidates.gradient_boosting import LIGHTGBM
from training.compiler.columns import Columns
from training.fairness.groups import AGE_BAND
from training.selection.splits import fold_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.candidates import Settings
    from training.fairness.groups import Grouping

LEAST_MEMBERS = 100
MOST_ROWS = 10_000
N_FOLDS = 3
N_TELLING = 5
_SETTINGS: Settings = {N_TREES: 80, "learning_rate": 0.1, "num_leaves": 15, "min_data_in_leaf": 20}


def measure_proxies(
    rows: np.ndarray,
    names: Sequence[str],
    default_probability: np.ndarray,
    groupings: Sequence[Grouping],
    *,
    seed: int,
) -> tuple[Revealed, ...]:
    """Try to tell each attribute that is no input from the inputs, and from the answer.

    Parameters
    ----------
    rows
        Raw values of the model's inputs, shape ``(n_applications, n_inputs)``.
    names
        Names of the inputs.
    """
    kept = np.random.default_rng(seed).permutation(len(rows))[:MOST_ROWS]
    rows, answers = rows[kept], default_probability[kept]
    hidden = [grouping.of(kept) for grouping in groupings if grouping.attribute != AGE_BAND]
    found = (_proxies_of(rows, names, answers, grouping, seed=seed) for grouping in hidden)
    return tuple(one for one in found if one is not None)


def _proxies_of(
    rows: np.ndarray, names: Sequence[str], answers: np.ndarray, grouping: Grouping, *, seed: int
) -> Revealed | None:
    counts = np.bincount(grouping.codes, minlength=len(grouping.groups))
    large = counts[grouping.codes] >= LEAST_MEMBERS
    if len(np.unique(grouping.codes[large])) < 2:  # noqa: PLR2004  there is nothing to tell apart
        return None
    rows, answers, codes = rows[large], answers[large], grouping.codes[large]
    inputs = [(name, _best_side(_known(column), codes)) for name, column in zip(names, rows.T, strict=True)]
    return Revealed(
        attribute=grouping.attribute,
        label=grouping.label,
        auc_of_inputs=_auc_of_classifier(rows, codes, seed=seed),
        auc_of_answer=_best_side(answers, codes),
        telling=tuple(sorted(inputs, key=lambda one: -one[1])[:N_TELLING]),
    )


def _auc_of_classifier(rows: np.ndarray, codes: np.ndarray, *, seed: int) -> float:
    """Return the AUC of boosted trees that tell each group from the rest, out of fold, weighted by size."""
    present, counts = np.unique(codes, return_counts=True)
    fold = fold_numbers(codes, n_folds=N_FOLDS, seed=seed)
    return float(np.average([_auc_of_one(rows, codes == code, fold, seed) for code in present], weights=counts))


def _auc_of_one(rows: np.ndarray, member: np.ndarray, fold: np.ndarray, seed: int) -> float:
    learner = LIGHTGBM.candidate(_SETTINGS, seed=seed)
    columns = Columns.free(np.zeros(rows.shape[1], np.int64))
    score = np.empty(len(rows))
    for number in range(N_FOLDS):
        held = fold == number
        score[held] = learner.fit(rows[~held], member[~held].astype(int), columns).score(rows[held])
    return auc(score, member.astype(int))


def _best_side(values: np.ndarray, codes: np.ndarray) -> float:
    """Return the same of one number, read upwards or downwards."""
    present, counts = np.unique(codes, return_counts=True)
    areas = [auc(values, (codes == code).astype(int)) for code in present]
    return float(np.average([max(area, 1 - area) for area in areas], weights=counts))


def _known(column: np.ndarray) -> np.ndarray:
    """Give missing values a place below all others: that a value is missing may tell, too."""
    lowest = np.nanmin(column) if not np.isnan(column).all() else 0.0
    return np.where(np.isnan(column), lowest - 1, column)
