"""The story of a previous application: what was asked, what became of it, and which dates it therefore has."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.months import NO_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from training.population.drawing.codes import Codes

type Flags = NDArray[np.bool_]

# The dates of a granted credit, in the order of a story's letters.
DATES = ("DAYS_FIRST_DRAWING", "DAYS_FIRST_DUE", "DAYS_LAST_DUE", "DAYS_TERMINATION")
_ABSENT, _TO_COME, _KNOWN = "-", "?", "d"
_SEPARATOR = " | "
# Stories are numbered from what went well to what was refused: a lean on them is a lean towards refusal.
_STATUS_ORDER = ("Approved", "Unused offer", "Canceled", "Refused")
# Codes of stories lie this far apart; zero is no story.
_CODES_APART = 900


def story_labels(previous: pd.DataFrame) -> pd.Series:
    """Return the story of each previous application as a label: kind, status, dates and which amounts there are."""
    dates = np.full(len(previous), "", dtype=object)
    for name in DATES:
        day = previous[name]
        dates += np.where(day.isna(), _ABSENT, np.where(day == NO_DAY, _TO_COME, _KNOWN)).astype(object)
    amounts = np.where(previous["AMT_APPLICATION"] > 0, "a", "-").astype(object)
    amounts += np.where(previous["AMT_ANNUITY"].notna(), "i", "-").astype(object)
    amounts += np.where(previous["AMT_CREDIT"] > 0, "c", "-").astype(object)
    parts = (previous["NAME_CONTRACT_TYPE"], previous["NAME_CONTRACT_STATUS"], dates, amounts)
    joined = parts[0].astype(object)
    for part in parts[1:]:
        joined += _SEPARATOR + part
    return joined


def story_order(previous: pd.DataFrame, risk: pd.Series) -> pd.Series:
    """Return a number per row by which stories are ordered: the status first, within it the risk of applicants."""
    status = previous["NAME_CONTRACT_STATUS"].map({label: float(i) for i, label in enumerate(_STATUS_ORDER)})
    return status + 0.5 * risk / max(float(risk.max()), 1.0)


def story_codes(numbers: NDArray[np.float64]) -> Codes:
    """Return numbers of stories as codes, 0 where there is none (NaN)."""
    codes: Codes = ((np.nan_to_num(numbers, nan=-1.0) + 1.0) * _CODES_APART).astype(np.uint16)
    return codes


@dataclass(frozen=True)
class Stories:
    """What each story says, by its number.

    Parameters
    ----------
    labels
        As `story_labels` wrote them, in the order of their numbers.
    """

    labels: tuple[str, ...]

    @cached_property
    def _parts(self) -> list[list[str]]:
        return [label.split(_SEPARATOR) for label in self.labels]

    def part(self, place: int) -> list[str]:
        """Return one part of every story: 0 the contract's type, 1 its status."""
        return [parts[place] for parts in self._parts]

    def has(self, date: str) -> Flags:
        """Tell per story whether a date is known."""
        place = DATES.index(date)
        return np.array([parts[2][place] == _KNOWN for parts in self._parts])

    def is_to_come(self, date: str) -> Flags:
        """Tell per story whether a date exists but is still to come."""
        place = DATES.index(date)
        return np.array([parts[2][place] == _TO_COME for parts in self._parts])

    def names_amount(self, amount: str) -> Flags:
        """Tell per story whether an amount is positive (``a`` asked, ``c`` credit) or known (``i`` instalment)."""
        return np.array([amount in parts[3] for parts in self._parts])

    def numbers_of(self, place: int, labels: tuple[str, ...]) -> NDArray[np.float64]:
        """Return one part of every story as a number in `labels`."""
        numbers: Mapping[str, int] = {label: i for i, label in enumerate(labels)}
        return np.array([float(numbers[name]) for name in self.part(place)])
