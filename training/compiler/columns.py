"""What a family must know of the columns of a feature matrix before it learns from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from typing import Self


@dataclass(frozen=True, slots=True)
class Columns:
    """What a family must know of the columns it learns from, shape ``(n_features,)`` each.

    Attributes
    ----------
    n_codes
        Number of categories, 0 for a number.
    directions
        1 where the score may only rise with the value, -1 where it may only fall, 0 where nothing is known.
    """

    n_codes: np.ndarray
    directions: np.ndarray

    @classmethod
    def free(cls, n_codes: np.ndarray) -> Self:
        """Return columns of which no direction is known."""
        return cls(n_codes, np.zeros_like(n_codes))
