"""Variants that are measured beside the model train, score, and differ from it in what they say they do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.learning.ablation import MORE_RATIOS
from benchmarks.learning.contenders import coded, frequency_coded, native_categories, without_directions
from training.candidates.gradient_boosting import LIGHTGBM
from training.compiler.derivations import parse_expression

if TYPE_CHECKING:
    from training.candidates import Settings
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace

SMALL: Settings = {"n_trees": 8, "max_depth": 3, "num_leaves": 8, "learning_rate": 0.2}


@pytest.mark.parametrize("expression", MORE_RATIOS)
def test_ratios_are_written_in_the_language_of_derivations(expression: str) -> None:
    """What is measured could be served."""
    assert parse_expression(expression)


def test_frequency_coding_learns_no_target() -> None:
    """A category becomes its share of the training rows."""
    rows = np.array([[0.0], [0.0], [1.0]])

    np.testing.assert_array_equal(coded(rows, {0: np.array([0.75, 0.25])})[:, 0], [0.75, 0.75, 0.25])


def test_contenders_train_and_score(small_dataset: LabelledDataset, small_space: FeatureSpace) -> None:
    """Each variant is another model than the base, and none of them is for export."""
    features = small_space.compute(small_dataset.rows)
    base = LIGHTGBM.candidate(SMALL, seed=0, name="base")
    variants = [
        base,
        frequency_coded(base),
        without_directions(base),
        native_categories(SMALL, seed=0),
    ]
    fitted = [one.fit(features, small_dataset.default, small_space.columns) for one in variants]
    scores = [one.score(features[:300]).tolist() for one in fitted]

    assert len({tuple(one) for one in scores}) == 4
    assert [one.exportable for one in variants] == [True, False, False, False]
    assert fitted[1].contributions(features[:5]).shape == (5, features.shape[1] + 1)
    with pytest.raises(NotImplementedError, match="not exported"):
        fitted[1].neutral_form()
