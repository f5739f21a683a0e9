"""Months relative to the application, and runs of them laid end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

DAYS_PER_MONTH = 30.4375
# No record of the data set is older than eight years.
OLDEST_DAY = -2922
OLDEST_MONTH = -96
# What the data set writes for a date that does not exist.
NO_DAY = 365243.0


def spelled(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return run number and element of every integer of each run ``first..last``; empty runs vanish.

    >>> spelled(np.array([3, 7]), np.array([4, 7]))
    (array([0, 0, 1]), array([3, 4, 7]))
    """
    lengths = np.maximum(last - first + 1, 0)
    run = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return run, first[run] + within
