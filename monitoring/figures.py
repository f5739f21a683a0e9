"""Small frozen values that the results are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A figure that cannot be given, and why; never replaced by a zero."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The same figure in the reference window and in the current one."""

    reference: float
    current: float

    @property
    def change(self) -> float:
        """Return current minus reference."""
        return self.current - self.reference

    def explained_by_chance(self, *, n_reference: int, n_current: int, deviations: float) -> bool:
        """Tell whether two shares of so many applications differ by no more than chance makes them.

        Pooled two-proportion test, within that many standard deviations.

        >>> Pair(0.20, 0.22).explained_by_chance(n_reference=1000, n_current=1000, deviations=4)
        True
        >>> Pair(0.20, 0.40).explained_by_chance(n_reference=1000, n_current=1000, deviations=4)
        False
        """
        pooled = (self.reference * n_reference + self.current * n_current) / (n_reference + n_current)
        variance = pooled * (1 - pooled) * (1 / n_reference + 1 / n_current)
        return self.change**2 <= deviations**2 * variance


type Figure = float | NotApplicable
