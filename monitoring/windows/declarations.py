"""Absences that partners declare, counted from their audit records."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True)
class Declarations:
    """What one partner declared to be absent.

    Attributes
    ----------
    n_effective
        Applications, by weight.
    absences
        By input, those of them that declare there is no value.
    """

    n_effective: float = 0.0
    absences: dict[str, float] = field(default_factory=dict)

    def add(self, declared: Iterable[str], weight: float) -> None:
        """Count one application with the inputs that it declares to be absent."""
        self.n_effective += weight
        for name in declared:
            self.absences[name] = self.absences.get(name, 0.0) + weight
