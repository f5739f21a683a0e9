"""One input in one window: counts, shares and, for numbers, the values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import count_categories, count_numbers

if TYPE_CHECKING:
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import CategoryBins, Input, NumericBins


@dataclass(frozen=True, slots=True)
class InputProfile:
    """What is kept of an input while its two windows are compared.

    Attributes
    ----------
    counts
        Applications per bin of the contract, missing last.
    values, weights
        Finite values of a number, shape ``(n_known,)``, and for how many applications each counts (``None``: one);
        empty for a category.
    categories
        Those the contract knows, in the order they are counted in; empty for a number.
    unknown
        Applications per category that the contract does not know.
    unusual_share
        Share of all applications outside the usual range.
    impossible_share
        Share of all applications that the contract does not allow.
    rare_share
        Share of all applications with a category that the contract calls rare: scored as missing, sent to a person.
    """

    counts: np.ndarray
    values: np.ndarray
    categories: tuple[str, ...]
    unknown: dict[str, float]
    unusual_share: float
    impossible_share: float
    rare_share: float = 0.0
    weights: np.ndarray | None = None

    @property
    def missing_share(self) -> float:
        """Return the share of applications without a value."""
        return float(self.counts[-1] / self.counts.sum())


def profile_input(window: ReadableWindow, item: Input, bins: NumericBins | CategoryBins) -> InputProfile:
    """Read one column of a window and describe it."""
    if bins.kind == "category":
        return _profile_category(window.category_counts(item.name), item, bins)
    return _profile_number(window.numbers(item.name), window.weights, item, bins)


def _profile_category(by_value: dict[str | None, float], item: Input, bins: CategoryBins) -> InputProfile:
    counts = count_categories(bins, by_value)
    unknown = {value: n for value, n in by_value.items() if value is not None and value not in bins.shares}
    share = sum(unknown.values()) / counts.sum()
    rare = sum(by_value.get(value, 0) for value in item.rare) / counts.sum()
    return InputProfile(
        counts,
        np.empty(0),
        tuple(bins.shares),
        unknown,
        unusual_share=0.0,
        impossible_share=float(share),
        rare_share=float(rare),
    )


def _profile_number(values: np.ndarray, weights: np.ndarray | None, item: Input, bins: NumericBins) -> InputProfile:
    impossible = _outside(values, item.minimum, item.maximum) | np.isinf(values)
    finite = np.isfinite(values)
    return InputProfile(
        counts=count_numbers(bins, values, weights),
        values=values[finite],
        categories=(),
        unknown={},
        unusual_share=float(np.average(_outside(values, item.usual_low, item.usual_high), weights=weights)),
        impossible_share=float(np.average(impossible, weights=weights)),
        weights=None if weights is None else weights[finite],
    )


def _outside(values: np.ndarray, low: float | None, high: float | None) -> np.ndarray:
    """Tell which values lie outside a range; a missing value lies nowhere."""
    below = values < (-np.inf if low is None else low)
    above = values > (np.inf if high is None else high)
    return np.asarray(below | above)
