"""How much work a training run does: quick for the demo, full for a model that is meant to be served."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from training.candidates.gradient_boosting import N_TREES, boosted_trees
from training.candidates.logistic import logistic

if TYPE_CHECKING:
    from training.candidates import Candidate


@dataclass(frozen=True, slots=True)
class Effort:
    """Settings of a run.

    Attributes
    ----------
    n_folds
        Folds of the out-of-fold predictions.
    input_counts
        Numbers of request inputs that are tried.
    boosting
        Parameters of LightGBM, in its own names, and ``n_trees``.
    """

    n_folds: int
    input_counts: tuple[int, ...]
    boosting: dict[str, float | int | str] = field(default_factory=dict)

    def without_input_choice(self) -> Effort:
        """Return the same effort on all inputs, for when only the rest of the way matters."""
        return replace(self, input_counts=())

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the gradient-boosting candidate of this effort."""
        return boosted_trees("lightgbm", self.boosting, seed=seed)

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the families that compete, simplest first."""
        return [logistic(), self.boosted_trees(seed=seed)]


# Depth 3: as good as deeper trees on this data, and a leaf's attribution table has 2^3 outcomes at most.
_SHALLOW: dict[str, float | int | str] = {
    "max_depth": 3,
    "num_leaves": 8,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
}
EFFORTS = {
    "quick": Effort(3, (60, 40, 30, 20, 12), {**_SHALLOW, "learning_rate": 0.08, N_TREES: 250}),
    "full": Effort(5, (100, 70, 50, 40, 30, 24, 18, 12), {**_SHALLOW, "learning_rate": 0.04, N_TREES: 800}),
}
