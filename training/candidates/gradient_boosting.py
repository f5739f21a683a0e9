"""LightGBM as a candidate: shallow trees, many of them, so that attribution tables stay small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import lightgbm
import numpy as np

from scoring.contract import Text
from training.candidates.boosting import N_TREES, RANGES, parameters_and_trees
from training.candidates.family import Family
from training.candidates.search_space import Range, SearchSpace
from training.compiler.ensembles import TreeEnsemble, from_lightgbm

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns

# The same data, seed and versions give the same bytes. One thread a fit: folds are trained side by side instead, which
# uses the cores as well and does not come to a halt when another program holds one of them. Predictions too: LightGBM
# has one number of threads for the whole process, and a prediction that began with another one writes past its buffers
# when a fit beside it sets it to one.
_ONE = 1
REPRODUCIBLE = {
    "deterministic": True,
    # The trees of row-wise histograms, in half the time where a tree sees three columns in ten.
    "force_col_wise": True,
    "num_threads": _ONE,
    "objective": "binary",
    "verbose": -1,
    # What the edges of the bins are looked for among is held in memory, 14 bytes a cell: four times as many move them
    # by a hundredth of a bin.
    "bin_construct_sample_cnt": 50_000,
}


@dataclass(frozen=True, slots=True)
class BoostedTrees:
    """A trained booster; its score is the log-odds before calibration."""

    booster: lightgbm.Booster

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return LightGBM's raw score."""
        return np.asarray(self.booster.predict(features, raw_score=True, num_threads=_ONE))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return LightGBM's ``pred_contrib``."""
        return np.asarray(self.booster.predict(features, pred_contrib=True, num_threads=_ONE))

    def neutral_form(self) -> TreeEnsemble:
        """Return the trees."""
        return from_lightgbm(self.booster)


@dataclass(frozen=True, slots=True)
class _Boosting:
    """How LightGBM learns, by its own parameters, and how many trees."""

    parameters: Settings
    n_trees: int

    def __call__(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> BoostedTrees:
        settings = self._settings(columns)
        return self._grown(settings, lightgbm.Dataset(features, default, weight=weight, params=settings))

    def on_parts_of(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, /
    ) -> Callable[[np.ndarray], BoostedTrees]:
        """Put the values into bins once: a part of them is a twelfth of its rows in memory, and takes no sorting.

        The edges come from all rows, as those of a model that is trained on all of them do; no outcome has a part in
        them.
        """
        settings = self._settings(columns)
        binned = lightgbm.Dataset(features, default, params=settings).construct()
        return lambda rows: self._grown(settings, binned.subset(rows))  # type: ignore[arg-type]  # an array is as good

    def _settings(self, columns: Columns) -> dict[str, Any]:
        # Categories are read as their rank: native categorical splits explode in ONNX. Of the ways to keep directions
        # `advanced` does not keep them.
        kept = {
            "monotone_constraints": columns.directions.tolist(),
            "monotone_constraints_method": "intermediate",
        }
        return REPRODUCIBLE | kept | dict(self.parameters)

    def _grown(self, settings: dict[str, Any], data: lightgbm.Dataset) -> BoostedTrees:
        return BoostedTrees(lightgbm.train(settings, data, num_boost_round=self.n_trees))


def _learn(settings: Settings, seed: int) -> Fit:
    """Use LightGBM's own parameters, and ``n_trees``."""
    return _Boosting(*parameters_and_trees(settings, seed))


LIGHTGBM = Family(
    "lightgbm",
    Text(fr="LightGBM", en="LightGBM"),
    complexity=4,
    learn=_learn,
    settings={
        # Depth 3: as good as deeper trees on this data, and a leaf's attribution table has 2^3 outcomes at most.
        "max_depth": 3,
        "num_leaves": 8,
        "min_data_in_leaf": 80,
        "feature_fraction": 0.3,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "lambda_l2": 10.0,
        "learning_rate": 0.04,
        N_TREES: 800,
    },
    searchable=frozenset(
        {
            *RANGES,
            "num_leaves",
            "min_data_in_leaf",
            "min_sum_hessian_in_leaf",
            "feature_fraction",
            "feature_fraction_bynode",
            "bagging_fraction",
            "bagging_freq",
            "lambda_l1",
            "lambda_l2",
            "min_gain_to_split",
            "path_smooth",
            "extra_trees",
            "max_bin",
        }
    ),
    space=SearchSpace(
        ranges={
            **RANGES,
            "min_data_in_leaf": Range(20, 400, log=True),
            "feature_fraction": Range(0.1, 0.8),
            "bagging_fraction": Range(0.5, 1.0),
            "lambda_l2": Range(1.0, 100.0, log=True),
            "path_smooth": Range(0.0, 20.0),
        }
    ),
    boosted=True,
)
# Where many models are compared with one another, and where inputs are chosen, boosters are short.
SHORT: Settings = {**LIGHTGBM.settings, "learning_rate": 0.08, N_TREES: 250}
SHORT_NAME = "lightgbm_short"
