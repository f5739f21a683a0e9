"""Logistic regression: the baseline that a committee can read, and the simpler model that wins inside the noise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.linalg import solve_triangular
from scipy.optimize import lsq_linear
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from scoring.contract import Text
from training.candidates.family import Family
from training.candidates.search_space import SearchSpace
from training.compiler.linear import AdditiveModel

if TYPE_CHECKING:
    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns

# Winsorising: a linear term must not follow an income of a hundred millions.
TAILS = (0.005, 0.995)
_MOST_STEPS = 50
_CLOSE = 1e-8


@dataclass(frozen=True, slots=True)
class _Design:
    """How features become the columns of the regression; learned on the rows it is fitted on.

    Not scikit-learn's scaler and encoder: the export turns these arrays into slopes on raw values, and an unknown
    category has no column at all.
    """

    n_codes: np.ndarray
    lowest: np.ndarray
    highest: np.ndarray
    mean: np.ndarray
    spread: np.ndarray

    @classmethod
    def learn(cls, features: np.ndarray, n_codes: np.ndarray) -> _Design:
        lowest, highest = np.quantile(features, TAILS, axis=0)
        clipped = np.clip(features, lowest, highest)
        spread = clipped.std(axis=0)
        return cls(n_codes, lowest, highest, clipped.mean(axis=0), np.where(spread > 0, spread, 1.0))

    def matrix(self, features: np.ndarray) -> np.ndarray:
        """Return standardised numbers, then one column a category."""
        numbers = (np.clip(features, self.lowest, self.highest) - self.mean) / self.spread
        numbers[:, self.n_codes > 0] = 0.0
        categories = [features[:, [j]] == np.arange(n) for j, n in enumerate(self.n_codes) if n]
        return np.hstack([numbers, *categories]).astype(np.float64)

    def signs(self, directions: np.ndarray) -> np.ndarray:
        """Return the sign each column must keep, 0 for any."""
        return np.concatenate([directions, np.zeros(int(self.n_codes.sum()), np.int64)])


@dataclass(frozen=True, slots=True)
class Logistic:
    """A trained regression on the design of its features.

    Attributes
    ----------
    intercept, coefficients
        Of the design's columns.
    term_means
        Mean of each feature's term over the training rows.
    """

    intercept: float
    coefficients: np.ndarray
    design: _Design
    term_means: np.ndarray

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the log-odds before calibration."""
        return np.asarray(self.design.matrix(features) @ self.coefficients + self.intercept)

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return each feature's term less its training mean, and the mean score."""
        terms = _terms(self.coefficients, self.design, features)
        base = self.intercept + self.term_means.sum()
        return np.column_stack([terms - self.term_means, np.full(len(features), base)])

    def neutral_form(self) -> AdditiveModel:
        """Return the regression on raw values: the standardisation moves into slopes and intercept."""
        n = len(self.design.n_codes)
        slope = np.where(self.design.n_codes > 0, 0.0, self.coefficients[:n] / self.design.spread)
        shift = slope * self.design.mean
        return AdditiveModel(
            intercept=float(self.intercept - shift.sum()),
            slope=slope,
            lowest=self.design.lowest,
            highest=self.design.highest,
            is_category=self.design.n_codes > 0,
            category_terms=self._category_terms(self.coefficients[n:]),
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


def _terms(coefficients: np.ndarray, design: _Design, features: np.ndarray) -> np.ndarray:
    """Sum the regression's columns by the feature they come from, shape ``(n_applications, n_features)``."""
    weighted = design.matrix(features) * coefficients
    stop = len(design.n_codes)
    terms = weighted[:, :stop]
    for feature in np.flatnonzero(design.n_codes):
        start, stop = stop, stop + design.n_codes[feature]
        terms[:, feature] += weighted[:, start:stop].sum(axis=1)
    return np.asarray(terms)


def _learn(settings: Settings, seed: int) -> Fit:
    """Use scikit-learn's inverse strength of the penalty, C."""
    del seed  # nothing is random in it
    penalty = float(settings["C"])

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> Logistic:
        design = _Design.learn(features, columns.n_codes)
        intercept, coefficients = fit_signed(
            design.matrix(features), default, design.signs(columns.directions), penalty=penalty, weight=weight
        )
        return Logistic(intercept, coefficients, design, _terms(coefficients, design, features).mean(axis=0))

    return fit


def fit_signed(
    matrix: np.ndarray, default: np.ndarray, signs: np.ndarray, *, penalty: float, weight: np.ndarray | None
) -> tuple[float, np.ndarray]:
    """Return intercept and coefficients of the regularised regression whose coefficients keep their signs.

    scikit-learn's regression has no bounds: its answer is the start, and the answer where it keeps them.
    """
    # Many more rows than columns: a few Newton steps, exact where lbfgs takes hundreds.
    free = LogisticRegression(C=penalty, solver="newton-cholesky", max_iter=100, tol=1e-6)
    free.fit(matrix, default, sample_weight=weight)
    found = np.append(free.coef_[0], free.intercept_[0])
    wrong = np.append(signs, 0) * found < 0
    if not wrong.any():
        return float(found[-1]), found[:-1]
    rows = np.ones(len(default)) if weight is None else weight
    bounds = np.array([(0.0 if sign > 0 else -np.inf, 0.0 if sign < 0 else np.inf) for sign in (*signs.tolist(), 0)])
    bounded = _newton_within(np.where(wrong, 0.0, found), bounds, matrix, default, rows, penalty=penalty)
    return float(bounded[-1]), bounded[:-1]


def _newton_within(
    start: np.ndarray,
    bounds: np.ndarray,
    matrix: np.ndarray,
    default: np.ndarray,
    rows: np.ndarray,
    *,
    penalty: float,
) -> np.ndarray:
    """Return the parameters of least penalised loss within bounds, the intercept last.

    Newton's method, each step to the least of the quadratic model within the bounds: a handful of passes over the rows
    where a method without curvature takes hundreds.

    Parameters
    ----------
    bounds
        Lowest and highest value of each parameter, shape ``(n_columns + 1, 2)``.
    rows
        Weight of each application.
    """
    shrinking = np.append(np.full(matrix.shape[1], 1 / penalty), 0.0)
    parameters = start
    for _ in range(_MOST_STEPS):
        chance = expit(matrix @ parameters[:-1] + parameters[-1])
        error, curvature = rows * (chance - default), rows * chance * (1 - chance)
        slope = np.append(matrix.T @ error, error.sum()) + shrinking * parameters
        step = _least_within(_bordered_gram(matrix, curvature) + np.diag(shrinking), slope, (bounds.T - parameters).T)
        parameters = parameters + step
        if np.abs(step).max() <= _CLOSE * max(1.0, np.abs(parameters).max()):
            break
    return np.asarray(np.clip(parameters, *bounds.T))


def _bordered_gram(matrix: np.ndarray, curvature: np.ndarray) -> np.ndarray:
    """Return ``X' diag(curvature) X``, where X has a last column of ones."""
    weighted = matrix * curvature[:, None]
    beside = weighted.sum(axis=0)
    return np.block([[matrix.T @ weighted, beside[:, None]], [beside[None], curvature.sum()]])


def _least_within(gram: np.ndarray, slope: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Return the step within bounds of least ``step' gram step / 2 + slope' step`` (as least squares, by Cholesky)."""
    root = np.linalg.cholesky(gram)
    target = solve_triangular(root, -slope, lower=True)
    return np.asarray(lsq_linear(root.T, target, bounds=tuple(bounds.T), method="bvls", tol=_CLOSE).x)


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
