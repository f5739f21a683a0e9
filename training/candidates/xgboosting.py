"""XGBoost as a candidate: the library routes in single precision, and its leaves are added in double."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xgboost

from scoring.contract import Text
from training.candidates.boosting import N_TREES, RANGES, parameters_and_trees
from training.candidates.family import Family
from training.candidates.search_space import Range, SearchSpace
from training.candidates.shapley import tree_contributions
from training.compiler.tree_reading import from_xgboost, in_float32_range

if TYPE_CHECKING:
    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns
    from training.compiler.ensembles import TreeEnsemble

_REPRODUCIBLE = {"objective": "binary:logistic", "tree_method": "hist", "nthread": 1, "verbosity": 0}
# XGBoost's own, which the matrix has to be told too.
_MAX_BIN = 256


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


def _learn(settings: Settings, seed: int) -> Fit:
    """Use XGBoost's own parameters, and ``n_trees``."""
    parameters, n_trees = parameters_and_trees(settings, seed)
    max_bin = int(settings.get("max_bin", _MAX_BIN))

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> ExtremeBoostedTrees:
        kept = {"monotone_constraints": tuple(columns.directions.tolist())}
        # The trees of a DMatrix at half its memory; it keeps the bins alone, and nothing can be scored with it.
        data = xgboost.QuantileDMatrix(in_float32_range(features), default, weight=weight, nthread=1, max_bin=max_bin)
        return ExtremeBoostedTrees(xgboost.train(_REPRODUCIBLE | kept | parameters, data, num_boost_round=n_trees))

    return fit


XGBOOST = Family(
    "xgboost",
    Text(fr="XGBoost", en="XGBoost"),
    complexity=4,
    learn=_learn,
    settings={
        N_TREES: 250,
        "learning_rate": 0.08,
        "max_depth": 3,
        "min_child_weight": 8.0,
        "subsample": 0.8,
        "colsample_bytree": 0.3,
        "reg_lambda": 10.0,
    },
    searchable=frozenset(
        {
            *RANGES,
            "max_leaves",
            "min_child_weight",
            "gamma",
            "subsample",
            "colsample_bytree",
            "colsample_bylevel",
            "colsample_bynode",
            "reg_alpha",
            "reg_lambda",
            "max_delta_step",
            "max_bin",
        }
    ),
    space=SearchSpace(
        ranges={
            **RANGES,
            "min_child_weight": Range(1.0, 60.0, log=True),
            "subsample": Range(0.5, 1.0),
            "colsample_bytree": Range(0.15, 0.8),
            "reg_lambda": Range(1.0, 100.0, log=True),
        }
    ),
    boosted=True,
)
