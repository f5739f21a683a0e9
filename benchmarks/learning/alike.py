"""Columns learned from applicants alike, for measuring: the default rate of neighbours, the difference to one's group.

Both are learned inside each fit, so that out of fold no row is described by an outcome of its own fold; the neighbours
of a training row are looked for in the other part of the training rows, never among those that know its own outcome.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from sklearn.neighbors import KDTree

from training.compiler.columns import Columns
from training.selection.splits import fold_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.candidates import Candidate, FittedModel
    from training.compiler.ensembles import TreeEnsemble
    from training.compiler.linear import AdditiveModel

NEIGHBOURS = 500
_INNER_FOLDS = 5
_AGE_BAND_DAYS = 5 * 365.25


@dataclass(frozen=True, slots=True)
class Described:
    """A model that reads further columns beside its features."""

    model: FittedModel
    describe: Callable[[np.ndarray], np.ndarray]

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the model's score."""
        return self.model.score(np.hstack([features, self.describe(features)]))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the model's attributions."""
        return self.model.contributions(np.hstack([features, self.describe(features)]))

    def neutral_form(self) -> TreeEnsemble | AdditiveModel:
        """Refuse: the graph has no such columns, and would need them only if they helped."""
        raise NotImplementedError("applicants alike are measured, not exported")


def with_neighbours(candidate: Candidate, feature_names: Sequence[str], columns: Sequence[str]) -> Candidate:
    """Return the candidate reading the default rate of the `NEIGHBOURS` nearest on some columns."""
    places = [feature_names.index(name) for name in columns]

    def fit(features: np.ndarray, default: np.ndarray, told: Columns, weight: np.ndarray | None = None, /) -> Described:
        scale = _scale(features[:, places])
        points = scale(features[:, places])
        own = np.empty((len(points), 1))
        inner = fold_numbers(default, n_folds=_INNER_FOLDS, seed=0)
        for number in range(_INNER_FOLDS):
            out = inner == number
            own[out, 0] = _rates(points[~out], default[~out], points[out])
        model = candidate.fit(np.hstack([features, own]), default, _with_numbers(told, 1), weight)
        return Described(model, lambda rows: _rates(points, default, scale(rows[:, places]))[:, None])

    return replace(candidate, fit=fit, exportable=False)


def with_difference_to_group(
    candidate: Candidate, feature_names: Sequence[str], groups: Sequence[str], columns: Sequence[str]
) -> Candidate:
    """Return the candidate reading how far some columns lie from the mean of applicants alike.

    Parameters
    ----------
    groups
        What applicants alike share; ``DAYS_BIRTH`` in bands of five years.
    """
    places = [feature_names.index(name) for name in columns]
    shared = [feature_names.index(name) for name in groups]
    age = feature_names.index("DAYS_BIRTH")

    def keys(features: np.ndarray) -> list[bytes]:
        banded = features.copy()
        banded[:, age] = np.floor(banded[:, age] / _AGE_BAND_DAYS)
        return [row.tobytes() for row in np.nan_to_num(banded[:, shared], nan=-1.0)]

    def fit(features: np.ndarray, default: np.ndarray, told: Columns, weight: np.ndarray | None = None, /) -> Described:
        means = _group_means(keys(features), features[:, places])
        nobody = np.full(len(places), np.nan)

        def describe(rows: np.ndarray) -> np.ndarray:
            expected = np.array([means.get(key, nobody) for key in keys(rows)])
            return np.asarray(rows[:, places] - expected)

        further = np.hstack([features, describe(features)])
        return Described(candidate.fit(further, default, _with_numbers(told, len(places)), weight), describe)

    return replace(candidate, fit=fit, exportable=False)


def _with_numbers(columns: Columns, count: int) -> Columns:
    """Return the columns with further numbers after them, of which no direction is known."""
    none = np.zeros(count, np.int64)
    return Columns(np.append(columns.n_codes, none), np.append(columns.directions, none))


def _scale(points: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return what centres columns, divides them by their spread, and puts a missing value in the middle."""
    middle, spread = np.nanmean(points, axis=0), np.nanstd(points, axis=0)
    return lambda rows: np.nan_to_num((rows - middle) / np.where(spread > 0, spread, 1.0))


def _rates(known: np.ndarray, default: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """Return the default rate of the nearest known points."""
    nearest = KDTree(known).query(asked, k=min(NEIGHBOURS, len(known)), return_distance=False, sort_results=False)
    return np.asarray(default[nearest].mean(axis=1))


def _group_means(keys: Sequence[bytes], values: np.ndarray) -> dict[bytes, np.ndarray]:
    names, group = np.unique(np.array(keys, dtype=object), return_inverse=True)
    present = ~np.isnan(values)
    totals, counts = np.zeros((len(names), values.shape[1])), np.zeros((len(names), values.shape[1]))
    np.add.at(totals, group, np.nan_to_num(values))
    np.add.at(counts, group, present)
    with np.errstate(invalid="ignore"):
        means = totals / counts
    return dict(zip(names.tolist(), means, strict=True))
