"""Variants of boosting that are measured and not served: what was tried to do better than the model."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import lightgbm
import numpy as np

from training.candidates import Candidate
from training.candidates.boosting import parameters_and_trees
from training.candidates.gradient_boosting import LIGHTGBM, REPRODUCIBLE, BoostedTrees

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.candidates import FittedModel, Settings
    from training.compiler.ensembles import TreeEnsemble
    from training.compiler.linear import AdditiveModel

MANY_VALUED = 6
# Signs that nobody would dispute: more external score is less risk, more loan over goods or defaults around is more.
SIGNS = {
    "EXT_SOURCE_1": -1,
    "EXT_SOURCE_2": -1,
    "EXT_SOURCE_3": -1,
    "EXT_SOURCE_MEAN": -1,
    "EXT_SOURCE_MINIMUM": -1,
    "EXT_SOURCE_MAXIMUM": -1,
    "EXT_SOURCE_2_3_PRODUCT": -1,
    "EXT_SOURCE_1_2_3_PRODUCT": -1,
    "CREDIT_TO_GOODS_RATIO": 1,
    "REGION_RATING_CLIENT": 1,
    "REGION_RATING_CLIENT_W_CITY": 1,
    "DEF_30_CNT_SOCIAL_CIRCLE": 1,
}


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
    """Replace the codes of some columns by their share of the training rows; missing stays missing."""
    result = features.copy()
    for column, share in shares.items():
        known = ~np.isnan(features[:, column])
        result[known, column] = share[features[known, column].astype(np.int64)]
    return result


def frequency_coded(candidate: Candidate) -> Candidate:
    """Return the candidate reading frequencies of many-valued categories, learned without the target in each fold."""

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> FrequencyCoded:
        shares = {}
        for column in np.flatnonzero(n_codes > MANY_VALUED).tolist():
            known = features[~np.isnan(features[:, column]), column].astype(np.int64)
            shares[column] = np.bincount(known, minlength=n_codes[column]) / max(len(known), 1)
        return FrequencyCoded(candidate.fit(coded(features, shares), default, n_codes, weight), shares)

    return replace(candidate, fit=fit, exportable=False)


def monotone(candidate: Candidate, feature_names: Sequence[str]) -> Candidate:
    """Return LightGBM with the sign of known effects fixed."""
    signs = ",".join(str(SIGNS.get(name, 0)) for name in feature_names)
    return LIGHTGBM.candidate({**candidate.parameters, "monotone_constraints": signs}, seed=0, name=candidate.name)


def native_categories(settings: Settings, *, seed: int) -> Candidate:
    """Return LightGBM with its own categorical splits, which would explode in ONNX."""
    parameters, n_trees = parameters_and_trees(settings, seed)

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> BoostedTrees:
        columns = np.flatnonzero(n_codes).tolist()
        data = lightgbm.Dataset(features, default, weight=weight, categorical_feature=columns)
        return BoostedTrees(lightgbm.train(REPRODUCIBLE | parameters, data, num_boost_round=n_trees))

    return Candidate("native", LIGHTGBM.name, LIGHTGBM.complexity, fit, dict(settings), exportable=False)
