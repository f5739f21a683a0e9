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
class FoldedApplications:
    """Labelled applications in folds, of which nothing has been computed: what holds them holds no matrix.

    Attributes
    ----------
    fold
        Fold number of each application, shape ``(n_applications,)``.
    seed
        Of the folds, of searches and of the bootstrap.
    """

    data: LabelledDataset
    fold: np.ndarray
    seed: int

    @classmethod
    def of(cls, data: LabelledDataset, *, n_folds: int, seed: int) -> FoldedApplications:
        """Put all applications of a data set into folds, stratified by outcome."""
        return cls(data, fold_numbers(data.default, n_folds=n_folds, seed=seed), seed)

    def over(self, space: FeatureSpace) -> Development:
        """Return the development data over a space, which learns here how to read what is missing."""
        learned, features = space.learned_from(self.data.columns(space.input_names))
        return Development(learned, self.data, features, self.fold, self.seed)


@dataclass(frozen=True, slots=True)
class Development:
    """Labelled applications over the inputs of a space.

    Attributes
    ----------
    space
        What is learned from; it has learned here how to read what is missing.
    data
        The applications, with the inputs of `space` at least.
    features
        What the graph makes of them, computed once for all candidates; in Fortran order, shape
        ``(n_applications, n_features)``.
    fold
        Fold number of each application, shape ``(n_applications,)``.
    seed
        Of the folds, of searches and of the bootstrap.
    """

    space: FeatureSpace
    data: LabelledDataset
    features: np.ndarray
    fold: np.ndarray
    seed: int

    @classmethod
    def of(cls, data: LabelledDataset, space: FeatureSpace, *, n_folds: int, seed: int) -> Development:
        """Put all applications of a data set into folds, stratified by outcome."""
        return FoldedApplications.of(data, n_folds=n_folds, seed=seed).over(space)

    @property
    def rows(self) -> np.ndarray:
        """Raw values of the inputs of `space`, read anew each time; shape ``(n_applications, n_inputs)``."""
        return self.data.columns(self.space.input_names)

    @property
    def default(self) -> np.ndarray:
        """Outcome of each application, shape ``(n_applications,)``."""
        return self.data.default

    @property
    def n_folds(self) -> int:
        """Folds that hold an application."""
        return len(np.unique(self.fold))

    def over(self, space: FeatureSpace) -> Development:
        """Return the same applications over a space of fewer inputs, or of other derivations."""
        return FoldedApplications(self.data, self.fold, self.seed).over(space)

    def with_rows(self, rows: np.ndarray, space: FeatureSpace) -> Development:
        """Return the same applications with other columns: the raw values of the inputs of `space`."""
        data = replace(self.data, values=rows, input_names=space.input_names)
        return replace(self, data=data).over(space)

    def sample(self, size: int, n_folds: int) -> Development:
        """Return part of the applications, and `n_folds` folds of them."""
        generator = np.random.default_rng(self.seed)
        kept = np.sort(generator.permutation(len(self.default))[:size])
        return replace(
            self,
            data=self.data.at(kept),
            features=np.asfortranarray(self.features[kept]),
            fold=self.fold[kept] % n_folds,
        )
