"""Searches find what is there to find, and go on where they were interrupted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.candidates.families import candidate_of
from training.candidates.search_space import Range, SearchSpace
from training.selection.search import best_of_grid, best_of_trials, business_cost_scorer

if TYPE_CHECKING:
    from pathlib import Path

    from training.candidates import Candidate, Settings
    from training.selection.development import Development

START: Settings = {"n_trees": 8, "max_depth": 2, "num_leaves": 4, "learning_rate": 0.1}
SPACE = SearchSpace({"max_depth": (2, 3)}, {"learning_rate": Range(0.05, 0.3, log=True), "n_trees": Range(5, 12)})


@pytest.fixture(scope="module")
def part(development: Development) -> Development:
    """Return half of the small population in three folds."""
    return development.sample(2000, 3)


def boosting(settings: Settings) -> Candidate:
    """Return LightGBM with some settings."""
    return candidate_of("lightgbm", settings, seed=0)


def silent() -> None:
    """Show no progress."""


class Interrupting:
    """Progress that stops the search by Ctrl-C after some trials."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self) -> None:
        """Count a trial."""
        self.left -= 1
        if not self.left:
            raise KeyboardInterrupt


def test_interrupted_search_goes_on_where_it_stopped(part: Development, tmp_path: Path) -> None:
    """Stopped after two trials and started again, it finds what the whole search finds, with no trial done twice."""
    whole = best_of_trials(boosting, SPACE, part, START, n_trials=5, folder=tmp_path / "a", advance=silent)
    with pytest.raises(KeyboardInterrupt):
        best_of_trials(boosting, SPACE, part, START, n_trials=5, folder=tmp_path / "b", advance=Interrupting(2))
    tried: list[Settings] = []

    def counted(settings: Settings) -> Candidate:
        tried.append(settings)
        return boosting(settings)

    resumed = best_of_trials(counted, SPACE, part, START, n_trials=5, folder=tmp_path / "b", advance=silent)

    assert resumed == whole
    assert len(tried) - 1 == 3  # the first call only names the search


def test_search_keeps_what_it_does_not_search(part: Development) -> None:
    """Parameters outside the space stay as they were; those inside stay within it."""
    found = best_of_trials(boosting, SPACE, part, START, n_trials=3, folder=None, advance=silent)

    assert found["num_leaves"] == 4
    assert 0.05 <= float(found["learning_rate"]) <= 0.3
    assert isinstance(found["n_trees"], int)


def test_start_outside_the_space_is_not_tried(part: Development) -> None:
    """A file that asks for other numbers than the settings to begin with gets numbers of its own ranges alone."""
    space = SearchSpace({}, {"learning_rate": Range(0.2, 0.3), "n_trees": Range(9, 12)})
    found = best_of_trials(boosting, space, part, START, n_trials=1, folder=None, advance=silent)

    assert all(span.holds(found[name]) for name, span in space.ranges.items())


def test_grid_search_finds_the_settings_that_can_learn(part: Development) -> None:
    """Between a tree that may not split and one that may, cost chooses the one that may."""
    space = SearchSpace({"min_samples_leaf": (5000, 40), "max_depth": (4,)}, {})

    def build(settings: Settings) -> Candidate:
        return candidate_of("decision_tree", settings, seed=0)

    assert best_of_grid(build, space, part) == {"min_samples_leaf": 40, "max_depth": 4}


def test_grid_that_was_searched_is_not_searched_again(part: Development, tmp_path: Path) -> None:
    """The answer is kept under everything it depends on: the second search trains nothing."""
    space = SearchSpace({"max_depth": (1, 2), "min_samples_leaf": (40,)}, {})
    built: list[Settings] = []

    def build(settings: Settings) -> Candidate:
        built.append(settings)
        return candidate_of("decision_tree", settings, seed=0)

    first = best_of_grid(build, space, part, folder=tmp_path)
    trained = len(built)
    second = best_of_grid(build, space, part, folder=tmp_path)

    assert first == second
    assert len(built) == trained + 1  # the one that names the search


def test_grid_of_one_is_not_searched(part: Development) -> None:
    """Nothing is trained to choose among one."""
    space = SearchSpace({"C": (0.3,)}, {})

    assert best_of_grid(boosting, space, part) == {"C": 0.3}


class Fixed:
    """An estimator whose score is its input."""

    def decision_function(self, X: np.ndarray) -> np.ndarray:
        """Return the first column."""
        return X[:, 0]


def test_business_cost_scorer_is_the_least_cost() -> None:
    """One default below one good applicant: refusing both costs one good applicant in three."""
    rows = np.array([[3.0], [2.0], [1.0]])

    assert business_cost_scorer(Fixed(), rows, np.array([0, 1, 0])) == pytest.approx(-1 / 3)  # type: ignore[arg-type]
