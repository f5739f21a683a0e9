"""A wide run in small: searches, every way, and the written rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training.candidates.search_space import Range, SearchSpace
from training.selection.assessment_store import AssessmentStore
from training.selection.effort import Breadth, Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.pipeline import TrainedModel

SMALL = Effort(
    3,
    (),
    {"n_trees": 15, "max_depth": 2, "num_leaves": 4, "learning_rate": 0.2},
    {"dummy": {}, "decision_tree": {"max_depth": 3, "min_samples_leaf": 50}},
    Breadth(imbalances=("none", "under_sampling"), n_trials=3, search_rows=1500, search_folds=2, n_seeds=2),
)
SPACES = {
    "decision_tree": SearchSpace({"max_depth": (2, 3), "min_samples_leaf": (40,)}, {}),
    "lightgbm": SearchSpace({}, {"n_trees": Range(5, 20)}),
}


@pytest.fixture(scope="module")
def trained(
    small_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TrainedModel, list[str], Path]:
    """Return a wide run over the small population, what it said, and where it kept its work."""
    said: list[str] = []
    folder = tmp_path_factory.mktemp("assessments")
    store = AssessmentStore(folder)
    model = train_model(small_dataset, small_space, SMALL, seed=0, spaces=SPACES, store=store, say=said.append)
    return model, said, folder


def test_wide_run_compares_every_candidate(trained: tuple[TrainedModel, list[str], Path]) -> None:
    """Families, ways to rebalance, the deep forest, tuned and merged boosters are all in the table."""
    model, _, _ = trained

    assert {one.name for one in model.table} == {
        "dummy",
        "decision_tree",
        "decision_tree+under_sampling",
        "lightgbm",
        "lightgbm+under_sampling",
        "lightgbm_tuned",
        "lightgbm_merged_seeds",
        "random_forest_deep",
    }
    assert sum(one.champion for one in model.table) == 1


def test_wide_run_keeps_trials_and_assessments(trained: tuple[TrainedModel, list[str], Path]) -> None:
    """One file a candidate, and the trials of the search."""
    _, said, folder = trained

    assert len(list(folder.glob("*.npz"))) == 8
    assert (folder / "search.db").is_file()
    assert "rule: lowest cost" in said[1]


def test_hold_out_is_read_once_a_family(trained: tuple[TrainedModel, list[str], Path]) -> None:
    """Beside the champion, the best of each other family and the two trivial policies."""
    model, _, _ = trained
    others = {"dummy", "decision_tree", "lightgbm", "random_forest"} - {model.champion.candidate.family}

    assert set(model.quality.baselines) == others | {"accepter_tout", "refuser_tout"}
