"""What is declared of inputs is carried through the derivations, or the derivation is refused."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from training.compiler.derivations import columns_of, parse_expression
from training.compiler.trends import Inputs, implied_direction, moves_of
from training.errors import ModelError
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs
from training.schema.policy import Move

# All but Z and X can never be zero.
SIGNS = Inputs({"A": 1, "B": 1, "N": -1, "X": None, "Z": 1}, frozenset({"A", "B", "N"}))


def direction(expression: str, *moves: tuple[tuple[str, ...], int]) -> int:
    """Return what a column of this expression must do when such moves are declared."""
    declared = [Move("+".join(names), names, sign, "", "") for names, sign in moves]  # type: ignore[arg-type]
    return implied_direction("C", parse_expression(expression), declared, SIGNS)


@pytest.mark.parametrize(
    ("expression", "moves", "expected"),
    [
        ("A", [(("A",), 1)], 1),
        ("A", [(("B",), 1)], 0),
        ("-A", [(("A",), 1)], -1),
        ("A / B", [(("A",), 1), (("B",), -1)], 1),
        ("A / B", [(("A", "B"), 1)], 0),
        ("A * B", [(("A",), -1)], -1),
        ("N / -A", [(("A",), 1)], -1),
        ("A - B", [(("A", "B"), 1), (("A",), 1)], None),
        ("A - B", [(("A",), 1), (("B",), -1)], 1),
        ("A + 5", [(("A", "B"), 1)], 1),
        ("A / B + N / A", [(("A", "B"), 1)], 1),
        ("mean(A, B)", [(("A",), -1), (("B",), -1)], -1),
        ("maximum(A, B)", [(("A",), 1)], 1),
        ("maximum(A, B) - minimum(A, B)", [(("A",), 1)], None),
        ("maximum(0, X) / B", [(("B",), -1)], 1),
        ("X / B", [(("B",), -1)], None),
        ("A / Z", [(("Z",), -1)], None),
        ("A / maximum(0.01, Z)", [(("Z",), -1)], 1),
        ("A / Z", [(("A",), 1)], 1),
        ("missing(A)", [(("A",), 1)], 0),
        ("A / B", [(("A",), 1), (("B",), 1)], None),
    ],
)
def test_direction_follows_from_the_moves(
    expression: str, moves: list[tuple[tuple[str, ...], int]], expected: int | None
) -> None:
    """One direction keeps all that is declared, nothing is asked where nothing is, and contradictions are refused."""
    if expected is None:
        with pytest.raises(ModelError, match="TRN206: C "):
            direction(expression, *moves)
    else:
        assert direction(expression, *moves) == expected


def test_every_derivation_of_the_dictionary_keeps_what_is_declared() -> None:
    """Whatever inputs a model has, its columns have a direction, and none contradicts another."""
    inputs = [entry for entry in load_inputs() if entry.policy.asked]
    space = FeatureSpace.over(inputs, load_derived())

    assert len(space.columns.directions) == len(space.feature_names)


def test_worked_out_directions_are_those_of_the_numbers() -> None:
    """Computed by the graph on rising values of each declared input, every derivation goes the way worked out."""
    inputs = [entry for entry in load_inputs() if entry.policy.asked and not entry.protected]
    space = FeatureSpace.over(inputs, load_derived())
    first = len(space.inputs)
    generator = np.random.default_rng(1)
    bounds = {entry.name: (entry.minimum, entry.maximum) for entry in inputs if entry.kind == "number"}
    for move in moves_of(inputs):
        rows = np.tile([_value(bounds.get(name), generator) for name in space.input_names], (5, 1))
        places = [space.input_names.index(name) for name in move.inputs]
        start = rows[0, places]
        # Towards larger values, of negative ones towards zero; several grow by one factor.
        steps = [start * (factor if (start > 0).all() else 1 / factor) for factor in (1.0, 1.1, 1.5, 2.0, 5.0)]
        rows[:, places] = steps
        features = space.compute(rows)
        for index in range(first, len(space.feature_names)):
            if not set(columns_of(space.nodes[index])).isdisjoint(move.inputs):
                wanted = int(space.columns.directions[index]) * move.direction
                rises = [later - earlier for earlier, later in pairwise(features[:, index])]
                # What has no value (a ratio to zero) stays without one.
                assert not any(rise * wanted < -1e-9 for rise in rises), (move.name, space.feature_names[index])


def _value(bounds: tuple[float | None, float | None] | None, generator: np.random.Generator) -> float:
    low, high = bounds or (0.0, 1.0)
    low = -1e4 if low is None else max(low, -1e4)
    high = 1e4 if high is None else min(high, 1e4)
    return float(generator.uniform(low + 0.05 * (high - low), high - 0.6 * (high - low)))
