"""scikit-learn's decision tree and random forest: the score is the mean share of defaults of the leaves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.tree import DecisionTreeClassifier

from training.candidates import Candidate
from training.candidates.shapley import tree_contributions
from training.compiler.tree_reading import from_sklearn, in_float32_range

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.compiler.ensembles import TreeEnsemble

# A leaf's attribution table has 2^depth outcomes: deeper trees cannot be explained in a package of reasonable size.
DEEPEST_EXPORTED = 6


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


def decision_tree(parameters: Mapping[str, float | int | str], *, seed: int) -> Candidate:
    """Return a single tree; `parameters` are scikit-learn's."""

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> AveragedTrees:
        del n_codes
        tree = DecisionTreeClassifier(**parameters, random_state=seed)
        tree.fit(in_float32_range(features), default, sample_weight=weight)
        return AveragedTrees(tree, [tree])

    return Candidate("decision_tree", 2, fit, {**parameters, "seed": seed}, family="decision_tree")


def random_forest(parameters: Mapping[str, float | int | str], *, seed: int, name: str = "random_forest") -> Candidate:
    """Return a forest; `parameters` are scikit-learn's. One of unbounded depth competes, but cannot be served."""

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> AveragedTrees:
        del n_codes
        forest = RandomForestClassifier(**parameters, random_state=seed, n_jobs=1)
        forest.fit(in_float32_range(features), default, sample_weight=weight)
        return AveragedTrees(forest, forest.estimators_)

    bounded = int(parameters.get("max_depth", DEEPEST_EXPORTED + 1)) <= DEEPEST_EXPORTED
    return Candidate(name, 3, fit, {**parameters, "seed": seed}, family="random_forest", exportable=bounded)
