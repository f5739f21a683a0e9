"""The small population as development data, and a candidate judged on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from training.candidates.logistic import LOGISTIC_REGRESSION
from training.selection.assessments import assess
from training.selection.development import Development

if TYPE_CHECKING:
    from training.features.dataset import LabelledDataset
    from training.features.feature_space import FeatureSpace
    from training.selection.assessments import Assessment


@pytest.fixture(scope="session")
def development(small_dataset: LabelledDataset, small_space: FeatureSpace) -> Development:
    """Return all of the small population in three folds."""
    return Development.of(small_dataset, small_space, n_folds=3, seed=0)


@pytest.fixture(scope="session")
def assessed(development: Development) -> Assessment:
    """Return the logistic regression judged out of fold on the small population."""
    return assess(LOGISTIC_REGRESSION.candidate(seed=0), development)
