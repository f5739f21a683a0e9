"""Search spaces: what is tried of a family, value by value or within ranges."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.candidates import Setting


@dataclass(frozen=True, slots=True)
class Range:
    """Numbers from `low` to `high`, ends included, whole where both ends are; `log` makes ratios equally likely."""

    low: float
    high: float
    log: bool = False

    @property
    def is_whole(self) -> bool:
        """Say whether whole numbers are meant."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    def holds(self, value: Setting) -> bool:
        """Say whether a number lies within."""
        return not isinstance(value, str) and self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class SearchSpace:
    """What is tried of one family.

    Attributes
    ----------
    values
        Parameters tried value by value.
    ranges
        Parameters searched within; without any the space is a grid.
    """

    values: Mapping[str, tuple[Setting, ...]] = field(default_factory=dict)
    ranges: Mapping[str, Range] = field(default_factory=dict)

    @property
    def is_grid(self) -> bool:
        """Say whether every combination can be tried."""
        return not self.ranges
