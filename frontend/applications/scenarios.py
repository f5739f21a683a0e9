"""Scenarios: variations of an application, and the questions they put to the API."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from frontend.api.answers import Assessment
from frontend.applications.reference import quantile, usual_ends

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from frontend.api.client import ScoringClient
    from frontend.applications.form import Form, FormField, Value

N_POINTS = 41
# Between these ranks lie the values that a curve is drawn over, widened to where the applicant stands.
_RANKS = (0.01, 0.99)


@dataclass(frozen=True, slots=True)
class ProbabilityCurve:
    """The probability of default along one input of one application, all else equal.

    The field calls it an individual conditional expectation (Goldstein et al., 2015).

    Attributes
    ----------
    points
        Values in the contract's unit and their probabilities, in the order of the grid.
    here, before
        Value of the scenario, and of the application it started from.
    """

    field: FormField
    points: Sequence[tuple[Value, float]]
    threshold: float
    review_band: Sequence[float]
    here: Value
    before: Value

    def at(self, value: Value) -> float | None:
        """Return the probability at a value that is one of the points."""
        return next((probability for one, probability in self.points if one == value), None)

    def refuses(self, probability: float) -> bool:
        """Tell whether a probability of the curve is refused."""
        return probability >= self.threshold

    def crossings(self) -> list[Value]:
        """Return the first value of each stretch on the other side of the threshold than the one before."""
        sides = [(value, self.refuses(probability)) for value, probability in self.points]
        return [value for (_, before), (value, after) in pairwise(sides) if before != after]


def changed_fields(
    form: Form, first: Mapping[str, Value], second: Mapping[str, Value]
) -> tuple[tuple[FormField, Value, Value], ...]:
    """Return the fields on which two applications differ, with both values."""
    return tuple(
        (field, first.get(field.name), second.get(field.name))
        for field in form.fields
        if first.get(field.name) != second.get(field.name)
    )


def varied(contract: Mapping[str, Any], application: Mapping[str, Value], name: str, value: Value) -> dict[str, Value]:
    """Return the application with one value changed, and what goes along with it.

    Where the contract has a move that this input leads (the amount, at equal term), the others keep their proportion:
    nobody borrows twice as much at the same instalment.
    """
    changed = {**application, name: value}
    before = application.get(name)
    if not isinstance(value, int | float) or not isinstance(before, int | float) or not before:
        return changed
    for move in contract["moves"]:
        leader, *others = move["inputs"]
        for other in others if leader == name else ():
            kept = application.get(other)
            if isinstance(kept, int | float):
                changed[other] = kept * value / before
    return changed


def grid(contract: Mapping[str, Any], name: str, value: Value, *, n_points: int = N_POINTS) -> tuple[Value, ...]:
    """Return the values of an input that a curve is drawn over, in the contract's units and in rising order.

    Numbers go evenly through the usual values of the reference, the applicant's own among them; categories are taken
    one by one.
    """
    item = next(one for one in contract["inputs"] if one["name"] == name)
    if item["kind"] == "category":
        return tuple(item["categories"])
    if item["kind"] == "flag":
        return (0, 1)
    low, high = _span(item, contract["reference"]["inputs"].get(name), value)
    points = {low + (high - low) * step / (n_points - 1) for step in range(n_points)}
    if isinstance(value, int | float):
        points.add(float(value))
    return tuple(sorted(points))


def with_value(values: Sequence[Value], value: Value) -> tuple[Value, ...]:
    """Return the values of a grid with one more among them, where it is a number that is not there yet.

    >>> with_value((1.0, 3.0), 2)
    (1.0, 2, 3.0)
    """
    if value in values or not isinstance(value, int | float):
        return tuple(values)
    numbers = [one for one in values if isinstance(one, int | float)]
    return tuple(sorted([*numbers, value]))


def probabilities_along(
    client: ScoringClient,
    contract: Mapping[str, Any],
    application: Mapping[str, Value],
    name: str,
    values: Sequence[Value],
) -> tuple[tuple[Value, float], ...]:
    """Return the probability of default at each value of one input, all else equal, where the API admits it."""
    answer = client.score_batch([varied(contract, application, name, value) for value in values])
    return tuple(
        (value, row.default_probability)
        for value, row in zip(values, answer.rows, strict=True)
        if isinstance(row, Assessment)
    )


def _span(item: Mapping[str, Any], bins: Mapping[str, Any] | None, value: Value) -> tuple[float, float]:
    if bins is None or bins["kind"] != "number":
        low, high = item["usual_low"] or item["minimum"] or 0.0, item["usual_high"] or item["maximum"] or 1.0
    else:
        ends = usual_ends(item, bins)
        low, high = (quantile(bins, rank, low=ends[0], high=ends[1]) for rank in _RANKS)
    if isinstance(value, int | float) and math.isfinite(value):
        low, high = min(low, value), max(high, value)
    return float(low), float(high)
