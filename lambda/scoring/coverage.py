"""How much of an applicant the model gets to see: coverage, missing values and values outside their usual range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scoring.contract import Contract


@dataclass(frozen=True, slots=True)
class Picture:
    """What some applications show.

    Attributes
    ----------
    coverage
        Share of the picture, by the contract's weights, between 0 and 1; shape ``(n_applications,)``.
    missing, unusual
        Which values are absent, and which lie outside their usual range; shape ``(n_applications, n_inputs)``.
    """

    coverage: np.ndarray
    missing: np.ndarray
    unusual: np.ndarray


class Viewer:
    """Measures rows against the contract's weights and usual ranges."""

    def __init__(self, contract: Contract) -> None:
        inputs = contract.inputs
        self._weights = np.array([contract.coverage.weights[item.name] for item in inputs])
        self._low = np.array([-np.inf if item.usual_low is None else item.usual_low for item in inputs])
        self._high = np.array([np.inf if item.usual_high is None else item.usual_high for item in inputs])

    def look_at(self, rows: np.ndarray) -> Picture:
        """Return the picture that rows of raw values give, shape ``(n_applications, n_inputs)``."""
        missing = np.isnan(rows)
        # Not a matrix product: its sums would come out a bit otherwise in a batch than alone. And weights that sum to
        # one may sum to a hair more in another order.
        coverage = np.minimum(np.where(missing, 0.0, self._weights).sum(axis=1), 1.0)
        # A missing value compares false with both ends.
        return Picture(coverage, missing, (rows < self._low) | (rows > self._high))
