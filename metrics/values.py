"""Small frozen values that the results are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A value that cannot be given, and why; never replaced by a zero."""

    reason: str


@dataclass(frozen=True, slots=True)
class Pair:
    """The same value in the reference window and in the current one."""

    reference: float
    current: float

    @property
    def change(self) -> float:
        """Return current minus reference."""
        return self.current - self.reference


type Measured = float | NotApplicable
