"""LIME beside the exact attributions: a local linear model of the same answer (Ribeiro et al., 2016)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from lime.lime_tabular import LimeTabularExplainer
from scipy.special import logit
from scipy.stats import spearmanr
from sklearn.impute import SimpleImputer

if TYPE_CHECKING:
    from training.explanations.overall import Explained

N_SAMPLES = 2_000
MOST_REFERENCE = 3_000
N_STRONGEST = 5


@dataclass(frozen=True, slots=True)
class LimeCheck:
    """What LIME says of one application, and how far it agrees.

    Attributes
    ----------
    weights
        Weight of each input in log-odds, shape ``(n_inputs,)``; 0 for inputs that are missing or always alike.
    fit
        R² of the local linear model: below one half it describes the answer badly, whatever it says.
    rank_correlation
        Spearman's, between weights and exact contributions.
    shared
        How many of the five strongest inputs are the same.
    opposed
        Labels of the inputs among the five strongest of either whose signs differ.
    """

    weights: np.ndarray
    fit: float
    rank_correlation: float
    shared: int
    opposed: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """Say in French where the two disagree."""
        said = f"{self.shared} des {N_STRONGEST} entrées les plus fortes sont les mêmes"
        if self.opposed:
            return f"{said} ; signes opposés sur : {', '.join(self.opposed)}."
        return f"{said} ; aucun signe opposé parmi elles."


def check_by_lime(explained: Explained, values: np.ndarray, exact: np.ndarray, *, seed: int) -> LimeCheck:
    """Check the exact contributions of one application by LIME.

    What is unknown of the application stays unknown: LIME cannot vary a missing value.

    Parameters
    ----------
    values
        Raw values of the application, shape ``(n_inputs,)``.
    exact
        Its exact contributions by input, to compare with.
    """
    # LIME knows no missing value: in what it draws from, the median stands in the place of one.
    reference = SimpleImputer(strategy="median", keep_empty_features=True).fit_transform(
        explained.rows[:MOST_REFERENCE]
    )
    varied = np.flatnonzero(~np.isnan(values) & (reference.std(axis=0) > 0))

    def margins(samples: np.ndarray) -> np.ndarray:
        rows = np.tile(values, (len(samples), 1))
        rows[:, varied] = samples
        return np.asarray(logit(explained.model.score(rows).default_probability))

    categories = [place for place, index in enumerate(varied) if explained.contract.inputs[index].kind != "number"]
    lime = LimeTabularExplainer(
        reference[:, varied],
        mode="regression",
        categorical_features=categories,
        feature_selection="none",
        random_state=seed,
    )
    told = lime.explain_instance(values[varied], margins, num_features=len(varied), num_samples=N_SAMPLES)
    weights = np.zeros(len(values))
    for place, weight in told.local_exp[1]:
        weights[varied[place]] = weight
    return _compared(explained, weights, exact, fit=float(told.score))


def _compared(explained: Explained, weights: np.ndarray, exact: np.ndarray, *, fit: float) -> LimeCheck:
    strongest = [set(np.argsort(-np.abs(values), kind="stable")[:N_STRONGEST].tolist()) for values in (weights, exact)]
    opposed = [index for index in sorted(strongest[0] | strongest[1]) if weights[index] * exact[index] < 0]
    return LimeCheck(
        weights=weights,
        fit=fit,
        rank_correlation=float(spearmanr(weights, exact).statistic),
        shared=len(strongest[0] & strongest[1]),
        opposed=tuple(explained.contract.inputs[index].label.fr for index in opposed),
    )
