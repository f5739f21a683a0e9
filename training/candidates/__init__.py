"""The families that compete: each gives a score, and the neutral form it is exported and explained from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from training.compiler.columns import Columns
    from training.compiler.ensembles import TreeEnsemble
    from training.compiler.linear import AdditiveModel

type Setting = float | int | str
type Settings = Mapping[str, Setting]

NO_REBALANCING = "none"


class FittedModel(Protocol):
    """A trained member of a family."""

    def score(self, features: np.ndarray) -> np.ndarray:
        """Return the family's own additive score, as its library computes it; shape ``(n_applications,)``."""

    def contributions(self, features: np.ndarray) -> np.ndarray:
        """Return the library's attributions and, last, the base value; shape ``(n_applications, n_features + 1)``."""

    def neutral_form(self) -> TreeEnsemble | AdditiveModel:
        """Return what the graph and the attribution tables are made from."""


class Fit(Protocol):
    """How a family learns."""

    def __call__(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> FittedModel:
        """Train on rows of features and their outcomes.

        Parameters
        ----------
        features
            Shape ``(n_applications, n_features)``; NaN where a derivation has no value.
        columns
            Categories and directions; a family that can keeps the directions.
        weight
            Of each application, all alike where it is not given.
        """


@runtime_checkable
class FitOnParts(Fit, Protocol):
    """How a family learns that gets a matrix ready once, for all parts of it that are learned from."""

    def on_parts_of(
        self, features: np.ndarray, default: np.ndarray, columns: Columns, /
    ) -> Callable[[np.ndarray], FittedModel]:
        """Return what trains on some of the rows, given their numbers in rising order."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A family with its settings.

    Attributes
    ----------
    name
        As in tables and in the registry; one candidate of a run has it.
    family
        What the name varies on; candidates of one family differ in settings only.
    complexity
        Rank by which the simpler model wins inside the noise; lower is simpler.
    fit
        How it learns.
    parameters
        What the run records.
    imbalance
        What is done about defaults being rare.
    exportable
        Whether it may be served. What is too large to explain competes for comparison and cannot win.
    """

    name: str
    family: str
    complexity: int
    fit: Fit
    parameters: Settings
    imbalance: str = NO_REBALANCING
    exportable: bool = True

    def on_parts_of(
        self, features: np.ndarray, default: np.ndarray, columns: Columns
    ) -> Callable[[np.ndarray], FittedModel]:
        """Return what trains on some of the rows, given their numbers in rising order; parameters as in `Fit`."""
        if isinstance(self.fit, FitOnParts):
            return self.fit.on_parts_of(features, default, columns)
        return lambda rows: self.fit(features[rows], default[rows], columns)
