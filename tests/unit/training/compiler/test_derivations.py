"""Expressions of the dictionary: what is allowed, and what the graph makes of them."""

from __future__ import annotations

import numpy as np
import pytest

from scoring.model import INPUT, open_session
from training.compiler.derivations import columns_of, parse_expression
from training.compiler.graph import build_graph
from training.errors import ModelError
from training.schema import load_derived, load_inputs

NAMES = ("A", "B", "C")


def compute(expression: str, row: list[float]) -> float:
    """Run one expression over one row with the graph that serves."""
    graph = build_graph(NAMES, [parse_expression(expression)])
    (features,) = open_session(graph.SerializeToString()).run(["features"], {INPUT: np.array([row])})
    return float(features[0, 0])


@pytest.mark.parametrize(
    ("expression", "row", "expected"),
    [
        ("A + B * C", [1.0, 2.0, 3.0], 7.0),
        ("(A - B) / C", [7.0, 1.0, 3.0], 2.0),
        ("-A", [7.0, 0.0, 0.0], -7.0),
        ("A * 365.25 / -B", [2.0, 4.0, 0.0], -182.625),
        ("mean(A, B, C)", [1.0, np.nan, 4.0], 2.5),
        ("total(A, B, C)", [1.0, np.nan, 4.0], 5.0),
        ("minimum(A, B, C)", [np.nan, 9.0, 4.0], 4.0),
        ("maximum(A, B)", [3.0, np.nan, 9.0], 3.0),
        ("missing(A) + missing(B)", [np.nan, 0.0, 0.0], 1.0),
    ],
)
def test_expression_gives_its_arithmetic(expression: str, row: list[float], expected: float) -> None:
    """The graph computes what the expression says; aggregates ignore missing values."""
    assert expected == compute(expression, row)


@pytest.mark.parametrize(
    ("expression", "row"),
    [
        ("A / B", [1.0, 0.0, 0.0]),
        ("A / B", [0.0, 0.0, 0.0]),
        ("A + B", [1.0, np.nan, 0.0]),
        ("mean(A, B)", [np.nan, np.nan, 0.0]),
        ("total(A, B)", [np.nan, np.nan, 0.0]),
        ("A * B", [np.nan, 0.0, 0.0]),
    ],
)
def test_expression_without_a_value_is_missing(expression: str, row: list[float]) -> None:
    """A division by zero, a missing operand or nothing to aggregate gives missing, never a number."""
    assert np.isnan(compute(expression, row))


@pytest.mark.parametrize(
    "expression",
    ["A ** 2", "A if B else C", "__import__('os')", "mean()", "log(A)", "A +", "'a'", "True", "A.b", "missing(A, B)"],
)
def test_parse_expression_refuses_what_is_not_in_the_language(expression: str) -> None:
    """Anything beyond the small arithmetic is refused with what is allowed."""
    with pytest.raises(ModelError, match=r"TRN201.*cannot be read; allowed are"):
        parse_expression(expression)


def test_columns_of_names_each_input_once() -> None:
    """An input used twice is named once, in order of appearance."""
    assert columns_of(parse_expression("B / (A + B) + 2")) == ("B", "A")


def test_dictionary_derivations_read_known_inputs() -> None:
    """Every derivation of the dictionary parses and reads inputs that exist and are not protected."""
    usable = {entry.name for entry in load_inputs() if not entry.protected}
    read = {name for entry in load_derived() for name in columns_of(parse_expression(entry.expression))}

    assert set() == read - usable


def test_graph_gives_one_row_and_many_rows_the_same_features() -> None:
    """A batch changes nothing: each row's features are bit for bit those of the row alone."""
    generator = np.random.default_rng(3)
    rows = np.where(generator.random((200, 3)) < 0.2, np.nan, generator.normal(size=(200, 3)).round(1))
    expressions = ["A / B", "mean(A, B, C) * A", "total(A, B) - 2 * C", "maximum(A, C) / minimum(A, C)"]
    session = open_session(build_graph(NAMES, [parse_expression(text) for text in expressions]).SerializeToString())
    (together,) = session.run(["features"], {INPUT: rows})
    alone = np.vstack([session.run(["features"], {INPUT: rows[[index]]})[0] for index in range(len(rows))])

    np.testing.assert_array_equal(together, alone)
