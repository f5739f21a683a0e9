"""Aggregates by applicant in pandas: the independent oracle of the feature SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd


class ByApplicant:
    """Aggregates of values aligned with `rows`, one per ``SK_ID_CURR``; missing values are left aside."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.keys = rows["SK_ID_CURR"]

    def total(self, values: pd.Series) -> pd.Series:
        """Return sums; missing where there is no value."""
        return values.astype(float).groupby(self.keys).sum(min_count=1)

    def known_total(self, values: pd.Series, among: pd.Series | None = None) -> pd.Series:
        """Return sums over `among`; missing where fewer than half of its rows have a value."""
        base = self.keys.notna() if among is None else among
        known = self.number(values.notna() & base)
        return self.total(values.where(base)).where(known >= self.number(base) / 2)

    def mean(self, values: pd.Series) -> pd.Series:
        """Return means; missing where there is no value."""
        return values.astype(float).groupby(self.keys).mean()

    def largest(self, values: pd.Series) -> pd.Series:
        """Return maxima; missing where there is no value."""
        return values.astype(float).groupby(self.keys).max()

    def smallest(self, values: pd.Series) -> pd.Series:
        """Return minima; missing where there is no value."""
        return values.astype(float).groupby(self.keys).min()

    def number(self, mask: pd.Series) -> pd.Series:
        """Count the rows where `mask` holds."""
        return mask.astype(float).groupby(self.keys).sum()

    def distinct(self, values: pd.Series) -> pd.Series:
        """Count the different values."""
        return values.groupby(self.keys).nunique().astype(float)

    def share(self, mask: pd.Series, among: pd.Series | None = None) -> pd.Series:
        """Return the share of `mask` among the rows of `among`; missing where there are none."""
        base = self.number(self.keys.notna() if among is None else among)
        return ratio(self.number(mask if among is None else mask & among), base)


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Divide; by zero it is missing."""
    return numerator / denominator.replace(0.0, np.nan)
