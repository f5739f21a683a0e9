"""What stands in the place of a value that is missing or rare: learned once, on development, without any outcome.

A missing value is read as the median of its input, beside an indicator that may only raise the risk: saying nothing
never does better than the middle applicant. A category that next to nobody has is read as missing: what a model
believes of twenty people is no ground for a decision, and neither is what it believes of their neighbour's code.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from training.schema import DerivedEntry
from training.schema.catalogue import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.schema import InputEntry

# A category that fewer than one application in a thousand has.
RARE_SHARE = 0.001


@dataclass(frozen=True, slots=True)
class Completion:
    """How rows are made whole, input by input.

    Attributes
    ----------
    fill
        What a missing value is read as, shape ``(n_inputs,)`` as a tuple.
    rare
        Codes of each input's rare categories, as many as inputs.
    indicators
        Columns that say that a value is missing; inputs that are missing in the same applications share one.
    without_value
        What a feature that has no value (a ratio to zero) is read as, shape ``(n_features,)`` as a tuple.
    """

    fill: tuple[float, ...]
    rare: tuple[tuple[int, ...], ...]
    indicators: tuple[DerivedEntry, ...]
    without_value: tuple[float, ...] = ()

    @classmethod
    def learn(cls, inputs: Sequence[InputEntry], rows: np.ndarray) -> Completion:
        """Learn from rows of raw values, shape ``(n_applications, n_inputs)``."""
        fill, rare = [], []
        alike: dict[bytes, list[InputEntry]] = defaultdict(list)
        for entry, values in zip(inputs, rows.T, strict=True):
            scarce = _rare_codes(entry, values)
            missing = np.isnan(values) | np.isin(values, scarce)
            known = values[~missing]
            fill.append(_typical(entry, known))
            rare.append(scarce)
            if missing.any():
                alike[np.packbits(missing).tobytes()].append(entry)
        return cls(tuple(fill), tuple(rare), tuple(_indicator(group) for group in alike.values()))


def typical_features(features: np.ndarray) -> tuple[float, ...]:
    """Return the median of what each feature's known values are, shape ``(n_applications, n_features)``."""
    return tuple(_median(values[~np.isnan(values)]) for values in features.T)


def _rare_codes(entry: InputEntry, values: np.ndarray) -> tuple[int, ...]:
    """Return the codes of the categories that too few applications have."""
    if not entry.categories:
        return ()
    counts = np.bincount(values[~np.isnan(values)].astype(np.int64), minlength=len(entry.categories))
    return tuple(np.flatnonzero(counts < RARE_SHARE * len(values)).tolist())


def _typical(entry: InputEntry, known: np.ndarray) -> float:
    """Return the median of a number, a value that occurs, and the most frequent code or flag; 0 where none is known."""
    if entry.kind == "number" or not len(known):
        return _median(known)
    values, counts = np.unique(known, return_counts=True)
    return float(values[counts.argmax()])


def _median(known: np.ndarray) -> float:
    """Return the lower median, a value that occurs; 0 where nothing is known."""
    middle = (len(known) - 1) // 2
    return float(np.partition(known, middle)[middle]) if len(known) else 0.0


def _indicator(group: Sequence[InputEntry]) -> DerivedEntry:
    first, *others = group
    missing = [f"missing({entry.name})" for entry in group]
    expression = f"maximum({', '.join(missing)})" if others else missing[0]
    also_fr, also_en = (f" (ou autre donnée absente avec elle : {len(others)})", f" (or one of {len(others)} others)")
    return DerivedEntry(
        name=f"{first.name}{MISSING}",
        expression=expression,
        unit="",
        label_fr=f"{first.label_fr} : donnée absente{also_fr if others else ''}",
        label_en=f"{first.label_en}: not given{also_en if others else ''}",
    )
