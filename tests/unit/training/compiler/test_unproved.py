"""A booster whose export or whose monotone constraints are not proved is refused, whatever it would have scored."""

from __future__ import annotations

from typing import Any

import lightgbm
import numpy as np
import pytest
import xgboost

from training.compiler.ensembles import from_lightgbm
from training.compiler.tree_reading import from_xgboost
from training.errors import ModelError

GENERATOR = np.random.default_rng(0)
ROWS = GENERATOR.normal(size=(400, 2))
DEFAULT = (ROWS[:, 0] + GENERATOR.normal(size=400) > 0).astype(int)


def lightgbm_with(settings: dict[str, Any]) -> lightgbm.Booster:
    """Train a tiny LightGBM booster with a setting."""
    plain = {"objective": "binary", "verbose": -1, "num_threads": 1, "num_leaves": 4}
    return lightgbm.train(plain | settings, lightgbm.Dataset(ROWS, DEFAULT), num_boost_round=3)


def xgboost_with(settings: dict[str, Any], data: xgboost.DMatrix | None = None) -> bytearray:
    """Train a tiny XGBoost booster with a setting; return it as saved."""
    plain = {"objective": "binary:logistic", "max_depth": 2, "nthread": 1, "verbosity": 0}
    booster = xgboost.train(plain | settings, data or xgboost.DMatrix(ROWS, DEFAULT), num_boost_round=5)
    return booster.save_raw("json")


UNPROVED_LIGHTGBM: list[tuple[dict[str, Any], str]] = [
    ({"linear_tree": True}, "linear_tree = 1"),
    ({"zero_as_missing": True}, "zero_as_missing = 1"),
    ({"boosting": "rf", "bagging_freq": 1, "bagging_fraction": 0.5}, "boosting = rf"),
    ({"boosting": "dart"}, "boosting = dart"),
    ({"sigmoid": 2.0}, "sigmoid = 2"),
    ({"objective": "multiclassova", "num_class": 2}, "objective = multiclassova"),
    ({"monotone_constraints": [1, 0], "monotone_constraints_method": "advanced"}, "method = advanced"),
    ({"use_quantized_grad": True, "quant_train_renew_leaf": True}, "quant_train_renew_leaf = 1"),
]


@pytest.mark.parametrize(("settings", "named"), UNPROVED_LIGHTGBM, ids=str)
def test_lightgbm_that_is_not_proved_is_refused(settings: dict[str, Any], named: str) -> None:
    """The message names the setting, and the one to train with instead."""
    with pytest.raises(ModelError, match=rf"TRN205: lightgbm with .*{named} is not exported: .*; train with"):
        from_lightgbm(lightgbm_with(settings))


def test_lightgbm_is_refused_after_it_was_saved() -> None:
    """The settings travel with the model file: reading it back hides nothing."""
    saved = lightgbm_with({"linear_tree": True}).model_to_string()

    with pytest.raises(ModelError, match=r"TRN205.*linear_tree"):
        from_lightgbm(lightgbm.Booster(model_str=saved))


def test_refitted_lightgbm_is_refused() -> None:
    """A refit moves the leaves without a look at the constraints."""
    refitted = lightgbm_with({"monotone_constraints": [1, 0]}).refit(ROWS, 1 - DEFAULT)

    with pytest.raises(ModelError, match=r"TRN205: lightgbm with refit"):
        from_lightgbm(refitted)


@pytest.mark.parametrize("method", ["basic", "intermediate"])
def test_lightgbm_keeps_the_constraints_that_hold(method: str) -> None:
    """The two methods that keep monotone constraints are exported."""
    booster = lightgbm_with({"monotone_constraints": [1, 0], "monotone_constraints_method": method})

    assert len(from_lightgbm(booster).trees) == booster.num_trees()


UNPROVED_XGBOOST: list[tuple[dict[str, Any], str]] = [
    ({"booster": "dart", "rate_drop": 0.5, "one_drop": 1}, "rate_drop above 0"),
    ({"booster": "gbtree", "rate_drop": 0.5, "one_drop": 1}, "rate_drop above 0"),
    ({"num_parallel_tree": 2}, "num_parallel_tree = 2"),
    ({"booster": "gblinear"}, "booster = gblinear"),
    ({"objective": "binary:logitraw"}, "objective = binary:logitraw"),
]


@pytest.mark.parametrize(
    ("settings", "named"), UNPROVED_XGBOOST, ids=[str(settings) for settings, _ in UNPROVED_XGBOOST]
)
def test_xgboost_that_is_not_proved_is_refused(settings: dict[str, Any], named: str) -> None:
    """Dropped trees are seen by their weights: the saved model calls itself ``gbtree`` either way."""
    with pytest.raises(ModelError, match=rf"TRN205: xgboost with {named} is not exported: .*; train with"):
        from_xgboost(xgboost_with(settings), n_features=2)


def test_xgboost_with_native_categories_is_refused() -> None:
    """A split by a set of categories is none of the neutral form."""
    codes = np.abs(ROWS.round())
    data = xgboost.DMatrix(codes, DEFAULT, feature_types=["c", "q"], enable_categorical=True)

    with pytest.raises(ModelError, match=r"TRN205.*enable_categorical"):
        from_xgboost(xgboost_with({}, data), n_features=2)


def test_dart_that_drops_nothing_is_a_sum_of_trees() -> None:
    """Without dropped trees dart is plain boosting, and XGBoost saves it as such."""
    assert len(from_xgboost(xgboost_with({"booster": "dart"}), n_features=2).trees) == 1 + 5
