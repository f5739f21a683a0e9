"""The dummy: everybody has the default rate. What a model must beat to be worth anything."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import logit
from sklearn.dummy import DummyClassifier

from training.candidates import Candidate
from training.compiler.ensembles import TreeEnsemble, single_leaf


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


def dummy() -> Candidate:
    """Return scikit-learn's dummy that predicts the prior."""

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> Constant:
        del n_codes
        prior = DummyClassifier(strategy="prior").fit(features, default, sample_weight=weight)
        return Constant(float(logit(prior.predict_proba(features[:1])[0, 1])), features.shape[1])

    return Candidate(name="dummy", complexity=0, fit=fit, parameters={}, family="dummy")
