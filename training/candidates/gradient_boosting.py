"""LightGBM as a candidate: shallow trees, many of them, so that attribution tables stay small."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import lightgbm
import numpy as np

from training.candidates import Candidate
from training.compiler.ensembles import TreeEnsemble, from_lightgbm

if TYPE_CHECKING:
    from collections.abc import Mapping

N_TREES = "n_trees"
# The same data, seed and versions give the same bytes. One thread a fit: folds are trained side by side instead, which
# uses the cores as well and does not come to a halt when another program holds one of them. Predictions too: LightGBM
# has one number of threads for the whole process, and a prediction that began with another one writes past its buffers
# when a fit beside it sets it to one.
_ONE = 1
REPRODUCIBLE = {
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": _ONE,
    "objective": "binary",
    "verbose": -1,
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


def boosted_trees(name: str, parameters: Mapping[str, float | int | str], *, seed: int) -> Candidate:
    """Return a LightGBM candidate; `parameters` are LightGBM's own and ``n_trees``."""
    settings = {key: value for key, value in parameters.items() if key != N_TREES} | {"seed": seed}
    n_trees = int(parameters[N_TREES])

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> BoostedTrees:
        del n_codes  # categories are read as their rank: native categorical splits explode in ONNX
        data = lightgbm.Dataset(features, default, weight=weight)
        return BoostedTrees(lightgbm.train(REPRODUCIBLE | settings, data, num_boost_round=n_trees))

    return Candidate(name, 4, fit, {**settings, N_TREES: n_trees}, family="lightgbm")
