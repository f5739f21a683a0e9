"""The run as a whole: what stops it, and what it promises of the model it gives."""

from __future__ import annotations

import os
import pickle
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.errors import ModelError
from training.selection.effort import Effort
from training.selection.pipeline import HIGHEST_CREDIBLE_AUC, train_model

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.pipeline import TrainedModel

TINY = Effort(3, (), {"n_trees": 10, "max_depth": 2, "num_leaves": 4})


def silent(_: str) -> None:
    """Say nothing."""


def test_train_model_probabilities_have_the_default_rate(trained_trees: TrainedModel) -> None:
    """On the hold-out the default rate is within three sampling errors of the mean probability."""
    quality = trained_trees.quality
    rate = quality.mean_probability.value
    error = (rate * (1 - rate) / quality.n_applications) ** 0.5

    assert quality.default_rate == pytest.approx(rate, abs=3 * error)


def test_train_model_beats_both_trivial_policies(trained_trees: TrainedModel) -> None:
    """The model costs less than accepting or refusing everybody."""
    baselines = trained_trees.quality.baselines

    assert trained_trees.quality.cost.value < min(baselines["accepter_tout"].value, baselines["refuser_tout"].value)


def test_train_model_learns_nothing_from_the_hold_out(
    small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """Other values in the hold-out change its figures, and neither model nor threshold."""
    effort = replace(TINY, input_counts=(4,))
    before = train_model(small_dataset, small_space, effort, seed=0, say=silent)
    rows = small_dataset.rows.copy()
    rows[before.split.hold_out] = rows[before.split.hold_out[::-1]]
    after = train_model(replace(small_dataset, values=rows), small_space, effort, seed=0, say=silent)

    assert (before.threshold, before.calibration) == (after.threshold, after.calibration)
    assert before.space.input_names == after.space.input_names
    assert [point.cost for point in before.curve] == [point.cost for point in after.curve]
    assert before.quality.auc != after.quality.auc
    chosen = small_dataset.columns(before.space.input_names)
    np.testing.assert_array_equal(before.default_probability(chosen), after.default_probability(chosen))


def test_train_model_refuses_too_few_defaults(small_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """A target nothing can be learned from is said with its count and what to do."""
    scarce = replace(small_dataset, default=np.eye(1, len(small_dataset.ids), dtype=int)[0])

    with pytest.raises(ModelError, match=r"TRN202.*1 defaults among 4000.*use more applications"):
        train_model(scarce, small_space, TINY, seed=0, say=silent)


@pytest.fixture
def leaking_dataset(small_dataset: LabelledDataset) -> LabelledDataset:
    """Return the small population with the outcome hidden in an external score."""
    rows = small_dataset.rows.copy()
    score = small_dataset.input_names.index("EXT_SOURCE_2")
    rows[:, score] = 0.6 * rows[:, score] + 0.4 * (1 - small_dataset.default)
    return replace(small_dataset, values=rows)


def test_train_model_stops_at_an_incredible_auc(leaking_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """An AUC that nobody has reached means a leak: the run stops and says how to go on."""
    with pytest.raises(ModelError, match=r"TRN203.*look for a leak.*--accept-high-auc"):
        train_model(leaking_dataset, small_space, TINY, seed=0, say=silent)


def test_train_model_goes_on_when_a_person_accepts_it(
    leaking_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """With a reason the same run gives its model."""
    trained = train_model(leaking_dataset, small_space, TINY, seed=0, accept_high_auc="tested", say=silent)

    assert trained.champion.auc > HIGHEST_CREDIBLE_AUC


def test_train_model_says_its_choices(small_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """The run prints the input curve, the candidates and the rule that chose."""
    said: list[str] = []
    train_model(small_dataset, small_space, replace(TINY, input_counts=(8,)), seed=0, say=said.append)

    assert "the smallest as good as the best" in said[0]
    assert "rule: lowest cost; a simpler model wins inside the noise" in said[1]


def test_number_of_cores_changes_nothing(
    small_dataset: LabelledDataset, small_space: FeatureSpace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On one core or on three the same seed comes to the same model, to the byte."""

    def trained(cores: int) -> tuple[bytes, list[float]]:
        monkeypatch.setattr(os, "cpu_count", lambda: cores)
        effort = Effort(3, (4,), {"n_trees": 10, "max_depth": 2, "num_leaves": 4})
        model = train_model(small_dataset, small_space, effort, seed=0, say=silent)
        form = model.fitted.neutral_form()
        return pickle.dumps(form), [one.cost for one in model.assessed]

    assert trained(1) == trained(3)
