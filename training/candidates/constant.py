"""The dummy: everybody has the default rate. What a model must beat to be worth anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logit
from sklearn.dummy import DummyClassifier

from scoring.contract import Text
from training.candidates.family import Family
from training.compiler.ensembles import TreeEnsemble, single_leaf

if TYPE_CHECKING:
    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns


@dataclass(frozen=True, slots=True)
class Constant:
    """One log-odds for all."""

    log_odds: float
    n_features: int

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the same score for every row."""
        return np.full(len(features), self.log_odds)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return no contribution at all beside the base value."""
        return np.hstack([np.zeros((len(features), self.n_features)), self.score(features)[:, None]])

    def neutral_form(self) -> TreeEnsemble:
        """Return a tree that never splits."""
        return TreeEnsemble((single_leaf(self.log_odds),), self.n_features)


def _learn(settings: Settings, seed: int) -> Fit:
    """Use scikit-learn's dummy that predicts the prior."""
    del settings, seed

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> Constant:
        del columns
        prior = DummyClassifier(strategy="prior").fit(features, default, sample_weight=weight)
        return Constant(float(logit(prior.predict_proba(features[:1])[0, 1])), features.shape[1])

    return fit


DUMMY = Family(
    "dummy",
    Text(fr="réponse constante", en="constant answer"),
    complexity=0,
    learn=_learn,
    settings={},
    draws=False,
    rebalanced=False,
)
