"""Every family by name, made from settings: what searches and comparisons build candidates with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.candidates.constant import dummy
from training.candidates.forests import decision_tree, random_forest
from training.candidates.gradient_boosting import boosted_trees
from training.candidates.logistic import logistic
from training.candidates.xgboosting import extreme_boosted_trees

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.candidates import Candidate

FAMILIES = ("dummy", "logistic_regression", "decision_tree", "random_forest", "xgboost", "lightgbm")


def candidate_of(
    family: str, settings: Mapping[str, float | int | str], *, seed: int, name: str | None = None
) -> Candidate:
    """Return the candidate of a family with some settings, in its library's own names."""
    match family:
        case "dummy":
            return dummy()
        case "logistic_regression":
            return logistic(penalty=float(settings["C"]))
        case "decision_tree":
            return decision_tree(settings, seed=seed)
        case "random_forest":
            return random_forest(settings, seed=seed, name=name or family)
        case "xgboost":
            return extreme_boosted_trees(settings, seed=seed, name=name or family)
        case "lightgbm":
            return boosted_trees(name or family, settings, seed=seed)
        case _:
            raise KeyError(family)
