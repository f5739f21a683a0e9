"""From the values of a request to the row of numbers the graph reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Input

type Value = float | int | str | None


class InputEncoder:
    """Turns applications into rows: numbers as they are, categories as their place in the contract, absent as NaN.

    Parameters
    ----------
    inputs
        The contract's inputs; their order is the order of the columns.
    """

    def __init__(self, inputs: Sequence[Input]) -> None:
        self._names = tuple(item.name for item in inputs)
        self._codes = {
            item.name: {category: float(code) for code, category in enumerate(item.categories)}
            for item in inputs
            if item.kind == "category"
        }

    def encode(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return a float64 matrix of shape ``(n_applications, n_inputs)``.

        The values must have passed the request schema: an unknown category raises ``KeyError``.
        """
        rows = np.empty((len(applications), len(self._names)))
        for row, application in zip(rows, applications, strict=True):
            row[:] = [self._number(name, application.get(name)) for name in self._names]
        return rows

    def _number(self, name: str, value: Value) -> float:
        if value is None:
            return np.nan
        if isinstance(value, str):
            return self._codes[name][value]
        return float(value)
