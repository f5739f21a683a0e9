"""Columns of the window that the model does not read: who applies, for what, at which hour; they move too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import count_numbers, numeric_bins
from metrics.distances import psi
from metrics.significance import counts_p_value
from metrics.values import Pair
from monitoring.drift.inputs import CategoryMove, median_of

if TYPE_CHECKING:
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract


@dataclass(frozen=True, slots=True)
class ContextDrift:
    """How far one column outside the model moved, over bins cut on the reference window.

    Attributes
    ----------
    p_value
        Chance of as much without any drift.
    median, mean
        Of a number; ``None`` for a category, and where a window has no value. Of a flag or a count the mean tells more.
    most_moved
        Of a category; ``None`` for a number.
    """

    name: str
    psi: float
    p_value: float
    missing_share: Pair
    median: Pair | None
    mean: Pair | None
    most_moved: CategoryMove | None


def measure_context(contract: Contract, reference: ReadableWindow, current: ReadableWindow) -> tuple[ContextDrift, ...]:
    """Return the drift of every column that both windows have and the model does not read, the largest first."""
    read = {item.name for item in contract.inputs}
    before, after = reference.described_columns, current.described_columns
    shared = [(name, kind) for name, kind in before.items() if name not in read and after.get(name) == kind]
    found = [
        _of_category(name, reference, current) if kind == "category" else _of_number(name, reference, current)
        for name, kind in shared
    ]
    return tuple(sorted(found, key=lambda item: -item.psi))


def _of_number(name: str, reference: ReadableWindow, current: ReadableWindow) -> ContextDrift:
    before, after = reference.numbers(name), current.numbers(name)
    bins = numeric_bins(before)
    weights = reference.weights, current.weights
    counts = count_numbers(bins, before, weights[0]), count_numbers(bins, after, weights[1])
    finite = [np.isfinite(values) for values in (before, after)]
    known = [values[one] for values, one in zip((before, after), finite, strict=True)]
    each = [None if weight is None else weight[one] for weight, one in zip(weights, finite, strict=True)]
    is_known = all(map(len, known))
    return ContextDrift(
        name=name,
        psi=psi(*counts),
        p_value=counts_p_value(*counts),
        missing_share=Pair(*(float(count[-1] / count.sum()) for count in counts)),
        median=Pair(*map(median_of, known, each)) if is_known else None,
        mean=Pair(*map(_mean, known, each)) if is_known else None,
        most_moved=None,
    )


def _mean(values: np.ndarray, weights: np.ndarray | None) -> float:
    return float(np.average(values, weights=weights))


def _of_category(name: str, reference: ReadableWindow, current: ReadableWindow) -> ContextDrift:
    before, after = reference.category_counts(name), current.category_counts(name)
    values = sorted({*before, *after} - {None}, key=str)
    counts = [np.array([by_value.get(value, 0) for value in (*values, None)], float) for by_value in (before, after)]
    shares = [count / count.sum() for count in counts]
    place = int(np.argmax(np.abs(shares[1] - shares[0])))
    return ContextDrift(
        name=name,
        psi=psi(*counts),
        p_value=counts_p_value(*counts),
        missing_share=Pair(float(shares[0][-1]), float(shares[1][-1])),
        median=None,
        mean=None,
        most_moved=CategoryMove(
            [*map(str, values), "(absente)"][place], Pair(float(shares[0][place]), float(shares[1][place]))
        ),
    )
