"""The exported graph as such: one leaf, one row, one home for each constant."""

from __future__ import annotations

import numpy as np

from scoring.model import INPUT, open_session
from training.compiler.derivations import Column, parse_expression
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble
from training.compiler.graph import build_graph

ONE_LEAF = Tree(
    feature=np.array([LEAF]),
    threshold=np.zeros(1),
    default_left=np.ones(1, bool),
    left=np.zeros(1, int),
    right=np.zeros(1, int),
    value=np.array([0.25]),
    cover=np.array([10.0]),
)


def test_graph_of_a_tree_that_never_splits_gives_its_value() -> None:
    """A tree of one leaf adds its value for every row, known or missing."""
    graph = build_graph(["A"], [Column("A")], TreeEnsemble((ONE_LEAF, ONE_LEAF), n_features=1))
    rows = np.array([[1.0], [np.nan], [-5.0]])
    (margin,) = open_session(graph.SerializeToString()).run(["margin"], {INPUT: rows})

    assert margin.tolist() == [0.5, 0.5, 0.5]


def test_graph_stays_small_when_derivations_are_alike() -> None:
    """Ten ratios cost as many nodes as one: they are computed side by side."""
    names = [f"X{index}" for index in range(20)]
    ratios = [parse_expression(f"X{index} / X{index + 10}") for index in range(10)]

    assert len(build_graph(names, ratios[:1]).graph.node) == len(build_graph(names, ratios).graph.node)


def test_graph_is_the_same_bytes_again() -> None:
    """Building twice gives the same file: names and order do not depend on the run."""
    features = [parse_expression("A / B + 2"), Column("A")]
    first, second = (build_graph(["A", "B"], features, TreeEnsemble((ONE_LEAF,), 2)) for _ in range(2))

    assert first.SerializeToString(deterministic=True) == second.SerializeToString(deterministic=True)


def test_graph_answers_a_row_alike_alone_and_in_any_batch() -> None:
    """No bit of a probability depends on who else is asked about: a decision of a batch can be taken again alone."""
    leaves = Tree(
        feature=np.array([0, LEAF, LEAF]),
        threshold=np.zeros(3),
        default_left=np.ones(3, bool),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        value=np.array([0.0, -0.1, 0.1]),
        cover=np.array([2.0, 1.0, 1.0]),
    )
    generator = np.random.default_rng(0)
    for _ in range(40):
        graph = build_graph(
            ["A"], [Column("A")], TreeEnsemble((leaves,), 1), scale=generator.normal(), offset=generator.normal() * 4
        )
        session = open_session(graph.SerializeToString())
        alone = {side: session.run(["default_probability"], {INPUT: np.array([[side]])})[0][0] for side in (-1.0, 1.0)}
        for size in (2, 3, 7, 8, 9, 33):
            rows = generator.choice([-1.0, 1.0], (size, 1))
            (found,) = session.run(["default_probability"], {INPUT: rows})

            assert found.tolist() == [alone[side] for side in rows[:, 0].tolist()]
