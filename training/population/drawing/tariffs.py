"""The price list of cash loans: for a price and what is insured, the instalments that are offered."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

type Floats = NDArray[np.float64]

# The prices at which the list changes (read off the data: no ratio of credit to price is offered across one of them).
PRICE_BANDS = np.array([227_250.0, 317_250.0, 452_250.0, 677_250.0, 902_250.0, 1_352_250.0])
# Offers whose share of instalment in credit lies this near to what was drawn are chosen among by how common they are.
_NEAR = 0.015
# Ratios of credit to price are listed to this many parts.
RATIO_PARTS = 10_000.0


def price_band(price: Floats) -> NDArray[np.int64]:
    """Return the band of the list in which each price lies."""
    return np.digitize(price, PRICE_BANDS)


@dataclass(frozen=True)
class Tariffs:
    """Offers, in the order of band, ratio of credit to price and share of the instalment.

    Parameters
    ----------
    band
        Band of prices.
    credit_ratio
        Credit as a multiple of the price: above 1 with an insurance.
    annuity_ratio
        Instalment as a share of the credit.
    count
        How many loans have the tariff.
    """

    band: NDArray[np.int64]
    credit_ratio: Floats
    annuity_ratio: Floats
    count: Floats

    @cached_property
    def _group(self) -> Floats:
        """Return band and ratio as one number that grows along the list."""
        return self.band * 10.0 + np.round(self.credit_ratio * RATIO_PARTS) / RATIO_PARTS

    @cached_property
    def _groups(self) -> Floats:
        return np.unique(self._group)

    @cached_property
    def _keys(self) -> Floats:
        """Return numbers that grow along the list: the group's place, and the instalment's share within it."""
        place = np.searchsorted(self._groups, self._group).astype(np.float64)
        keys: Floats = place + np.minimum(self.annuity_ratio, 0.9)
        return keys

    def nearest(
        self, rng: np.random.Generator, price: Floats, credit_ratio: Floats, annuity_ratio: Floats
    ) -> tuple[Floats, Floats]:
        """Return the two ratios of an offer near each drawn pair, commoner offers more often."""
        wanted = price_band(price) * 10.0 + np.nan_to_num(credit_ratio, nan=1.0)
        above = np.clip(np.searchsorted(self._groups, wanted), 1, len(self._groups) - 1)
        is_below = wanted - self._groups[above - 1] < self._groups[above] - wanted
        group = np.where(is_below, above - 1, above)
        share = np.clip(np.nan_to_num(annuity_ratio, nan=0.05), 0.0, 0.9)
        first = np.searchsorted(self._keys, group + share * (1.0 - _NEAR))
        end = np.searchsorted(self._keys, group + share * (1.0 + _NEAR))
        total = np.r_[0.0, np.cumsum(self.count)]
        level = total[first] + rng.random(len(price)) * (total[end] - total[first])
        within = np.searchsorted(total, level, side="right") - 1
        chosen = np.where(end > first, within, self._closest(group, share))
        return self.credit_ratio[chosen], self.annuity_ratio[chosen]

    def _closest(self, group: NDArray[np.int64], share: Floats) -> NDArray[np.int64]:
        """Return the offer of each group whose instalment is closest."""
        above = np.searchsorted(self._keys, group + share)
        first, end = np.searchsorted(self._keys, group), np.searchsorted(self._keys, group + 1.0)
        low, high = np.clip(above - 1, first, end - 1), np.clip(above, first, end - 1)
        is_low = np.abs(self._keys[low] - group - share) <= np.abs(self._keys[high] - group - share)
        return np.where(is_low, low, high)
