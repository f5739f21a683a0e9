"""What the measurements ask of a window, wherever its rows are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pandas as pd

    from monitoring.windows.predictions import Predictions


class ReadableWindow(Protocol):
    """Applications of one period: a Parquet file (`parquet`) or arrays in memory (`arrays`)."""

    @property
    def n_applications(self) -> int:
        """Number of applications."""

    @property
    def weights(self) -> np.ndarray | None:
        """For how many applications each row counts, none for more than 1; ``None`` where each is one."""

    @property
    def n_effective(self) -> float:
        """Number of applications by weight: so many equally weighted ones tell at most as much."""

    @property
    def name(self) -> str:
        """What a reader calls the window."""

    @property
    def scores_name(self) -> str | None:
        """What a reader calls its predictions; ``None`` when it has none."""

    @property
    def described_columns(self) -> dict[str, str]:
        """Return ``category`` or ``number`` of each column that says something of an application."""

    def only(self, column: str, value: str) -> ReadableWindow:
        """Return the applications that bear one value of a category."""

    def ordered(self) -> ReadableWindow:
        """Return the same window, all its columns in one order of the applications."""

    def categories(self, name: str) -> np.ndarray:
        """Return a category row by row, ``None`` for missing."""

    def numbers(self, name: str) -> np.ndarray:
        """Return a numeric column as float64, NaN for missing."""

    def category_counts(self, name: str) -> dict[str | None, float]:
        """Return how many applications, by weight, bear each value of a category; ``None`` for missing."""

    def predictions(self, *, threshold: float) -> Predictions | None:
        """Return what the model predicted, or None when the window has no scores."""

    def sample(self, names: Sequence[str], *, rows: int) -> pd.DataFrame:
        """Return some columns of at most `rows` applications, the same ones in every run, with their predictions.

        An application that counts for less than one is drawn as much less often.
        """
