"""Which application is learned from and which only judges: decided before anything is learned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold, train_test_split

HOLD_OUT_SHARE = 0.2
# Fewer defaults, or fewer credits repaid, can neither set a threshold nor tell the costs of two models apart.
LEAST_DEFAULTS = 100


@dataclass(frozen=True, slots=True)
class Split:
    """Row numbers of both parts, ascending.

    Attributes
    ----------
    development
        Rows that candidates, threshold and calibration come from.
    hold_out
        Rows read once, by the candidate that reaches the end.
    """

    development: np.ndarray
    hold_out: np.ndarray


def split_applications(default: np.ndarray, *, seed: int) -> Split:
    """Split stratified by outcome."""
    rows = np.arange(len(default))
    development, hold_out = train_test_split(rows, test_size=HOLD_OUT_SHARE, random_state=seed, stratify=default)
    return Split(np.sort(development), np.sort(hold_out))


def fold_numbers(default: np.ndarray, *, n_folds: int, seed: int) -> np.ndarray:
    """Return the fold of each row, stratified by outcome: the same folds for all candidates."""
    folds = StratifiedKFold(n_folds, shuffle=True, random_state=seed)
    numbers = np.empty(len(default), np.int64)
    for number, (_, held) in enumerate(folds.split(np.zeros(len(default)), default)):
        numbers[held] = number
    return numbers
