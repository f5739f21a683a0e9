"""scikit-learn's decision tree and random forest: the score is the mean share of defaults of the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from scoring.contract import Text
from training.candidates.family import Family
from training.candidates.search_space import SearchSpace
from training.candidates.shapley import tree_contributions
from training.compiler.tree_reading import from_sklearn, in_float32_range

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns
    from training.compiler.ensembles import TreeEnsemble

# A leaf's attribution table has 2^depth outcomes: deeper trees cannot be explained in a package of reasonable size.
DEEPEST_EXPORTED = 6
# Of a forest. Sixty trees of so many rows each see all there are, and a leaf of depth six has hundreds of them.
MOST_ROWS_A_TREE = 50_000


@dataclass(frozen=True, slots=True)
class AveragedTrees:
    """Trained trees; their score is a probability, turned into log-odds by the calibration."""

    library: DecisionTreeClassifier | RandomForestClassifier
    trees: Sequence[DecisionTreeClassifier]

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return scikit-learn's probability of default, before calibration."""
        return np.asarray(self.library.predict_proba(in_float32_range(features))[:, 1])

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return TreeSHAP of the mean probability; scikit-learn offers none."""
        return tree_contributions(self.neutral_form(), features)

    def neutral_form(self) -> TreeEnsemble:
        """Return the trees, each leaf its part of the mean."""
        return from_sklearn([tree.tree_ for tree in self.trees], n_features=int(self.library.n_features_in_))


def _learn_tree(settings: Settings, seed: int) -> Fit:
    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> AveragedTrees:
        tree = DecisionTreeClassifier(**settings, random_state=seed, monotonic_cst=columns.directions)
        tree.fit(in_float32_range(features), default, sample_weight=weight)
        return AveragedTrees(tree, [tree])

    return fit


def _learn_forest(settings: Settings, seed: int) -> Fit:
    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> AveragedTrees:
        own = {"max_samples": min(len(default), MOST_ROWS_A_TREE), **settings}
        forest = RandomForestClassifier(**own, random_state=seed, n_jobs=1, monotonic_cst=columns.directions)
        forest.fit(in_float32_range(features), default, sample_weight=weight)
        return AveragedTrees(forest, forest.estimators_)

    return fit


def _bounded(settings: Settings) -> bool:
    """Say whether a forest can be served; one of unbounded depth competes all the same."""
    return int(settings.get("max_depth", DEEPEST_EXPORTED + 1)) <= DEEPEST_EXPORTED


DECISION_TREE = Family(
    "decision_tree",
    Text(fr="arbre de décision", en="decision tree"),
    complexity=2,
    learn=_learn_tree,
    settings={"max_depth": 5, "min_samples_leaf": 100},
    searchable=frozenset(DecisionTreeClassifier().get_params()) - {"random_state", "class_weight"},
    space=SearchSpace({"max_depth": (3, 4, 5, DEEPEST_EXPORTED), "min_samples_leaf": (50, 150, 400)}),
)
RANDOM_FOREST = Family(
    "random_forest",
    Text(fr="forêt aléatoire", en="random forest"),
    complexity=3,
    learn=_learn_forest,
    settings={"n_estimators": 60, "max_depth": DEEPEST_EXPORTED, "min_samples_leaf": 30, "max_features": 0.2},
    searchable=frozenset(RandomForestClassifier().get_params()) - {"random_state", "class_weight", "n_jobs"},
    space=SearchSpace(
        {
            "n_estimators": (100,),
            "max_depth": (5, DEEPEST_EXPORTED),
            "min_samples_leaf": (20, 80),
            "max_features": (0.2, 0.4),
        }
    ),
    exportable=_bounded,
)
# What the bound on depth costs a forest: this one competes, and cannot be served.
DEEP_FOREST: Settings = {"n_estimators": 100, "min_samples_leaf": 30, "max_features": 0.2}
