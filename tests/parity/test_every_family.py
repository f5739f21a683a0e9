"""Export works whichever family wins: each passes the gate as the champion of a run of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from scoring.bundle import Bundle
from scoring.service import ScoringService
from training.bundle.export import Taught, write_bundle
from training.bundle.golden import wrong_golden_answers
from training.candidates.blends import blend
from training.candidates.families import FAMILIES, candidate_of
from training.candidates.imbalance import rebalanced
from training.candidates.scorecard import SCORECARD
from training.selection.effort import EFFORTS, Effort
from training.selection.pipeline import train_model

if TYPE_CHECKING:
    from pathlib import Path

    from training.candidates import Candidate, Settings
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

SETTINGS: dict[str, Settings] = {
    "dummy": {},
    "logistic_regression": {"C": 0.05},
    "scorecard": SCORECARD.settings,
    "decision_tree": {"max_depth": 4, "min_samples_leaf": 30},
    "random_forest": {"n_estimators": 10, "max_depth": 5, "min_samples_leaf": 10},
    "xgboost": {"n_trees": 40, "max_depth": 3, "learning_rate": 0.1},
    "lightgbm": {"n_trees": 40, "max_depth": 3, "num_leaves": 8, "learning_rate": 0.1},
}


def merged() -> Candidate:
    """Return two boosters of different libraries as one model."""
    members = [candidate_of(family, SETTINGS[family], seed=0) for family in ("lightgbm", "xgboost")]
    return blend("merged", members, family="boosters")


CANDIDATES = {
    **{family: candidate_of(family, SETTINGS[family], seed=0) for family in FAMILIES},
    "merged": merged(),
    "xgboost+smote": rebalanced(candidate_of("xgboost", SETTINGS["xgboost"], seed=0), "smote", seed=0),
    "logistic_regression+class_weights": rebalanced(
        candidate_of("logistic_regression", SETTINGS["logistic_regression"], seed=0), "class_weights", seed=0
    ),
}


@dataclass(frozen=True, slots=True)
class Alone(Effort):
    """A run in which one candidate has no competitor."""

    candidate: Candidate = field(default_factory=merged)

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the candidate."""
        del seed  # the candidate has its own
        return self.candidate

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the candidate and nothing else."""
        return [self.boosted_trees(seed=seed)]


@pytest.mark.parametrize("name", CANDIDATES)
def test_family_is_exported_as_it_was_trained(
    name: str, small_dataset: LabelledDataset, new_dataset: LabelledDataset, small_space: FeatureSpace, tmp_path: Path
) -> None:
    """Every row gets the trainer's probability and decision, and attributions equal the reference ones."""
    trained = train_model(small_dataset, small_space, Alone(3, (), candidate=CANDIDATES[name]), seed=0, say=str)
    folder = tmp_path / "bundle"
    write_bundle(folder, trained, small_dataset, other_data={"new": new_dataset}, taught=Taught("r", "f" * 64))
    bundle = Bundle.open(folder)
    contract = bundle.contract

    assert contract.identity.family == name
    assert contract.parity.n_applications == len(small_dataset.ids) + len(new_dataset.ids)
    assert contract.parity.worst_probability_difference <= 1e-12
    assert contract.parity.worst_contribution_difference <= 1e-9
    assert wrong_golden_answers(bundle) == 0
    assert ScoringService.of(bundle).contract == contract


def test_every_candidate_of_a_full_run_is_exportable_or_says_so() -> None:
    """The forest of unbounded depth alone competes without being served."""
    found = {family: dict(settings) for family, settings in EFFORTS["full"].families.items() if settings}
    candidates = EFFORTS["full"].wide_candidates(found, seed=0)

    assert [one.name for one in candidates if not one.exportable] == ["random_forest_deep"]
    assert len({one.name for one in candidates}) == len(candidates)
