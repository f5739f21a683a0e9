"""How much work a training run does: quick for the demo, full for a model that is meant to be served."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from training.candidates import NO_REBALANCING
from training.candidates.blends import blend
from training.candidates.families import candidate_of
from training.candidates.gradient_boosting import N_TREES, boosted_trees
from training.candidates.imbalance import STRATEGIES, rebalanced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.candidates import Candidate
    from training.selection.search_space import Setting

type Settings = Mapping[str, Setting]


@dataclass(frozen=True, slots=True)
class Breadth:
    """What a wide comparison adds.

    Attributes
    ----------
    imbalances
        Ways to deal with rare defaults that every family is tried with.
    n_trials
        Budget of the search of each booster's settings.
    search_rows, search_folds
        What searches are made on.
    n_seeds
        Boosters of different seeds merged into one.
    """

    imbalances: tuple[str, ...] = (NO_REBALANCING, *STRATEGIES)
    n_trials: int = 12
    search_rows: int = 20_000
    search_folds: int = 3
    n_seeds: int = 3


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
        Parameters of the LightGBM that inputs are chosen with, in its own names, and ``n_trees``.
    families
        By family, the settings its members are compared with, in its library's own names. Where LightGBM is among
        them, the one that chooses inputs is a short one.
    breadth
        What is compared beyond one candidate a family; ``None`` for nothing.
    """

    n_folds: int
    input_counts: tuple[int, ...]
    boosting: dict[str, Setting] = field(default_factory=dict)
    families: Mapping[str, Settings] = field(default_factory=lambda: {"logistic_regression": {"C": 0.05}})
    breadth: Breadth | None = None

    def without_input_choice(self) -> Effort:
        """Return the same effort on all inputs, for when only the rest of the way matters."""
        return replace(self, input_counts=())

    def narrow(self) -> Effort:
        """Return the same effort with one candidate a family."""
        return replace(self, breadth=None)

    def with_trials(self, n_trials: int | None) -> Effort:
        """Return the same effort with another search budget, where it searches and one is given."""
        if self.breadth is None or n_trials is None:
            return self
        return replace(self, breadth=replace(self.breadth, n_trials=n_trials))

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the gradient boosting that inputs are chosen with."""
        name = "lightgbm_short" if "lightgbm" in self.families else "lightgbm"
        return boosted_trees(name, self.boosting, seed=seed)

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the families that compete, simplest first."""
        others = [candidate_of(family, settings, seed=seed) for family, settings in self.families.items()]
        return [*others, self.boosted_trees(seed=seed)]

    def wide_candidates(self, found: Mapping[str, Settings], *, seed: int) -> list[Candidate]:
        """Return every family with every way to deal with rare defaults, and the boosters at their best.

        Parameters
        ----------
        found
            By family, settings that a search has found.
        """
        if self.breadth is None:
            return self.candidates(seed=seed)
        return [
            *self._each_way(self.breadth.imbalances, found, seed=seed),
            candidate_of("random_forest", DEEP_FOREST, seed=seed, name="random_forest_deep"),
            *self._at_their_best(self.breadth.n_seeds, found, seed=seed),
        ]

    def _each_way(self, ways: Sequence[str], found: Mapping[str, Settings], *, seed: int) -> list[Candidate]:
        """Return the families with and without rebalancing; boosters are short here, all alike."""
        plain = [
            candidate_of(family, found[family] if family in _GRIDS and family in found else own, seed=seed)
            for family, own in self.families.items()
            if family != "lightgbm"
        ]
        every = [*plain, self.boosted_trees(seed=seed)]
        return [rebalanced(one, way, seed=seed) for one in every for way in _sensible(ways, one)]

    def _at_their_best(self, n_seeds: int, found: Mapping[str, Settings], *, seed: int) -> list[Candidate]:
        """Return the boosters as they may be served: long, tuned, and merged from several seeds."""
        own = self.families.get("lightgbm", self.boosting)
        members = [boosted_trees("lightgbm", own, seed=seed + number) for number in range(n_seeds)]
        tuned = [
            candidate_of(family, found[family], seed=seed, name=f"{family}_tuned")
            for family in ("xgboost", "lightgbm")
            if family in found
        ]
        merged = [blend("lightgbm_merged_seeds", members, family="lightgbm")] if n_seeds > 1 else []
        return [*members[:1], *tuned, *merged]


def _sensible(ways: Sequence[str], candidate: Candidate) -> Sequence[str]:
    """Return the ways to rebalance that can change a candidate: a constant has one."""
    return [NO_REBALANCING] if candidate.family == "dummy" else ways


_GRIDS = {"logistic_regression", "decision_tree", "random_forest"}
# Depth 3: as good as deeper trees on this data, and a leaf's attribution table has 2^3 outcomes at most.
_SHALLOW: dict[str, Setting] = {
    "max_depth": 3,
    "num_leaves": 8,
    "min_data_in_leaf": 80,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "lambda_l2": 10.0,
}
_SHORT: dict[str, Setting] = {"learning_rate": 0.08, N_TREES: 250}
_FAMILIES: dict[str, Settings] = {
    "dummy": {},
    "logistic_regression": {"C": 0.05},
    "decision_tree": {"max_depth": 5, "min_samples_leaf": 100},
    "random_forest": {"n_estimators": 60, "max_depth": 6, "min_samples_leaf": 30, "max_features": 0.2},
    "xgboost": {
        N_TREES: 250,
        "learning_rate": 0.08,
        "max_depth": 3,
        "min_child_weight": 8.0,
        "subsample": 0.8,
        "colsample_bytree": 0.3,
        "reg_lambda": 10.0,
    },
}
# What the bound on depth costs a forest: this one competes, and cannot be served.
DEEP_FOREST: Settings = {"n_estimators": 100, "min_samples_leaf": 30, "max_features": 0.2}
EFFORTS = {
    "quick": Effort(3, (60, 40, 30, 20, 12), _SHALLOW | _SHORT, _FAMILIES),
    "full": Effort(
        5,
        (100, 70, 50, 40, 30, 24, 18, 12),
        _SHALLOW | _SHORT,
        _FAMILIES | {"lightgbm": {**_SHALLOW, "learning_rate": 0.04, N_TREES: 800}},
        Breadth(),
    ),
}
