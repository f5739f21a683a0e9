"""A window in memory: what resampling and injected drifts are measured on, thousands of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from monitoring.windows.columns import ABOUT_THE_ROW, DECISION, PROBABILITY
from monitoring.windows.predictions import Predictions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.windows.parquet import Window
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
    """

    columns: Columns
    predicted: Predictions | None = None
    name: str = "mémoire"

    @property
    def n_applications(self) -> int:
        """Number of applications."""
        return len(next(iter(self.columns.values())))

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

    def category_counts(self, name: str) -> dict[str | None, int]:
        """Return how many applications bear each value of a category; ``None`` for missing."""
        codes, values = pd.factorize(self.columns[name])
        counts: dict[str | None, int] = {
            str(value): int(n)
            for value, n in zip(values, np.bincount(codes[codes >= 0], minlength=len(values)), strict=True)
        }
        missing = int((codes < 0).sum())
        return counts | ({None: missing} if missing else {})

    def predictions(self, *, threshold: float) -> Predictions | None:  # noqa: ARG002  they were checked when they were made
        """Return what the model predicted, or None when the window has no scores."""
        return self.predicted

    def sample(self, names: Sequence[str], *, rows: int) -> pd.DataFrame:
        """Return some columns of at most `rows` applications, with their predictions."""
        drawn = pd.DataFrame({name: self.columns[name][:rows] for name in names})
        if self.predicted is not None:
            drawn[PROBABILITY] = self.predicted.probability[:rows]
            drawn[DECISION] = np.where(self.predicted.refused[:rows], "refuse", "accepte")
        return drawn

    def take(self, places: np.ndarray) -> ArrayWindow:
        """Return the applications at some places, in that order."""
        columns = {name: values[places] for name, values in self.columns.items()}
        return replace(self, columns=columns, predicted=taken(self.predicted, places))


def taken(predictions: Predictions | None, places: np.ndarray) -> Predictions | None:
    """Return the predictions for the applications at some places."""
    if predictions is None:
        return None
    return Predictions(
        probability=predictions.probability[places],
        refused=predictions.refused[places],
        outcome=None if predictions.outcome is None else predictions.outcome[places],
        vintage=None if predictions.vintage is None else predictions.vintage[places],
    )


def loaded(window: Window, contract: Contract) -> ArrayWindow:
    """Read a whole window into memory: about 8 bytes a value, so 120 MB for 300,000 applications of 50 inputs."""
    window = window.ordered()
    columns = {
        item.name: window.categories(item.name) if item.kind == "category" else window.numbers(item.name)
        for item in contract.inputs
    }
    return ArrayWindow(columns, window.predictions(threshold=contract.decision.threshold), window.name)
