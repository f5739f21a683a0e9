"""The development data: the applications that every candidate is trained and judged on, in the folds all share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from training.selection.splits import fold_numbers

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace


@dataclass(frozen=True, slots=True)
class Development:
    """Labelled applications over the inputs of a space.

    Attributes
    ----------
    rows
        Raw values of the inputs of `space`, which has learned from them how to read what is missing; shape
        ``(n_applications, n_inputs)``.
    features
        What the graph makes of them, computed once for all candidates; shape ``(n_applications, n_features)``.
    default, fold
        Outcome and fold number of each application, shape ``(n_applications,)``.
    seed
        Of the folds, of searches and of the bootstrap.
    """

    space: FeatureSpace
    rows: np.ndarray
    features: np.ndarray
    default: np.ndarray
    fold: np.ndarray
    seed: int

    @classmethod
    def of(cls, data: LabelledDataset, space: FeatureSpace, *, n_folds: int, seed: int) -> Development:
        """Put all applications of a data set into folds, stratified by outcome."""
        rows = data.columns(space.input_names)
        fold = fold_numbers(data.default, n_folds=n_folds, seed=seed)
        learned, features = space.learned_from(rows)
        return cls(learned, rows, features, data.default, fold, seed)

    @property
    def n_folds(self) -> int:
        """Folds that hold an application."""
        return len(np.unique(self.fold))

    def over(self, space: FeatureSpace) -> Development:
        """Return the same applications over a space of fewer inputs, or of other derivations."""
        place = {name: index for index, name in enumerate(self.space.input_names)}
        columns = [place[name] for name in space.input_names]
        return self.with_rows(np.ascontiguousarray(self.rows[:, columns]), space)

    def with_rows(self, rows: np.ndarray, space: FeatureSpace) -> Development:
        """Return the same applications with other columns: the raw values of the inputs of `space`."""
        learned, features = space.learned_from(rows)
        return replace(self, space=learned, rows=rows, features=features)

    def sample(self, size: int, n_folds: int) -> Development:
        """Return part of the applications, and `n_folds` folds of them."""
        generator = np.random.default_rng(self.seed)
        kept = np.sort(generator.permutation(len(self.default))[:size])
        return replace(
            self,
            rows=self.rows[kept],
            features=self.features[kept],
            default=self.default[kept],
            fold=self.fold[kept] % n_folds,
        )
