"""What helps on real applications and what does not: one change at a time, on the folds the model was chosen on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.learning.contenders import frequency_coded, native_categories, without_directions
from benchmarks.learning.models import REAL_SAMPLE, SEED, STORE, chosen_model, development_of
from metrics.intervals import paired_difference
from training.candidates.blends import blend
from training.candidates.boosting import N_TREES
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.xgboosting import XGBOOST
from training.commands.arguments import DEFAULT_CACHE
from training.features.feature_space import FeatureSpace
from training.features.learning_data import read_learning_data
from training.schema import DerivedEntry, load_inputs
from training.selection.assessments import assess

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.candidates import Candidate, Settings
    from training.features.learning_data import LearningData
    from training.selection.assessments import Assessment


@dataclass(frozen=True, slots=True)
class Change:
    """One thing done differently.

    Attributes
    ----------
    space
        What the model reads.
    """

    name: str
    candidate: Candidate
    space: FeatureSpace


def measure_ablation(folder: Path = REAL_SAMPLE) -> dict[str, Any] | None:
    """Judge each change beside LightGBM as it is served; ``None`` without the data."""
    if not folder.is_dir():
        return None
    learning = read_learning_data(folder, DEFAULT_CACHE, protected=True)
    chosen = chosen_model(learning).space
    base, *changed = [_assess(change, learning) for change in changes(chosen, learning.space)]
    return {"base": figures_beside(base, base)} | {one.candidate.name: figures_beside(one, base) for one in changed}


def changes(chosen: FeatureSpace, everything: FeatureSpace) -> Iterator[Change]:
    """Yield the base and then every change, each on the chosen inputs unless it is about inputs."""
    own = LIGHTGBM.settings
    base = LIGHTGBM.candidate(seed=SEED, name="base")
    yield Change("base", base, chosen)

    def same(name: str, **settings: float) -> Change:
        return Change(name, LIGHTGBM.candidate({**own, **settings}, seed=SEED, name=name), chosen)

    protected = {entry.name for entry in load_inputs() if entry.protected}
    raw = FeatureSpace.over(chosen.inputs, ())
    yield Change("without_ratios", replace(base, name="without_ratios"), raw)
    richer = FeatureSpace.over(chosen.inputs, (*chosen.derived, *more_ratios()))
    yield Change("more_ratios", replace(base, name="more_ratios"), richer)
    with_protected = everything.restricted_to({*chosen.input_names, *protected})
    yield Change("with_protected_attributes", replace(base, name="with_protected_attributes"), with_protected)
    yield same("deeper_trees", max_depth=6, num_leaves=24, min_data_in_leaf=200, learning_rate=0.02)
    yield same("slower_learning", learning_rate=0.02, **{N_TREES: 2 * int(own[N_TREES])})
    yield same("all_columns_a_tree", feature_fraction=1.0)
    yield same("stronger_regularisation", lambda_l2=50.0, min_data_in_leaf=300)
    yield Change("without_directions", without_directions(base), chosen)
    yield Change("frequency_coded_categories", frequency_coded(base), chosen)
    yield Change("native_categorical_splits", native_categories(own, seed=SEED), chosen)
    seeds = [LIGHTGBM.candidate(seed=SEED + number) for number in range(5)]
    yield Change("three_seeds_merged", blend("three_seeds_merged", seeds[:3], family="lightgbm"), chosen)
    yield Change("five_seeds_merged", blend("five_seeds_merged", seeds, family="lightgbm"), chosen)
    xgboost = XGBOOST.candidate(LONG_XGBOOST, seed=SEED)
    yield Change("xgboost", xgboost, chosen)
    yield Change(
        "lightgbm_and_xgboost", blend("lightgbm_and_xgboost", [*seeds[:2], xgboost], family="boosters"), chosen
    )


def more_ratios() -> list[DerivedEntry]:
    """Return derivations that others use on this data and the dictionary does not have."""
    return [
        DerivedEntry(name=f"MORE_{number}", expression=expression, unit="", label_fr="", label_en="")
        for number, expression in enumerate(MORE_RATIOS)
    ]


MORE_RATIOS = (
    "EXT_SOURCE_1 * EXT_SOURCE_2",
    "EXT_SOURCE_1 * EXT_SOURCE_3",
    "mean(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3) * AMT_GOODS_PRICE / AMT_CREDIT",
    "mean(EXT_SOURCE_1, EXT_SOURCE_2, EXT_SOURCE_3) * DAYS_BIRTH",
    "EXT_SOURCE_3 * AMT_ANNUITY / AMT_CREDIT",
    "EXT_SOURCE_2 * AMT_ANNUITY / AMT_CREDIT",
    "DAYS_EMPLOYED - DAYS_BIRTH",
    "DAYS_LAST_PHONE_CHANGE / DAYS_ID_PUBLISH",
    "AMT_GOODS_PRICE / AMT_INCOME_TOTAL",
    "(AMT_CREDIT - AMT_GOODS_PRICE) / AMT_INCOME_TOTAL",
    "AMT_INCOME_TOTAL / DAYS_EMPLOYED",
    "AMT_INCOME_TOTAL / DAYS_BIRTH",
)
LONG_XGBOOST: Settings = {**XGBOOST.settings, "learning_rate": 0.04, N_TREES: 800}


def _assess(change: Change, learning: LearningData) -> Assessment:
    candidate = replace(change.candidate, name=change.name)
    return assess(candidate, development_of(learning, change.space), attributed_rows=0, store=STORE)


def figures_beside(one: Assessment, base: Assessment) -> dict[str, Any]:
    """Return figures and paired differences to the base; below zero is better in both."""
    cost, log_loss = paired_difference(one.costs, base.costs), paired_difference(one.log_losses, base.log_losses)
    return {
        "n_inputs": len(one.space.inputs),
        "cost": one.cost,
        "auc": one.auc,
        "log_loss": float(np.mean(one.log_losses)),
        "cost_difference": cost[0],
        "cost_standard_error": cost[1],
        "log_loss_difference": log_loss[0],
        "log_loss_standard_error": log_loss[1],
    }
