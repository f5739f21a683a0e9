"""A scorecard beside the trees: out of fold on the same folds, differences paired, on both populations at hand."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.learning.models import APPLICATIONS, REAL_SAMPLE, SEED, STORE, development_of
from metrics.intervals import bootstrap, bootstrap_mean, normal_interval, paired_difference, resampled_rows
from metrics.ranking import auc, bootstrap_auc
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.scorecard import SCORECARD
from training.commands.arguments import DEFAULT_CACHE
from training.features.learning_data import read_learning_data
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.selection.assessments import assess

if TYPE_CHECKING:
    import numpy as np

    from training.features.learning_data import LearningData
    from training.selection.assessments import Assessment

FAMILIES = {"trees": LIGHTGBM, "scorecard": SCORECARD}


def measure_scorecard(folder: Path = REAL_SAMPLE, *, applications: int = APPLICATIONS) -> dict[str, Any]:
    """Judge both on a sample population, and on real applications where they are at hand."""
    with tempfile.TemporaryDirectory() as work:
        generate(load_profile(), Plan(applications, SEED), Path(work), "parquet")
        figures = {"sample_population": _beside(read_learning_data(Path(work), DEFAULT_CACHE))}
    if folder.is_dir():
        figures["real_sample"] = _beside(read_learning_data(folder, DEFAULT_CACHE))
    return figures


def _beside(learning: LearningData) -> dict[str, Any]:
    space = learning.space.restricted_to({entry.name for entry in learning.space.inputs if not entry.protected})
    development = development_of(learning, space)
    judged = {name: assess(family.candidate(seed=SEED), development, store=STORE) for name, family in FAMILIES.items()}
    card, trees = judged["scorecard"], judged["trees"]
    return {
        "n_applications": len(development.default),
        "n_inputs": len(space.inputs),
        **{name: _figures(one, development.default) for name, one in judged.items()},
        "card_less_trees": {
            "cost": normal_interval(*paired_difference(card.costs, trees.costs)).model_dump(),
            "log_loss": normal_interval(*paired_difference(card.log_losses, trees.log_losses)).model_dump(),
            "auc": _auc_gap(card, trees, development.default),
        },
    }


def _figures(one: Assessment, default: np.ndarray) -> dict[str, Any]:
    return {
        "cost": bootstrap_mean(one.costs, seed=SEED).model_dump(),
        "auc": bootstrap_auc(one.default_probability, default, seed=SEED).model_dump(),
        "brier": one.brier,
    }


def _auc_gap(card: Assessment, trees: Assessment, default: np.ndarray) -> dict[str, Any]:
    """Return how much larger the area under the card's curve is, both drawn again on the same applications."""

    def gap(rows: np.ndarray) -> float:
        known = default[rows]
        return auc(card.default_probability[rows], known) - auc(trees.default_probability[rows], known)

    return bootstrap(gap, resampled_rows(len(default), seed=SEED)).model_dump()
