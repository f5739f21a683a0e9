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


def month_of(day: NDArray[np.float64], days_into_month: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the calendar month in which a day falls, 0 being that of the application.

    Parameters
    ----------
    day
        Days relative to the application, negative before it.
    days_into_month
        On which day of its month the application was made.

    Examples
    --------
    >>> month_of(np.array([-3.0, -3.0, -40.0]), np.array([10.0, 2.0, 10.0]))
    array([ 0, -1, -1])
    """
    month: NDArray[np.int64] = np.floor((day + days_into_month) / DAYS_PER_MONTH).astype(np.int64)
    return month


def month_end(month: NDArray[np.int64], days_into_month: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the day, relative to the application, on which a calendar month ends."""
    return (month + 1) * DAYS_PER_MONTH - days_into_month


def spelled(first: NDArray[np.int64], last: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return run number and element of every integer of each run ``first..last``; empty runs vanish.

    >>> spelled(np.array([3, 7]), np.array([4, 7]))
    (array([0, 0, 1]), array([3, 4, 7]))
    """
    lengths = np.maximum(last - first + 1, 0)
    run = np.repeat(np.arange(len(first)), lengths)
    within = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    return run, first[run] + within
