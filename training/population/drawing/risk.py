"""The true probability of default: what the application shows, plus traits that only the histories reveal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import expit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes
    from training.population.drawing.draws import Tree

# Weight of each trait in the log-odds of default. Chosen so that a model finds about 0.76 AUC without histories and
# 0.79 with them, as on the real data, while the true probabilities themselves stay near 0.81.
TRAIT_WEIGHTS = {"indiscipline": 0.50, "burden": 0.50, "strain": 0.48}


@dataclass(frozen=True)
class RiskModel:
    """Log-odds of default as a sum of small trees over the application, standardised, and of latent traits.

    Parameters
    ----------
    predictors
        Columns the trees compare.
    trees
        Trees over the codes of the predictors.
    effects
        Effect of each leaf on the log-odds, per tree.
    mean, spread
        Of the sum of effects over the population.
    intercept, slope
        Log-odds at the mean, and per standard deviation of the sum.
    """

    predictors: tuple[str, ...]
    trees: Sequence[Tree]
    effects: Sequence[NDArray[np.float64]]
    mean: float
    spread: float
    intercept: float
    slope: float

    def application_risk(self, codes: Mapping[str, Codes]) -> NDArray[np.float64]:
        """Return what the application says of the risk, with mean 0 and deviation 1 over the population."""
        known = np.stack([codes[name] for name in self.predictors])
        total = np.zeros(known.shape[1])
        for tree, effects in zip(self.trees, self.effects, strict=True):
            total += effects[tree.leaves(known)]
        standard: NDArray[np.float64] = (total - self.mean) / self.spread
        return standard

    def default_probability(
        self, application_risk: NDArray[np.float64], traits: Mapping[str, NDArray[np.float64]]
    ) -> NDArray[np.float64]:
        """Return the true probability of default of each applicant."""
        log_odds = self.intercept + self.slope * application_risk
        for name, weight in TRAIT_WEIGHTS.items():
            log_odds = log_odds + weight * traits[name]
        probability: NDArray[np.float64] = expit(log_odds)
        return probability


def drawn_traits(rng: np.random.Generator, n_applicants: int) -> dict[str, NDArray[np.float64]]:
    """Return the latent traits of applicants: standard normal, independent of the application.

    ``indiscipline`` shows in late and partial payments, ``burden`` in debt at other lenders, ``strain`` in past
    refusals and in the use of the card. Higher means riskier.
    """
    return {name: rng.standard_normal(n_applicants) for name in TRAIT_WEIGHTS}
