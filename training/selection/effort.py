"""How much work a training run does: quick for the demo, full for a model that is meant to be served."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from training.candidates import NO_REBALANCING
from training.candidates.blends import blend
from training.candidates.families import FAMILIES, candidate_of
from training.candidates.forests import DEEP_FOREST, RANDOM_FOREST
from training.candidates.gradient_boosting import LIGHTGBM, SHORT, SHORT_NAME
from training.candidates.imbalance import STRATEGIES, rebalanced
from training.candidates.logistic import LOGISTIC_REGRESSION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.candidates import Candidate, Settings
    from training.candidates.family import Family


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
        By family, the settings its members are compared with, in its library's own names; the baseline alone by
        default. Where LightGBM is among them, the one that chooses inputs is a short one.
    breadth
        What is compared beyond one candidate a family; ``None`` for nothing.
    """

    n_folds: int
    input_counts: tuple[int, ...]
    boosting: Settings = field(default_factory=lambda: SHORT)
    families: Mapping[str, Settings] = field(default_factory=lambda: _own_settings(LOGISTIC_REGRESSION))
    breadth: Breadth | None = None

    def narrow(self) -> Effort:
        """Return the same effort with one candidate a family."""
        return replace(self, breadth=None)

    def with_trials(self, n_trials: int | None) -> Effort:
        """Return the same effort with another search budget, where it searches and one is given."""
        if self.breadth is None or n_trials is None:
            return self
        return replace(self, breadth=replace(self.breadth, n_trials=n_trials))

    def settings_of(self, family: str) -> Settings:
        """Return the settings that a search of a family starts from."""
        if family in self.families:
            return self.families[family]
        return self.boosting if family == LIGHTGBM.name else FAMILIES[family].settings

    def boosted_trees(self, *, seed: int) -> Candidate:
        """Return the gradient boosting that inputs are chosen with."""
        name = SHORT_NAME if LIGHTGBM.name in self.families else LIGHTGBM.name
        return LIGHTGBM.candidate(self.boosting, seed=seed, name=name)

    def candidates(self, *, seed: int) -> list[Candidate]:
        """Return the candidates that are compared, one a family, simplest first."""
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
            RANDOM_FOREST.candidate(DEEP_FOREST, seed=seed, name="random_forest_deep"),
            *self._at_their_best(self.breadth.n_seeds, found, seed=seed),
        ]

    def _each_way(self, ways: Sequence[str], found: Mapping[str, Settings], *, seed: int) -> list[Candidate]:
        """Return the families with and without rebalancing; boosters are short here, all alike."""
        plain = [
            candidate_of(name, own if FAMILIES[name].boosted else found.get(name, own), seed=seed)
            for name, own in self.families.items()
            if name != LIGHTGBM.name
        ]
        every = [*plain, self.boosted_trees(seed=seed)]
        return [rebalanced(one, way, seed=seed) for one in every for way in _sensible(ways, one)]

    def _at_their_best(self, n_seeds: int, found: Mapping[str, Settings], *, seed: int) -> list[Candidate]:
        """Return the boosters as they may be served: long, tuned, and merged from several seeds."""
        own = self.families.get(LIGHTGBM.name, self.boosting)
        members = [LIGHTGBM.candidate(own, seed=seed + number) for number in range(n_seeds)]
        tuned = [
            family.candidate(found[family.name], seed=seed, name=f"{family.name}_tuned")
            for family in FAMILIES.values()
            if family.boosted and family.name in found
        ]
        merged = [blend("lightgbm_merged_seeds", members, family=LIGHTGBM.name)] if n_seeds > 1 else []
        return [*members[:1], *tuned, *merged]


def _sensible(ways: Sequence[str], candidate: Candidate) -> Sequence[str]:
    """Return the ways to rebalance that can change a candidate."""
    return ways if FAMILIES[candidate.family].rebalanced else [NO_REBALANCING]


def _own_settings(*families: Family) -> dict[str, Settings]:
    return {family.name: family.settings for family in families}


def quick_effort() -> Effort:
    """Return what the demo does: one candidate a family, of LightGBM the short one that inputs are chosen with."""
    others = [family for family in FAMILIES.values() if family is not LIGHTGBM]
    return Effort(3, (60, 40, 30, 20, 12), families=_own_settings(*others))


def full_effort() -> Effort:
    """Return what a model that is meant to be served takes: every family in its breadth."""
    families = _own_settings(*FAMILIES.values())
    return Effort(5, (100, 70, 50, 40, 30, 24, 18, 12), families=families, breadth=Breadth())


EFFORTS = {"quick": quick_effort(), "full": full_effort()}
