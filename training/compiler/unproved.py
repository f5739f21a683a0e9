"""Settings of the boosters whose export or whose monotone constraints are not proved: refused by name, with the reason.

A converter or a constraint that goes wrong does so in silence: the graph is written, the probabilities are others. What
is listed here was seen to go wrong in the libraries, or cannot be said by the neutral form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from training.errors import ModelError

if TYPE_CHECKING:
    import lightgbm

_AVERAGED = "its leaves are averaged, or rescaled after they were learnt"
_PARALLEL = "several trees a round are read wrongly by converters, and no test here proves them"
_ONE_LOG_ODDS = "the score must be one log-odds, which calibration and reasons read"
_CONSTRAINTS = "it breaks monotone constraints in silence"
# By LightGBM's own name of the parameter: how the model file writes what is allowed, and why nothing else is.
_LIGHTGBM: dict[str, tuple[str, str]] = {
    "boosting": ("gbdt", _AVERAGED),
    "linear_tree": ("0", "its leaves are lines, which neither the graph nor the attributions hold"),
    "zero_as_missing": ("0", "the neutral form knows a missing value by NaN alone"),
    "sigmoid": ("1", _ONE_LOG_ODDS),
    "objective": ("binary", _ONE_LOG_ODDS),
    "quant_train_renew_leaf": ("0", _CONSTRAINTS),
}
_ADVANCED = "advanced"
_REFIT = "refit_decay_rate"
# What a search space is told of a parameter that it must not name, in any of the spellings that the libraries take.
NOT_SEARCHED: dict[str, dict[str, str]] = {
    "lightgbm": {name: reason for name, (_, reason) in _LIGHTGBM.items()}
    | dict.fromkeys(("boosting_type", "boost"), _AVERAGED)
    | dict.fromkeys(("objective_type", "application", "num_class"), _ONE_LOG_ODDS)
    | {"linear_trees": _LIGHTGBM["linear_tree"][1], "monotone_constraints_method": _CONSTRAINTS, _REFIT: _CONSTRAINTS},
    "xgboost": dict.fromkeys(("booster", "rate_drop", "one_drop", "skip_drop"), _AVERAGED)
    | dict.fromkeys(("objective", "num_class"), _ONE_LOG_ODDS)
    | {"num_parallel_tree": _PARALLEL},
}


def refuse_unproved_lightgbm(booster: lightgbm.Booster) -> None:
    """Refuse a LightGBM booster that was trained with a setting of the list, or refitted.

    Raises
    ------
    ModelError
        ``TRN205``, with the setting and the reason.
    """
    parameters = _lightgbm_parameters(booster)
    for name, (allowed, reason) in _LIGHTGBM.items():
        if parameters[name] != allowed:
            raise _refusal("lightgbm", f"{name} = {parameters[name]}", reason, f"{name} = {allowed}")
    if parameters["monotone_constraints"] and parameters["monotone_constraints_method"] == _ADVANCED:
        method = "monotone_constraints_method"
        raise _refusal("lightgbm", f"{method} = {_ADVANCED}", _CONSTRAINTS, f"{method} = basic or intermediate")
    # The model file does not tell a refit; the booster that came of it does.
    if _REFIT in booster.params:
        raise _refusal("lightgbm", "refit", "its leaves are other than those learnt, and " + _CONSTRAINTS, "no refit")


def _lightgbm_parameters(booster: lightgbm.Booster) -> dict[str, str]:
    """Return the parameters as the model file tells them, defaults included."""
    _, _, written = booster.model_to_string(num_iteration=1).partition("\nparameters:\n")
    pairs = (line[1:-1].split(": ", 1) for line in written.splitlines() if line.startswith("["))
    return dict(pairs)


def refuse_unproved_xgboost(learner: dict[str, Any]) -> None:
    """Refuse a model that XGBoost saved as JSON when its trees are not simply added up in log-odds.

    The name of the booster does not tell: one that dropped trees while it learnt is saved as ``gbtree`` too, whatever
    ``booster`` was, and only its ``weight_drop`` says that each tree counts for its own share.

    Raises
    ------
    ModelError
        ``TRN205``, with the setting and the reason.
    """
    booster, objective = learner["gradient_booster"], learner["objective"]["name"]
    if booster["name"] != "gbtree":
        raise _refusal("xgboost", f"booster = {booster['name']}", "it is no sum of trees", "booster = gbtree")
    if objective != "binary:logistic":
        raise _refusal("xgboost", f"objective = {objective}", _ONE_LOG_ODDS, "objective = binary:logistic")
    model = booster["model"]
    if "weight_drop" in model:
        raise _refusal("xgboost", "rate_drop above 0", _AVERAGED, "rate_drop = 0")
    parallel = model["gbtree_model_param"]["num_parallel_tree"]
    if parallel != "1":
        raise _refusal("xgboost", f"num_parallel_tree = {parallel}", _PARALLEL, "num_parallel_tree = 1")
    if any(tree["categories_nodes"] for tree in model["trees"]):
        raise _refusal("xgboost", "enable_categorical", "the neutral form has numeric splits only", "ranked categories")


def _refusal(family: str, found: str, reason: str, instead: str) -> ModelError:
    return ModelError("TRN205", f"{family} with {found} is not exported: {reason}; train with {instead}")
