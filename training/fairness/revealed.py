"""How well protected attributes can be told from what the model does read: leaving a column out is not blindness."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.model_selection import cross_val_predict

from training.fairness.groups import AGE_BAND
from training.fairness.model import Revealed
from training.metrics import auc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.fairness.groups import Grouping

LEAST_MEMBERS = 100
MOST_ROWS = 20_000
N_FOLDS = 3
N_TELLING = 5


def measure_revealed(
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
    found = (_revealed(rows, names, answers, grouping, seed=seed) for grouping in hidden)
    return tuple(one for one in found if one is not None)


def _revealed(
    rows: np.ndarray, names: Sequence[str], answers: np.ndarray, grouping: Grouping, *, seed: int
) -> Revealed | None:
    counts = np.bincount(grouping.codes, minlength=len(grouping.groups))
    large = counts[grouping.codes] >= LEAST_MEMBERS
    if len(np.unique(grouping.codes[large])) < 2:  # noqa: PLR2004  there is nothing to tell apart
        return None
    rows, answers, codes = rows[large], answers[large], grouping.codes[large]
    classifier = HistGradientBoostingClassifier(max_iter=60, random_state=seed, early_stopping=False)
    chances = cross_val_predict(classifier, rows, codes, cv=N_FOLDS, method="predict_proba")
    inputs = [(name, _best_side(_known(column), codes)) for name, column in zip(names, rows.T, strict=True)]
    return Revealed(
        attribute=grouping.attribute,
        label=grouping.label,
        auc_of_inputs=_auc_of_each(chances, codes),
        auc_of_answer=_best_side(answers, codes),
        telling=tuple(sorted(inputs, key=lambda one: -one[1])[:N_TELLING]),
    )


def _auc_of_each(chances: np.ndarray, codes: np.ndarray) -> float:
    """Return the AUC of each group against the rest, weighted by size."""
    present, counts = np.unique(codes, return_counts=True)
    areas = [auc(chance, (codes == code).astype(int)) for code, chance in zip(present, chances.T, strict=True)]
    return float(np.average(areas, weights=counts))


def _best_side(values: np.ndarray, codes: np.ndarray) -> float:
    """Return the same of one number, read upwards or downwards."""
    present, counts = np.unique(codes, return_counts=True)
    areas = [auc(values, (codes == code).astype(int)) for code in present]
    return float(np.average([max(area, 1 - area) for area in areas], weights=counts))


def _known(column: np.ndarray) -> np.ndarray:
    """Give missing values a place below all others: that a value is missing may tell, too."""
    lowest = np.nanmin(column) if not np.isnan(column).all() else 0.0
    return np.where(np.isnan(column), lowest - 1, column)
