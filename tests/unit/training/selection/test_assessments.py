"""Candidates judged on applications that they have not seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from training.candidates.constant import DUMMY
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.selection.assessments import assess, assess_candidates

if TYPE_CHECKING:
    from training.selection.assessments import Assessment
    from training.selection.development import Development


def test_assess_scores_each_application_once(assessed: Assessment, development: Development) -> None:
    """Every application has one out-of-fold probability, and the mean is the default rate."""
    assert np.isfinite(assessed.default_probability).all()
    assert assessed.default_probability.mean() == pytest.approx(development.default.mean(), abs=0.003)


def test_assess_never_lets_an_application_speak_for_itself(assessed: Assessment, development: Development) -> None:
    """Outcomes of one fold do not move that fold's own scores."""
    fold, default = development.fold, development.default
    flipped = replace(development, data=replace(development.data, default=np.where(fold == 0, 1 - default, default)))
    after = assess(LOGISTIC_REGRESSION.candidate(seed=0), flipped)

    np.testing.assert_array_equal(assessed.score[fold == 0], after.score[fold == 0])


def test_input_importance_is_spread_over_the_inputs(assessed: Assessment) -> None:
    """Nothing is lost when a derivation's importance goes to the inputs it comes from."""
    assert sum(assessed.input_importance().values()) == pytest.approx(float(assessed.importance.sum()))


def test_candidates_are_assessed_in_their_order(assessed: Assessment, development: Development) -> None:
    """Each is judged on the same folds, and none is asked for its importance."""
    candidates = [LOGISTIC_REGRESSION.candidate(seed=0), DUMMY.candidate(seed=0)]
    found = assess_candidates(candidates, development)

    assert [one.candidate.name for one in found] == ["logistic_regression", "dummy"]
    assert found[0].cost == assessed.cost
    assert not any(one.importance.any() for one in found)
