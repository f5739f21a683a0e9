"""Reading the trees of libraries that compare in single precision into the neutral form, exactly.

scikit-learn and XGBoost round a value to float32 before they compare it. Rounding is monotone, so there is one double
at which the answer changes: the neutral form's threshold is the largest double that still goes left.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logit

from training.compiler.ensembles import LEAF, Tree, TreeEnsemble, single_leaf
from training.compiler.unproved import refuse_unproved_xgboost

if TYPE_CHECKING:
    from collections.abc import Sequence

LARGEST_FLOAT32 = np.finfo(np.float32).max


def largest_double_rounding_to_at_most(limit: np.ndarray) -> np.ndarray:
    """Return the largest doubles whose float32 is at most `limit`, itself float32.

    At or beyond the ends of float32 the answer is the end of the doubles: everything goes left, or nothing does.

    >>> x = largest_double_rounding_to_at_most(np.float32([0.1]))
    >>> (np.float32(x) <= np.float32(0.1)).item(), (np.float32(np.nextafter(x, 1)) <= np.float32(0.1)).item()
    (True, False)
    """
    limit = np.asarray(limit, np.float32)
    inside = np.clip(limit, -LARGEST_FLOAT32, np.nextafter(LARGEST_FLOAT32, np.float32(0)))
    above = np.nextafter(inside, LARGEST_FLOAT32)
    # Halfway between two floats a value goes to the even one of them: try it.
    halfway = inside.astype(np.float64) / 2 + above.astype(np.float64) / 2
    exact = np.where(halfway.astype(np.float32) <= inside, halfway, np.nextafter(halfway, -np.inf))
    return np.asarray(np.where(limit == inside, exact, np.copysign(np.finfo(np.float64).max, limit)))


def threshold_of_rounded_values(threshold: np.ndarray) -> np.ndarray:
    """Return the double t for which ``x <= t`` says what ``float32(x) <= threshold`` says, for x in float32's range.

    Parameters
    ----------
    threshold
        Doubles; an infinite one sends every known value to one side.
    """
    inside = np.clip(threshold, -LARGEST_FLOAT32, LARGEST_FLOAT32)
    nearest = inside.astype(np.float32)
    with np.errstate(over="ignore"):
        below = np.where(nearest > inside, np.nextafter(nearest, np.float32(-np.inf)), nearest)
    return largest_double_rounding_to_at_most(np.where(threshold < -LARGEST_FLOAT32, np.float32(-np.inf), below))


def in_float32_range(features: np.ndarray) -> np.ndarray:
    """Return the features with what is too large for float32 at its ends; missing stays missing."""
    return np.asarray(np.clip(features, -LARGEST_FLOAT32, LARGEST_FLOAT32))


def from_sklearn(trees: Sequence[Any], *, n_features: int) -> TreeEnsemble:
    """Read scikit-learn's ``tree_`` objects; a leaf holds its share of defaults over the number of trees."""
    return TreeEnsemble(tuple(_sklearn_tree(tree, len(trees)) for tree in trees), n_features)


def _sklearn_tree(tree: Any, n_trees: int) -> Tree:  # noqa: ANN401  scikit-learn's own class has no types
    inner = tree.children_left != LEAF
    shares = tree.value[:, 0, :]
    return Tree(
        feature=np.where(inner, tree.feature, LEAF).astype(np.int64),
        threshold=np.where(inner, threshold_of_rounded_values(tree.threshold), 0.0),
        default_left=inner & (np.asarray(tree.missing_go_to_left) != 0),
        left=np.where(inner, tree.children_left, 0).astype(np.int64),
        right=np.where(inner, tree.children_right, 0).astype(np.int64),
        value=np.where(inner, 0.0, shares[:, 1] / shares.sum(axis=1) / n_trees),
        cover=tree.weighted_n_node_samples.astype(np.float64),
    )


def from_xgboost(model: bytes | bytearray, *, n_features: int) -> TreeEnsemble:
    """Read a model that XGBoost saved as JSON; the first tree is the base score, in log-odds.

    Raises
    ------
    ModelError
        ``TRN205`` when the model was trained in a way whose export is not proved.
    """
    learner = json.loads(model)["learner"]
    refuse_unproved_xgboost(learner)
    # One number, written as a list of one since XGBoost 3.1.
    base = float(np.float32(str(learner["learner_model_param"]["base_score"]).strip("[]")))
    trees = learner["gradient_booster"]["model"]["trees"]
    return TreeEnsemble((single_leaf(float(logit(base))), *map(_xgboost_tree, trees)), n_features)


def _xgboost_tree(tree: dict[str, Any]) -> Tree:
    """Read one tree: XGBoost keeps a leaf's value where an inner node has its split."""
    left, right = (np.array(tree[name], np.int64) for name in ("left_children", "right_children"))
    inner = left != LEAF
    condition = np.array(tree["split_conditions"], np.float32)
    # ``x < c`` among floats is ``x <=`` the float before c.
    with np.errstate(over="ignore"):
        below = np.nextafter(condition, np.float32(-np.inf))
    return Tree(
        feature=np.where(inner, np.array(tree["split_indices"], np.int64), LEAF),
        threshold=np.where(inner, largest_double_rounding_to_at_most(np.where(inner, below, np.float32(0))), 0.0),
        default_left=inner & (np.array(tree["default_left"]) != 0),
        left=np.where(inner, left, 0),
        right=np.where(inner, right, 0),
        value=np.where(inner, 0.0, condition.astype(np.float64)),
        cover=np.array(tree["sum_hessian"], np.float64),
    )
