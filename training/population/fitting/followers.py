"""Fit how building measures follow one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from training.population.drawing.applications import BUILDINGS, Follower
from training.population.fitting.marginals import MIN_CELL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

# Measure and base, in an order in which they can be computed: a base comes before those that follow it.
PAIRS = (
    ("LIVINGAPARTMENTS_AVG", "APARTMENTS_AVG"),
    ("YEARS_BUILD_AVG", "YEARS_BEGINEXPLUATATION_AVG"),
    ("TOTALAREA_MODE", "LIVINGAREA_AVG"),
    *((f"{building}_{scene}", f"{building}_AVG") for building in BUILDINGS for scene in ("MEDI", "MODE")),
)
# The share of the largest bases on which a slope is read: rounding matters least there.
_LARGE = 0.7
_NEAR = 0.0011


def fit_followers(values: Mapping[str, NDArray[np.float64]]) -> tuple[Follower, ...]:
    """Return how each measure of `PAIRS` follows its base."""
    return tuple(_fit_follower(name, base, values[name], values[base]) for name, base in PAIRS)


def _fit_follower(name: str, base_name: str, value: NDArray[np.float64], base: NDArray[np.float64]) -> Follower:
    is_complemented = name.startswith("YEARS_")
    known = ~np.isnan(value) & ~np.isnan(base)
    value, base = value[known], base[known]
    slope = _slope(1.0 - base, 1.0 - value) if is_complemented else _slope(base, value)
    listed = _usual_values(base, value)
    return Follower(name, base_name, is_complemented, round(slope, 5), listed[:, 0], listed[:, 1])


def _slope(base: NDArray[np.float64], value: NDArray[np.float64]) -> float:
    """Return the commonest ratio."""
    is_large = (base > np.quantile(base, _LARGE)) & (base > 0)
    rounded = np.round(value[is_large] / base[is_large], 3)
    unique, counts = np.unique(rounded, return_counts=True)
    near = rounded[np.abs(rounded - unique[np.argmax(counts)]) <= _NEAR]
    return float(np.mean(near))


def _usual_values(base: NDArray[np.float64], value: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return base and commonest value, for the bases at which enough rows share it; shape ``(n, 2)``."""
    pairs = pd.DataFrame({"base": base, "value": value}).groupby(["base", "value"]).size()
    common = pairs[pairs >= MIN_CELL].reset_index(name="n").sort_values(["base", "n", "value"])
    usual = common.groupby("base").last().reset_index()
    # A measure without one usual value at each base is left to its ratio.
    if usual["n"].sum() < len(base) / 2:
        usual = usual.head(0)
    return usual[["base", "value"]].to_numpy()
