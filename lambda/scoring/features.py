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
        self._categories = tuple(
            (place, {category: code for code, category in enumerate(item.categories)})
            for place, item in enumerate(inputs)
            if item.kind == "category"
        )

    def encode(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return a float64 matrix of shape ``(n_applications, n_inputs)``.

        The values must have passed the request schema: an unknown category raises ``KeyError``.
        """
        # numpy reads None as NaN.
        rows = np.array([self._numbers(application) for application in applications], dtype=np.float64)
        return rows.reshape(len(applications), len(self._names))

    def _numbers(self, application: Mapping[str, Value]) -> list[Value]:
        values = list(map(application.get, self._names))
        for place, codes in self._categories:
            category = values[place]
            if category is not None:
                values[place] = codes[str(category)]
        return values
