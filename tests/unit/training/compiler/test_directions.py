"""The proof of directions is made on the exported graph: what breaks one is found, named and stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import lightgbm
import numpy as np
import pytest

from training.candidates.families import candidate_of
from training.compiler.columns import Columns
from training.compiler.derivations import Column
from training.compiler.directions import prove_directions, trees_of, wrong_turns
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble, from_lightgbm
from training.compiler.graph import build_graph
from training.compiler.leaf_tables import leaf_tables
from training.errors import ParityError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.candidates import Settings

GENERATOR = np.random.default_rng(0)
ROWS = GENERATOR.normal(size=(3_000, 3))
# Rises with the first column but for a dip, falls with the second, and turns with the third.
MARGIN = ROWS[:, 0] - 2.0 * (np.abs(ROWS[:, 0]) < 0.3) - ROWS[:, 1] + np.sin(4 * ROWS[:, 2]) * ROWS[:, 0]
DEFAULT = (MARGIN + GENERATOR.logistic(size=len(ROWS)) > 0).astype(int)
DIRECTIONS = np.array([1, -1, 0])
NAMES = ("A", "B", "C")
FAMILIES: dict[str, Settings] = {
    "logistic_regression": {"C": 1.0},
    "decision_tree": {"max_depth": 5, "min_samples_leaf": 20},
    "random_forest": {"n_estimators": 8, "max_depth": 5, "min_samples_leaf": 5},
    "xgboost": {"n_trees": 30, "max_depth": 3, "learning_rate": 0.2},
    "lightgbm": {"n_trees": 30, "max_depth": 3, "num_leaves": 8, "learning_rate": 0.2},
}


def exported(ensemble: TreeEnsemble) -> bytes:
    """Return the serialised graph of some trees."""
    features = [Column(name) for name in NAMES[: ensemble.n_features]]
    return build_graph(NAMES[: ensemble.n_features], features, ensemble).SerializeToString()


def a_tree(nodes: Sequence[tuple[int, float, int, int, float]]) -> Tree:
    """Return a tree from (feature, threshold, left, right, value) of each node."""
    feature, threshold, left, right, value = (np.array(column) for column in zip(*nodes, strict=True))
    return Tree(feature, threshold.astype(float), feature != LEAF, left, right, value, np.ones(len(value)))


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_keeps_the_directions(family: str) -> None:
    """Trained on data that go against them in places, what is exported keeps them."""
    fitted = candidate_of(family, FAMILIES[family], seed=0).fit(ROWS, DEFAULT, Columns(np.zeros(3, int), DIRECTIONS))
    form = fitted.neutral_form()
    if isinstance(form, TreeEnsemble):
        assert wrong_turns(trees_of(exported(form)), {0: 1, 1: -1}) == []
    else:
        prove_directions(b"", form.explainer_arrays(scale=1.0, offset=0.0), DIRECTIONS, NAMES)


@pytest.mark.parametrize("family", sorted(set(FAMILIES) - {"logistic_regression"}))
def test_free_trees_are_found_to_turn(family: str) -> None:
    """The same families without directions turn where the data do, and the proof sees it."""
    fitted = candidate_of(family, FAMILIES[family], seed=0).fit(ROWS, DEFAULT, Columns.free(np.zeros(3, int)))
    form = fitted.neutral_form()
    assert isinstance(form, TreeEnsemble)

    assert wrong_turns(trees_of(exported(form)), {0: 1})


def test_signs_of_the_regression_are_bounds_and_not_a_wish() -> None:
    """A column that would have the wrong sign gets none; the others are those of the regression without it."""
    rows = GENERATOR.normal(size=(2_000, 2))
    default = (rows[:, 0] - rows[:, 1] + GENERATOR.logistic(size=2_000) > 0).astype(int)
    fit = candidate_of("logistic_regression", {"C": 1.0}, seed=0).fit
    kept = fit(rows, default, Columns(np.zeros(2, int), np.array([1, 1])))
    alone = fit(rows[:, :1], default, Columns.free(np.zeros(1, int)))

    assert kept.neutral_form().slope[1] == 0.0  # type: ignore[union-attr]
    np.testing.assert_allclose(kept.neutral_form().slope[0], alone.neutral_form().slope[0], rtol=1e-3)  # type: ignore[union-attr]


def test_trees_are_read_back_from_the_graph_as_they_went_in() -> None:
    """What is proved is what is served: the same score for every row, read from the file."""
    booster = lightgbm.train(
        {"objective": "binary", "verbose": -1, "num_leaves": 6}, lightgbm.Dataset(ROWS, DEFAULT), 5
    )
    ensemble = from_lightgbm(booster)
    read = TreeEnsemble(trees_of(exported(ensemble)), 3)

    def score(trees: TreeEnsemble, row: np.ndarray) -> float:
        total = 0.0
        for tree in trees.trees:
            node = 0
            while tree.feature[node] != LEAF:
                goes_left = row[tree.feature[node]] <= tree.threshold[node]
                node = int(tree.left[node] if goes_left else tree.right[node])
            total += tree.value[node]
        return total

    assert [score(read, row) for row in ROWS[:50]] == [score(ensemble, row) for row in ROWS[:50]]


def test_wrong_turn_is_told_with_an_example() -> None:
    """Above 2 the score falls from 0.5 to 0.2, where it may only rise."""
    tree = a_tree([(0, 2.0, 1, 2, 0.0), (LEAF, 0.0, 0, 0, 0.5), (LEAF, 0.0, 0, 0, 0.2)])
    ensemble = TreeEnsemble((tree,), 1)
    (turn,) = wrong_turns([tree], {0: 1})

    assert (turn.feature, turn.tree, turn.below, turn.size) == (0, 0, 2.0, pytest.approx(0.3))
    assert turn.above > 2.0
    with pytest.raises(ParityError, match=r"TRN406: .* of A: tree 0 moves the score by 0\.3 the wrong way from 2 to 2"):
        prove_directions(exported(ensemble), leaf_tables(ensemble), np.array([1]), ["A"])


def test_slope_of_the_wrong_sign_is_told() -> None:
    """A linear model is proved on its slopes."""
    with pytest.raises(ParityError, match=r"TRN406: .* of B: from 0 to 1 its term moves the margin by 0\.1"):
        prove_directions(b"", {"slope": np.array([1.0, 0.1])}, np.array([1, -1]), ["A", "B"])


def test_leaves_that_no_row_reaches_together_are_no_turn() -> None:
    """Right of the second column's split the first may stand lower: no change of the first alone leads there."""
    tree = a_tree(
        [
            (1, 0.0, 1, 4, 0.0),
            (0, 5.0, 2, 3, 0.0),
            (LEAF, 0.0, 0, 0, 1.0),
            (LEAF, 0.0, 0, 0, 2.0),
            (0, 1.0, 5, 6, 0.0),
            (LEAF, 0.0, 0, 0, -2.0),
            (LEAF, 0.0, 0, 0, -1.0),
        ]
    )

    assert wrong_turns([tree], {0: 1}) == []
