"""Every family, simplest first: what comparisons, searches, files of search spaces and labels are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.candidates.constant import DUMMY
from training.candidates.forests import DECISION_TREE, RANDOM_FOREST
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.candidates.scorecard import SCORECARD
from training.candidates.xgboosting import XGBOOST

if TYPE_CHECKING:
    from training.candidates import Candidate, Settings
    from training.candidates.family import Family

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (DUMMY, LOGISTIC_REGRESSION, SCORECARD, DECISION_TREE, RANDOM_FOREST, XGBOOST, LIGHTGBM)
}


def candidate_of(family: str, settings: Settings | None = None, *, seed: int, name: str | None = None) -> Candidate:
    """Return a member of the family of a name; see `Family.candidate`."""
    return FAMILIES[family].candidate(settings, seed=seed, name=name)
