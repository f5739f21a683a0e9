"""Fit the true risk: boosted trees over the application, deep enough for interactions, at the real default rate."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
from scipy.optimize import brentq
from scipy.special import expit

from training.population.drawing.risk import TRAIT_WEIGHTS, RiskModel, drawn_traits
from training.population.fitting.chain import as_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from training.population.drawing.chain import Chain
    from training.population.drawing.codes import Codes
    from training.population.drawing.draws import Tree

# Standard deviation of the application's log-odds in the population: gives models the AUC they reach on real data.
APPLICATION_SLOPE = 1.11
# The default rate of the whole real training set.
DEFAULT_RATE = 0.0807

_PARAMETERS = {
    "objective": "binary",
    "num_leaves": 12,
    "learning_rate": 0.04,
    "min_data_in_leaf": 250,
    "feature_fraction": 0.3,
    "lambda_l2": 10.0,
    "num_threads": 1,
    "verbose": -1,
    "seed": 0,
}
_N_TREES = 320
_N_DRAWN = 60_000


def fit_risk(codes: Mapping[str, Codes], default: NDArray[np.float64], application: Chain) -> RiskModel:
    """Return the risk model fitted on the codes of the real training applications.

    The scale is set on drawn applications, so that the population, not the real sample, has the intended spread.

    Parameters
    ----------
    codes
        Codes of all applications, training first.
    default
        1 for default, per training application.
    application
        The chain that draws applications.
    """
    names = tuple(name for name in codes if name != "IS_TEST")
    known = np.stack([codes[name][: len(default)] for name in names])
    table = lgb.Dataset(known.T.astype(np.float32), default)
    booster = lgb.train(_PARAMETERS, table, num_boost_round=_N_TREES)
    used = np.flatnonzero(booster.feature_importance("split"))
    place = {int(feature): i for i, feature in enumerate(used)}
    parts = [_tree_and_effects(info["tree_structure"], place) for info in booster.dump_model()["tree_info"]]
    trees, effects = zip(*parts, strict=True)
    model = RiskModel(tuple(names[i] for i in used), trees, effects, 0.0, 1.0, 0.0, APPLICATION_SLOPE)
    return scaled(model, application)


def scaled(model: RiskModel, application: Chain) -> RiskModel:
    """Return the model with mean, spread and intercept set on drawn training applications."""
    rng = np.random.default_rng(2)
    drawn = application.draw(rng, _N_DRAWN, {"IS_TEST": np.zeros(_N_DRAWN, dtype=np.uint16)})
    total = replace(model, mean=0.0, spread=1.0).application_risk(drawn.codes)
    model = replace(model, mean=float(total.mean()), spread=float(total.std()), slope=APPLICATION_SLOPE)
    log_odds = APPLICATION_SLOPE * model.application_risk(drawn.codes)
    for name, trait in drawn_traits(rng, _N_DRAWN).items():
        log_odds += TRAIT_WEIGHTS[name] * trait
    return replace(model, intercept=brentq(lambda a: expit(a + log_odds).mean() - DEFAULT_RATE, -8.0, 2.0))


def _tree_and_effects(structure: Mapping[str, Any], place: Mapping[int, int]) -> tuple[Tree, NDArray[np.float64]]:
    """Return one boosted tree as flat arrays, and the effect of each leaf to four decimals."""
    feature: list[int] = []
    threshold: list[float] = []
    left: list[int] = []
    right: list[int] = []
    effects: list[float] = []

    def add(node: Mapping[str, Any]) -> int:
        here = len(feature)
        feature.append(place.get(node.get("split_feature", -1), -1))
        threshold.append(node.get("threshold", 0.0))
        left.append(-1)
        right.append(-1)
        if "leaf_value" in node:
            effects.append(round(node["leaf_value"], 4))
        else:
            left[here] = add(node["left_child"])
            right[here] = add(node["right_child"])
        return here

    add(structure)
    return as_tree(np.array(feature), np.array(threshold), np.array(left), np.array(right)), np.array(effects)
