"""The families that compete: each gives a score, and the neutral form it is exported and explained from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np

    from training.ensembles import TreeEnsemble
    from training.linear import AdditiveModel


class FittedModel(Protocol):
    """A trained member of a family."""

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the family's own additive score, as its library computes it; shape ``(n_applications,)``."""

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the library's attributions and, last, the base value; shape ``(n_applications, n_features + 1)``."""

    def neutral_form(self) -> TreeEnsemble | AdditiveModel:
        """Return what the graph and the attribution tables are made from."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family with its settings.

    Attributes
    ----------
    name
        As in tables and in the registry.
    complexity
        Rank by which the simpler model wins inside the noise; lower is simpler.
    fit
        ``fit(features, default, n_codes)``: `n_codes` gives the number of categories of a column, 0 for a number.
    parameters
        What the run records.
    """

    name: str
    complexity: int
    fit: Callable[[np.ndarray, np.ndarray, np.ndarray], FittedModel]
    parameters: dict[str, float | int | str]
