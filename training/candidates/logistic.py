"""Logistic regression: the baseline that a committee can read, and the simpler model that wins inside the noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sklearn.linear_model import LogisticRegression

from scoring.contract import Text
from training.candidates.family import Family
from training.candidates.search_space import SearchSpace
from training.compiler.linear import AdditiveModel

if TYPE_CHECKING:
    from training.candidates import Fit, Settings

# Winsorising: a linear term must not follow an income of a hundred millions.
TAILS = (0.005, 0.995)


@dataclass(frozen=True, slots=True)
class _Design:
    """How raw features become the columns of the regression; learned on the rows it is fitted on.

    Not scikit-learn's scaler and encoder: the export turns these arrays into slopes on raw values, a missing number
    becomes the mean and an indicator, and an unknown category has no column at all.
    """

    n_codes: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def learn(cls, features: np.ndarray, n_codes: np.ndarray) -> _Design:
        known = np.where(np.isnan(features).all(axis=0), 0.0, features)  # a column without a value stays constant
        lowest, highest = np.nanquantile(known, TAILS, axis=0)
        clipped = np.clip(known, lowest, highest)
        spread = np.nanstd(clipped, axis=0)
        return cls(n_codes, lowest, highest, np.nanmean(clipped, axis=0), np.where(spread > 0, spread, 1.0))

    def matrix(self, features: np.ndarray) -> np.ndarray:
        """Return standardised numbers, missing indicators, then one column a category."""
        missing = np.isnan(features)
        numbers = np.where(missing, 0.0, (np.clip(features, self.lowest, self.highest) - self.mean) / self.spread)
        numbers[:, self.n_codes > 0] = 0.0
        categories = [features[:, [j]] == np.arange(n) for j, n in enumerate(self.n_codes) if n]
        return np.hstack([numbers, missing, *categories]).astype(np.float64)


@dataclass(frozen=True, slots=True)
class Logistic:
    """A trained regression on the design of its features."""

    regression: LogisticRegression
    design: _Design
    term_means: np.ndarray

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return scikit-learn's decision function."""
        return np.asarray(self.regression.decision_function(self.design.matrix(features)))

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return each feature's term less its training mean, and the mean score."""
        terms = _terms(self.regression, self.design, features)
        base = float(self.regression.intercept_[0]) + self.term_means.sum()
        return np.column_stack([terms - self.term_means, np.full(len(features), base)])

    def neutral_form(self) -> AdditiveModel:
        """Return the regression on raw values: the standardisation moves into slopes and intercept."""
        n = len(self.design.n_codes)
        coefficients = self.regression.coef_[0]
        slope = np.where(self.design.n_codes > 0, 0.0, coefficients[:n] / self.design.spread)
        shift = slope * self.design.mean
        return AdditiveModel(
            intercept=float(self.regression.intercept_[0] - shift.sum()),
            slope=slope,
            lowest=self.design.lowest,
            highest=self.design.highest,
            missing_term=coefficients[n : 2 * n] + shift,
            is_category=self.design.n_codes > 0,
            category_terms=self._category_terms(coefficients[2 * n :]),
            mean_term=self.term_means + shift,
        )

    def _category_terms(self, coefficients: np.ndarray) -> np.ndarray:
        n_codes = self.design.n_codes
        table = np.zeros((len(n_codes), max(int(n_codes.max()), 1)))
        stops = np.cumsum(n_codes)
        for feature in np.flatnonzero(n_codes):
            stop = stops[feature]
            table[feature, : n_codes[feature]] = coefficients[stop - n_codes[feature] : stop]
        return table


def _terms(regression: LogisticRegression, design: _Design, features: np.ndarray) -> np.ndarray:
    """Sum the regression's columns by the feature they come from, shape ``(n_applications, n_features)``."""
    weighted = design.matrix(features) * regression.coef_[0]
    n = len(design.n_codes)
    terms = weighted[:, :n] + weighted[:, n : 2 * n]
    stop = 2 * n
    for feature in np.flatnonzero(design.n_codes):
        start, stop = stop, stop + design.n_codes[feature]
        terms[:, feature] += weighted[:, start:stop].sum(axis=1)
    return np.asarray(terms)


def _learn(settings: Settings, seed: int) -> Fit:
    """Use scikit-learn's inverse strength of the penalty, C."""
    del seed  # nothing is random in it
    penalty = float(settings["C"])

    def fit(
        features: np.ndarray, default: np.ndarray, n_codes: np.ndarray, weight: np.ndarray | None = None, /
    ) -> Logistic:
        design = _Design.learn(features, n_codes)
        # Many more rows than columns: a few Newton steps, exact where lbfgs takes hundreds.
        regression = LogisticRegression(C=penalty, solver="newton-cholesky", max_iter=100, tol=1e-6)
        regression.fit(design.matrix(features), default, sample_weight=weight)
        return Logistic(regression, design, _terms(regression, design, features).mean(axis=0))

    return fit


LOGISTIC_REGRESSION = Family(
    "logistic_regression",
    Text(fr="régression logistique", en="logistic regression"),
    complexity=1,
    learn=_learn,
    settings={"C": 0.05},
    searchable=frozenset({"C"}),
    space=SearchSpace({"C": (0.005, 0.02, 0.05, 0.2, 1.0)}),
    draws=False,
)
