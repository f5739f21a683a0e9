"""Variants of boosting that are measured and not served: what was tried to do better than the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lightgbm
import numpy as np

from training.candidates import Candidate
from training.candidates.boosting import parameters_and_trees
from training.candidates.gradient_boosting import LIGHTGBM, REPRODUCIBLE, BoostedTrees
from training.compiler.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.candidates import FittedModel, Settings
    from training.compiler.ensembles import TreeEnsemble
    from training.compiler.linear import AdditiveModel

MANY_VALUED = 6


@dataclass(frozen=True, slots=True)
class FrequencyCoded:
    """A model that reads how frequent a category is instead of its place in the vocabulary."""

    model: FittedModel
    shares: Mapping[int, np.ndarray]

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the model's score of the coded rows."""
        return self.model.score(coded(features, self.shares))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the model's attributions of the coded rows."""
        return self.model.contributions(coded(features, self.shares))

    def neutral_form(self) -> TreeEnsemble | AdditiveModel:
        """Refuse: the graph has no such coding, and would need it only if it helped."""
        raise NotImplementedError("frequency coding is measured, not exported")


def coded(features: np.ndarray, shares: Mapping[int, np.ndarray]) -> np.ndarray:
    """Replace the codes of some columns by their share of the training rows."""
    result = features.copy()
    for column, share in shares.items():
        result[:, column] = share[features[:, column].astype(np.int64)]
    return result


def frequency_coded(candidate: Candidate) -> Candidate:
    """Return the candidate reading frequencies of many-valued categories, learned without the target in each fold."""

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FrequencyCoded:
        shares = {}
        for column in np.flatnonzero(columns.n_codes > MANY_VALUED).tolist():
            codes = features[:, column].astype(np.int64)
            shares[column] = np.bincount(codes, minlength=columns.n_codes[column]) / len(codes)
        return FrequencyCoded(candidate.fit(coded(features, shares), default, columns, weight), shares)

    return replace(candidate, fit=fit, exportable=False)


def without_directions(candidate: Candidate) -> Candidate:
    """Return the candidate free to turn the wrong way: what its soundness costs is measured against it."""

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        return candidate.fit(features, default, Columns.free(columns.n_codes), weight)

    return replace(candidate, fit=fit, exportable=False)


def native_categories(settings: Settings, *, seed: int) -> Candidate:
    """Return LightGBM with its own categorical splits, which would explode in ONNX."""
    parameters, n_trees = parameters_and_trees(settings, seed)

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> BoostedTrees:
        categories = np.flatnonzero(columns.n_codes).tolist()
        data = lightgbm.Dataset(features, default, weight=weight, categorical_feature=categories)
        return BoostedTrees(lightgbm.train(REPRODUCIBLE | parameters, data, num_boost_round=n_trees))

    return Candidate("native", LIGHTGBM.name, LIGHTGBM.complexity, fit, dict(settings), exportable=False)
