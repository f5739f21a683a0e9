"""Families: library, neutral form and attributions agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import shap

from scoring.explanation import LinearExplainer
from training.candidates.logistic import LOGISTIC_REGRESSION

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.pipeline import TrainedModel


@pytest.fixture(scope="module")
def features(small_dataset: LabelledDataset, small_space: FeatureSpace) -> np.ndarray:
    """Return the features of the small population."""
    return small_space.compute(small_dataset.rows)


def test_boosted_trees_contributions_equal_shap(trained_trees: TrainedModel, features: np.ndarray) -> None:
    """LightGBM's own attributions are those of the shap package: the reference is sound."""
    rows = features[:200]
    explained = shap.TreeExplainer(trained_trees.fitted.booster)(rows)  # type: ignore[attr-defined]

    np.testing.assert_allclose(trained_trees.fitted.contributions(rows)[:, :-1], explained.values, atol=1e-9)


def test_logistic_neutral_form_gives_the_same_score(
    features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """Terms on raw values add up to scikit-learn's decision function."""
    fitted = LOGISTIC_REGRESSION.candidate(seed=0).fit(features, small_dataset.default, small_space.columns)
    explainer = LinearExplainer(fitted.neutral_form().explainer_arrays(scale=1.0, offset=0.0))  # type: ignore[union-attr]
    sums = [explainer.base_value + explainer.contributions(row).sum() for row in features[:300]]

    np.testing.assert_allclose(sums, fitted.score(features[:300]), atol=1e-9)


def test_logistic_contributions_are_measured_from_the_mean(
    features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """Over the training rows each feature's contributions average to zero."""
    fitted = LOGISTIC_REGRESSION.candidate(seed=0).fit(features, small_dataset.default, small_space.columns)

    np.testing.assert_allclose(fitted.contributions(features)[:, :-1].mean(axis=0), 0.0, atol=1e-9)


def test_logistic_survives_a_column_that_never_changes(
    features: np.ndarray, small_dataset: LabelledDataset, small_space: FeatureSpace
) -> None:
    """A history nobody has is no reason to fail, and gets no weight."""
    constant = features.copy()
    constant[:, 4] = 0.0
    fitted = LOGISTIC_REGRESSION.candidate(seed=0).fit(constant, small_dataset.default, small_space.columns)

    assert np.isfinite(fitted.score(constant)).all()
    assert np.ptp(fitted.contributions(constant)[:, 4]) == 0.0
