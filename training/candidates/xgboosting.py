"""XGBoost as a candidate: the library routes in single precision, and its leaves are added in double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xgboost

from training.candidates import Candidate
from training.candidates.shapley import tree_contributions
from training.compiler.tree_reading import from_xgboost, in_float32_range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.compiler.ensembles import TreeEnsemble

N_TREES = "n_trees"
_REPRODUCIBLE = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "verbosity": 0}


@dataclass(frozen=True, slots=True)
class ExtremeBoostedTrees:
    """A trained booster; its score is the log-odds before calibration."""

    booster: xgboost.Booster

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the sum of the leaves that XGBoost names.

        XGBoost adds them in single precision, where the order of addition moves the seventh digit: too coarse a ruler
        for an export that must not change one decision.
        """
        form = self.neutral_form()
        leaves = self.booster.predict(xgboost.DMatrix(in_float32_range(features)), pred_leaf=True).astype(np.int64)
        base, *trees = form.trees
        score = np.full(len(features), base.value[0])
        for tree, reached in zip(trees, leaves.reshape(len(features), -1).T, strict=True):
            score += tree.value[reached]
        return score

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return TreeSHAP in double precision (XGBoost's own ``pred_contribs`` is single)."""
        return tree_contributions(self.neutral_form(), features)

    def neutral_form(self) -> TreeEnsemble:
        """Return the trees, after one that is the base score."""
        return from_xgboost(self.booster.save_raw("json"), n_features=self.booster.num_features())


def extreme_boosted_trees(
    parameters: Mapping[str, float | int | str], *, seed: int, name: str = "xgboost"
) -> Candidate:
    """Return an XGBoost candidate; `parameters` are XGBoost's own and ``n_trees``."""
    settings = {key: value for key, value in parameters.items() if key != N_TREES} | {"seed": seed}
    n_trees = int(parameters[N_TREES])

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> ExtremeBoostedTrees:
        del n_codes
        data = xgboost.DMatrix(in_float32_range(features), default, weight=weight)
        return ExtremeBoostedTrees(xgboost.train(_REPRODUCIBLE | settings, data, num_boost_round=n_trees))

    return Candidate(name, 4, fit, {**settings, N_TREES: n_trees}, family="xgboost")
