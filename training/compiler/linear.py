"""One neutral form for linear models: a sum of terms, one a feature, on raw values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np


@dataclass(frozen=True, slots=True)
class AdditiveModel:
    """A score that is ``intercept + sum of term(feature)``.

    Attributes
    ----------
    intercept
        Score of a row whose terms are all zero.
    slope, lowest, highest
        A number's term is ``slope * clip(value, lowest, highest)``; shape ``(n_features,)``.
    missing_term
        Term of a missing value, shape ``(n_features,)``.
    is_category, category_terms
        A category's term is ``category_terms[feature, code]``, shape ``(n_features, n_codes)``.
    mean_term
        Mean of each term over the training rows: what attributions are measured from.
    """

    intercept: float
    slope: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    missing_term: np.ndarray
    is_category: np.ndarray
    category_terms: np.ndarray
    mean_term: np.ndarray

    def with_missing_as(self, fill: np.ndarray) -> AdditiveModel:
        """Give a missing value the term of `fill`, shape ``(n_features,)``: what imputing before the model does."""
        numeric = self.slope * np.clip(fill, self.lowest, self.highest)
        codes = np.where(self.is_category, fill, 0).astype(np.int64)
        return replace(
            self,
            missing_term=np.where(self.is_category, self.category_terms[np.arange(len(fill)), codes], numeric),
        )

    def explainer_arrays(self, *, scale: float, offset: float) -> dict[str, np.ndarray]:
        """Return the arrays of `scoring.explanation.LinearExplainer` for the margin ``scale * score + offset``."""
        return {
            "kind": np.array("linear"),
            "base_value": np.array(scale * (self.intercept + self.mean_term.sum()) + offset),
            "slope": scale * self.slope,
            "lowest": self.lowest,
            "highest": self.highest,
            "missing_term": scale * self.missing_term,
            "is_category": self.is_category,
            "category_terms": scale * self.category_terms,
            "mean_term": scale * self.mean_term,
        }
