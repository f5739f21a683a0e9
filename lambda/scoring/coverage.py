"""How much of an application the model gets to see: coverage, missing values and values outside their usual range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Input


@dataclass(frozen=True, slots=True)
class Coverage:
    """What some applications show.

    Attributes
    ----------
    share
        The coverage: sum of the weights of what is given, between 0 and 1; shape ``(n_applications,)``.
    missing, unusual, rare
        Which values are absent, which lie outside their usual range, and which are categories that next to nobody has;
        shape ``(n_applications, n_inputs)``.
    """

    share: np.ndarray
    missing: np.ndarray
    unusual: np.ndarray
    rare: np.ndarray

    @property
    def n_unusual(self) -> np.ndarray:
        """Number of unusual values of each application, shape ``(n_applications,)``."""
        return np.asarray(self.unusual.sum(axis=1))

    @property
    def has_rare(self) -> np.ndarray:
        """Say which applications hold a rare category, shape ``(n_applications,)``."""
        return np.asarray(self.rare.any(axis=1))


class CoverageMeter:
    """Measures rows against the weights and the usual ranges of inputs.

    Parameters
    ----------
    weights
        The contract's ``coverage.weights``: by input, together 1.
    """

    def __init__(self, inputs: Sequence[Input], weights: Mapping[str, float]) -> None:
        self._weights = np.array([weights[item.name] for item in inputs])
        self._low = np.array([-np.inf if item.usual_low is None else item.usual_low for item in inputs])
        self._rare = [
            (place, [float(item.categories.index(category)) for category in item.rare])
            for place, item in enumerate(inputs)
            if item.rare
        ]
        self._high = np.array([np.inf if item.usual_high is None else item.usual_high for item in inputs])

    def measure(self, rows: np.ndarray) -> Coverage:
        """Return what rows of raw values show, shape ``(n_applications, n_inputs)``."""
        # Sums along rows come out a bit otherwise where the columns lie together.
        missing = np.isnan(np.ascontiguousarray(rows))
        # Not a matrix product: its sums would come out a bit otherwise in a batch than alone. And weights that sum to
        # one may sum to a hair more in another order.
        share = np.minimum(np.where(missing, 0.0, self._weights).sum(axis=1), 1.0)
        rare = np.zeros_like(missing)
        for place, codes in self._rare:
            for code in codes:
                rare[:, place] |= rows[:, place] == code
        # A missing value compares false with both ends: it is not unusual, it is missing.
        return Coverage(share, missing, (rows < self._low) | (rows > self._high), rare)
