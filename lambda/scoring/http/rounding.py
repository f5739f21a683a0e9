"""Numbers as partners are told them: exact, or rounded so that asking often does not copy the model.

Decision, log and audit record are never rounded: they are made of the exact numbers, before a reply is.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, inf, log
from typing import TYPE_CHECKING

from scoring.decision import refuses

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rounding:
    """How many decimals replies tell.

    Attributes
    ----------
    decimals
        Of a probability; None tells every number as it is. Log-odds, which move a probability by a quarter of
        themselves at most and by a tenth near most thresholds, have one less.
    threshold
        The threshold in force, on whose side a probability stays.
    """

    decimals: int | None
    threshold: float

    def probability(self, exact: float) -> float:
        """Return a probability as it is told, on the side of the threshold that it was decided on.

        >>> Rounding(2, 0.0833).probability(0.0834), Rounding(2, 0.0833).probability(0.0832)
        (0.09, 0.08)
        """
        if self.decimals is None:
            return exact
        told = round(exact, self.decimals)
        refused = refuses(exact, threshold=self.threshold)
        if refuses(told, threshold=self.threshold) is refused:
            return told
        return self._upwards(exact) if refused else self._downwards(exact)

    def probability_range(self, exact: tuple[float, float]) -> tuple[float, float]:
        """Return a range that holds the exact one."""
        return exact if self.decimals is None else (self._downwards(exact[0]), self._upwards(exact[1]))

    def log_odds(self, exact: float) -> float:
        """Return log-odds as they are told.

        >>> Rounding(3, 0.1).log_odds(-1.23456), Rounding(None, 0.1).log_odds(-1.23456)
        (-1.23, -1.23456)
        """
        # No minus nought, which would say a direction.
        return exact if self.decimals is None else round(exact, self.decimals - 1) + 0.0

    def margin(self, exact: float, *, refused: bool) -> float:
        """Return the log-odds of a default as they are told, on the side of the threshold that was decided on.

        >>> told = Rounding(2, 0.0833)  # its log-odds are -2.398
        >>> told.margin(-2.397, refused=True), told.margin(-2.42, refused=False)
        (-2.3, -2.4)
        """
        told, cut = self.log_odds(exact), self._cut
        if self.decimals is None or (told >= cut) is refused:
            return told
        scale = self._scale / 10
        if refused:
            return ceil(cut * scale) / scale + 0.0
        below = floor(cut * scale)
        return (below - (below / scale >= cut)) / scale + 0.0

    def each(self, exact: Mapping[str, float]) -> dict[str, float]:
        """Return named log-odds as they are told."""
        return {name: self.log_odds(value) for name, value in exact.items()}

    @property
    def _cut(self) -> float:
        """The log-odds of the threshold."""
        if not 0 < self.threshold < 1:
            return inf if self.threshold >= 1 else -inf
        return log(self.threshold / (1 - self.threshold))

    @property
    def _scale(self) -> float:
        return float(10 ** (self.decimals or 0))

    def _upwards(self, exact: float) -> float:
        return min(ceil(exact * self._scale) / self._scale, 1.0)

    def _downwards(self, exact: float) -> float:
        return max(floor(exact * self._scale) / self._scale, 0.0)
