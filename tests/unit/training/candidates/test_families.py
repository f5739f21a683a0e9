"""A family is written down once: its record makes it compared, searched, readable from files and labelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from scoring.contract import Text
from training.candidates.blends import MeanOfModels
from training.candidates.constant import DUMMY
from training.candidates.families import FAMILIES, candidate_of
from training.candidates.family import Family
from training.candidates.forests import DEEP_FOREST, RANDOM_FOREST
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.labels import french_labels
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.candidates.search_space import SearchSpace
from training.selection.assessment_store import AssessmentStore
from training.selection.effort import Breadth, Effort, full_effort, quick_effort
from training.selection.pipeline import train_model
from training.selection.search_spaces import own_search_spaces, read_search_spaces

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from training.candidates import Fit, Settings
    from training.compiler.columns import Columns
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

SMALL: Settings = {"n_trees": 5, "max_depth": 2, "num_leaves": 4, "learning_rate": 0.2}
TRIED: list[object] = []


def learn(settings: Settings, seed: int) -> Fit:
    """Learn as a tiny booster does, as many times as asked."""
    TRIED.append(settings["repeats"])
    member = LIGHTGBM.learn(SMALL, seed)

    def fit(
        features: np.ndarray, default: np.ndarray, columns: Columns, weight: np.ndarray | None = None, /
    ) -> MeanOfModels:
        return MeanOfModels([member(features, default, columns, weight)] * int(settings["repeats"]))

    return fit


TOY = Family(
    "toy",
    Text(fr="jouet", en="toy"),
    complexity=5,
    learn=learn,
    settings={"repeats": 3},
    searchable=frozenset({"repeats"}),
    space=SearchSpace({"repeats": (1, 2)}),
)


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Add a family to the house: its record, and nothing else."""
    monkeypatch.setitem(FAMILIES, TOY.name, TOY)
    TRIED.clear()


@pytest.mark.usefixtures("toy")
def test_new_family_takes_part_in_every_effort() -> None:
    """A quick run compares it with its own settings; a full one with every way to deal with rare defaults."""
    quick = {one.name: one for one in quick_effort().candidates(seed=0)}
    full = [one for one in full_effort().wide_candidates({}, seed=0) if one.family == "toy"]

    assert quick["toy"].parameters == {"repeats": 3, "seed": 0}
    assert quick["toy"].complexity == 5
    assert [one.imbalance for one in full] == [*Breadth().imbalances]


@pytest.mark.usefixtures("toy")
def test_new_family_is_searched_and_compared(
    small_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path: Path
) -> None:
    """A wide run tries what its record says, and judges what was found beside the others."""
    effort = Effort(
        3,
        (),
        SMALL,
        {"dummy": {}, "toy": TOY.settings},
        Breadth(imbalances=("none",), n_trials=2, search_rows=1000, search_folds=2, n_seeds=1),
    )
    spaces = {"toy": own_search_spaces()["toy"]}
    trained = train_model(
        small_dataset, small_space, effort, seed=0, spaces=spaces, store=AssessmentStore(tmp_path), say=str
    )
    (row,) = [one for one in trained.table if one.family == "toy"]

    assert set(TRIED) >= {1, 2}
    assert row.parameters["repeats"] in {1, 2}
    assert row.exportable
    assert row.size_bytes
    assert "toy" in trained.quality.baselines


@pytest.mark.usefixtures("toy")
def test_new_family_is_known_to_files_of_search_spaces(tmp_path: Path) -> None:
    """A file may name it and its parameters, and no others."""
    file = tmp_path / "spaces.toml"
    file.write_text("[toy]\nrepeats = [1, 4]\n", encoding="utf-8")

    assert read_search_spaces(file) == {"toy": SearchSpace({"repeats": (1, 4)})}


@pytest.mark.usefixtures("toy")
def test_new_family_is_labelled() -> None:
    """French pages find its name."""
    assert french_labels()["toy"] == "jouet"


def test_families_are_ranked_from_simple_to_complex() -> None:
    """The order in which they are listed is the one in which the simpler wins."""
    ranks = [family.complexity for family in FAMILIES.values()]

    assert ranks == sorted(ranks)
    assert [*FAMILIES] == [family.name for family in FAMILIES.values()]


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_what_is_searched_may_be_searched(family: Family) -> None:
    """The space of a record names parameters that a file could name, and begins from settings that are allowed."""
    space = family.space or SearchSpace()

    assert {*space.values, *space.ranges} <= family.searchable
    assert family.label.fr
    assert family.label.en


def test_settings_are_recorded_with_the_seed_where_chance_has_a_part() -> None:
    """The registry shows a seed where another one would give another model."""
    assert LIGHTGBM.candidate(SMALL, seed=7).parameters == {**SMALL, "seed": 7}
    assert LOGISTIC_REGRESSION.candidate(seed=7).parameters == {"C": 0.05}
    assert DUMMY.candidate(seed=7).parameters == {}


def test_forest_of_unbounded_depth_competes_and_is_not_served() -> None:
    """What cannot be explained in a package of reasonable size says so."""
    deep = candidate_of("random_forest", DEEP_FOREST, seed=0, name="deep")

    assert (deep.name, deep.family, deep.exportable) == ("deep", "random_forest", False)
    assert RANDOM_FOREST.candidate(seed=0).exportable
