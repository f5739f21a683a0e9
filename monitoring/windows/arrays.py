"""A window in memory: what resampling and injected drifts are measured on, thousands of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from monitoring.windows.columns import ABOUT_THE_ROW, DECISION, PROBABILITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.windows.parquet import Window
    from monitoring.windows.predictions import Predictions
    from scoring.contract import Contract

type Columns = Mapping[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class ArrayWindow:
    """Applications in memory.

    Attributes
    ----------
    columns
        By input: numbers as float64 with NaN for missing, categories as objects with ``None``.
    predicted
        What the model predicted, or None.
    weights
        For how many applications each row counts; ``None`` where each is one.
    """

    columns: Columns
    predicted: Predictions | None = None
    name: str = "mémoire"
    weights: np.ndarray | None = None

    @property
    def n_applications(self) -> int:
        """Number of applications."""
        return len(next(iter(self.columns.values())))

    @property
    def n_effective(self) -> float:
        """Number of applications by weight."""
        return float(self.n_applications if self.weights is None else self.weights.sum())

    @property
    def scores_name(self) -> str | None:
        """What a reader calls its predictions; ``None`` when it has none."""
        return None if self.predicted is None else self.name

    @property
    def described_columns(self) -> dict[str, str]:
        """Return ``category`` or ``number`` of each column that says something of an application."""
        return {
            name: "category" if values.dtype == object else "number"
            for name, values in self.columns.items()
            if name not in ABOUT_THE_ROW
        }

    def only(self, column: str, value: str) -> ArrayWindow:
        """Return the applications that bear one value of a category."""
        return self.take(np.flatnonzero(self.columns[column] == value))

    def ordered(self) -> ArrayWindow:
        """Return the window: its columns have one order."""
        return self

    def categories(self, name: str) -> np.ndarray:
        """Return a category row by row, ``None`` for missing."""
        return self.columns[name]

    def numbers(self, name: str) -> np.ndarray:
        """Return a numeric column as float64, NaN for missing."""
        return self.columns[name]

    def category_counts(self, name: str) -> dict[str | None, float]:
        """Return how many applications, by weight, bear each value of a category; ``None`` for missing."""
        codes, values = pd.factorize(self.columns[name])
        missing, *known = np.bincount(codes + 1, self.weights, minlength=len(values) + 1).tolist()
        counts: dict[str | None, float] = dict(zip(map(str, values), known, strict=True))
        return counts | ({None: missing} if missing else {})

    def predictions(self, *, threshold: float) -> Predictions | None:  # noqa: ARG002  they were checked when they were made
        """Return what the model predicted, or None when the window has no scores."""
        return self.predicted

    def sample(self, names: Sequence[str], *, rows: int) -> pd.DataFrame:
        """Return some columns of at most `rows` applications, with their predictions."""
        places = np.arange(self.n_applications)
        if self.weights is not None:
            places = places[np.random.default_rng(0).random(len(places)) < self.weights]
        places = places[:rows]
        drawn = pd.DataFrame({name: self.columns[name][places] for name in names})
        if self.predicted is not None:
            drawn[PROBABILITY] = self.predicted.probability[places]
            drawn[DECISION] = np.where(self.predicted.refused[places], "refuse", "accepte")
        return drawn

    def by_period(self) -> np.ndarray:
        """Return the places of the applications, oldest period first where the window tells, else as they stand."""
        if self.predicted is None or self.predicted.vintage is None:
            return np.arange(self.n_applications)
        return np.argsort(self.predicted.vintage, kind="stable")

    def take(self, places: np.ndarray) -> ArrayWindow:
        """Return the applications at some places, in that order."""
        columns = {name: values[places] for name, values in self.columns.items()}
        return replace(
            self,
            columns=columns,
            predicted=None if self.predicted is None else self.predicted.at(places),
            weights=None if self.weights is None else self.weights[places],
        )


def loaded(window: Window, contract: Contract) -> ArrayWindow:
    """Read a whole window into memory: about 8 bytes a value, so 120 MB for 300,000 applications of 50 inputs."""
    window = window.ordered()
    columns = {
        item.name: window.categories(item.name) if item.kind == "category" else window.numbers(item.name)
        for item in contract.inputs
    }
    predicted = window.predictions(threshold=contract.decision.threshold)
    return ArrayWindow(columns, predicted, window.name, window.weights)
