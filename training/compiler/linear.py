"""One neutral form for linear models: a sum of terms, one a feature, on raw values."""

from __future__ import annotations

from dataclasses import dataclass

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
    is_category, category_terms
        A category's term is ``category_terms[feature, code]``, shape ``(n_features, n_codes)``.
    mean_term
        Mean of each term over the training rows: what attributions are measured from.
    """

    intercept: float
    slope: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    is_category: np.ndarray
    category_terms: np.ndarray
    mean_term: np.ndarray

    def explainer_arrays(self, *, scale: float, offset: float) -> dict[str, np.ndarray]:
        """Return the arrays of `scoring.explanation.LinearExplainer` for the margin ``scale * score + offset``."""
        return {
            "kind": np.array("linear"),
            "base_value": np.array(scale * (self.intercept + self.mean_term.sum()) + offset),
            "slope": scale * self.slope,
            "lowest": self.lowest,
            "highest": self.highest,
            "is_category": self.is_category,
            "category_terms": scale * self.category_terms,
            "mean_term": scale * self.mean_term,
        }
