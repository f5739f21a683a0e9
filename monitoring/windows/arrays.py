"""A window in memory: what resampling and injected drifts are measured on, thousands of times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from monitoring.windows.answers import Answers
from monitoring.windows.parquet import DECISION, PROBABILITY

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
    answered
        What the model answered, or None.
    """

    columns: Columns
    answered: Answers | None = None
    name: str = "mémoire"

    @property
    def n_applications(self) -> int:
        """Number of applications."""
        return len(next(iter(self.columns.values())))

    @property
    def scores_name(self) -> str | None:
        """What a reader calls its answers; ``None`` when it has none."""
        return None if self.answered is None else self.name

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

    def answers(self, *, threshold: float) -> Answers | None:  # noqa: ARG002  they were checked when they were made
        """Return what the model answered, or None when the window has no scores."""
        return self.answered

    def sample(self, names: Sequence[str], *, rows: int) -> pd.DataFrame:
        """Return some columns of at most `rows` applications, with their answers."""
        drawn = pd.DataFrame({name: self.columns[name][:rows] for name in names})
        if self.answered is not None:
            drawn[PROBABILITY] = self.answered.probability[:rows]
            drawn[DECISION] = np.where(self.answered.refused[:rows], "refuse", "accepte")
        return drawn

    def take(self, places: np.ndarray) -> ArrayWindow:
        """Return the applications at some places, in that order."""
        columns = {name: values[places] for name, values in self.columns.items()}
        return replace(self, columns=columns, answered=taken(self.answered, places))


def taken(answers: Answers | None, places: np.ndarray) -> Answers | None:
    """Return the answers to the applications at some places."""
    if answers is None:
        return None
    return Answers(
        probability=answers.probability[places],
        refused=answers.refused[places],
        outcome=None if answers.outcome is None else answers.outcome[places],
        vintage=None if answers.vintage is None else answers.vintage[places],
    )


def loaded(window: Window, contract: Contract) -> ArrayWindow:
    """Read a whole window into memory: about 8 bytes a value, so 120 MB for 300,000 applications of 50 inputs."""
    window = window.ordered()
    columns = {
        item.name: window.categories(item.name) if item.kind == "category" else window.numbers(item.name)
        for item in contract.inputs
    }
    return ArrayWindow(columns, window.answers(threshold=contract.decision.threshold), window.name)
