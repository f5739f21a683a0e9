"""Things that happen by chance, with a share that is named where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# No rule of the population makes an event more certain than this.
_MOST = 0.9


def happens(rng: np.random.Generator, share: float | NDArray[np.float64], n_rows: int) -> NDArray[np.bool_]:
    """Return for each row whether an event of the given share happens."""
    return rng.random(n_rows) < share


def raised(share: float, trait: NDArray[np.float64], strength: float) -> NDArray[np.float64]:
    """Return a share per row that grows with a standard normal trait and has about `share` as its mean.

    >>> raised(0.1, np.array([-1.0, 0.0, 1.0]), 0.5).round(3)
    array([0.054, 0.088, 0.145])
    """
    # exp(strength² / 2) is the mean of the log-normal factor.
    return np.minimum(share * np.exp(strength * trait - strength**2 / 2), _MOST)
