"""How good the model is: on real applications beside baselines, on the sample population beside the best possible."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from metrics.costs import costs_per_application
from metrics.intervals import bootstrap_mean
from metrics.ranking import bootstrap_auc
from training.bundle.evidence import collect_evidence
from training.candidates.boosting import N_TREES
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.commands.arguments import DEFAULT_CACHE
from training.features.feature_space import FeatureSpace
from training.features.learning_data import LearningData, read_learning_data
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TRUTH
from training.selection.assessment_store import AssessmentStore
from training.selection.assessments import assess
from training.selection.development import FoldedApplications
from training.selection.effort import EFFORTS
from training.selection.pipeline import choose_model, train_model
from training.selection.splits import split_applications

if TYPE_CHECKING:
    from scoring.contract import Estimate
    from training.candidates import Candidate
    from training.selection.assessments import Assessment
    from training.selection.development import Development
    from training.selection.pipeline import TrainedModel

REAL_SAMPLE = Path(os.environ.get("HOME_CREDIT_SAMPLE", Path(__file__).parents[3] / "shared" / "home-credit"))
SEED = 0
APPLICATIONS = 30_000


# Finished assessments: the measures of the real sample share them, and an interrupted one goes on.
STORE = AssessmentStore(DEFAULT_CACHE / "assessments")


def measure_real_sample(folder: Path = REAL_SAMPLE) -> dict[str, Any] | None:
    """Train on real applications with full effort, beside baselines on the same folds; ``None`` without the data."""
    if not folder.is_dir():
        return None
    learning = read_learning_data(folder, DEFAULT_CACHE)
    trained = train_model(learning.applications, learning.space, EFFORTS["full"], seed=SEED, store=STORE)
    raw = FeatureSpace.over(learning.space.inputs, ())
    judged = {
        "model": trained.champion,
        "lightgbm_default_settings": _assess(_default_lightgbm(), raw, learning),
        "logistic_regression": _assess(LOGISTIC_REGRESSION.candidate(seed=SEED), learning.space, learning),
    }
    evidence = collect_evidence(trained)
    return {
        "n_applications": len(learning.applications.ids),
        "data_fingerprint": learning.table.fingerprint,
        "champion": trained.champion.candidate.name,
        "rule": evidence.rule,
        "candidates": [one.model_dump() for one in trained.table],
        "policies": [one.model_dump() for one in evidence.policies],
        "ratios": [one.model_dump() for one in evidence.ratios],
        "stability": evidence.stability.model_dump(),
        "out_of_fold": {name: _figures(one, trained) for name, one in judged.items()} | _trivial(trained),
        "hold_out": trained.quality.model_dump(),
        "threshold": trained.threshold.threshold,
        "threshold_interval": trained.threshold.interval,
        "inputs": list(trained.space.input_names),
        "input_curve": _curve(trained),
    }


def measure_sample_population(applications: int = APPLICATIONS) -> dict[str, Any]:
    """Train on a sample population with full effort, beside decisions from the true probabilities."""
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        generate(load_profile(), Plan(applications, SEED), folder, "parquet")
        return _beside_the_best_possible(folder)


def _beside_the_best_possible(folder: Path) -> dict[str, Any]:
    learning = read_learning_data(folder, DEFAULT_CACHE)
    trained = train_model(learning.applications, learning.space, EFFORTS["full"].narrow(), seed=SEED)
    hold_out = learning.applications.at(trained.split.hold_out)
    truth, default = _true_probability(folder, hold_out.ids), hold_out.default
    best = costs_per_application(truth, default, threshold=trained.threshold.bayes)
    return {
        "n_applications": len(learning.applications.ids),
        "tables": "all seven",
        "hold_out": trained.quality.model_dump(),
        "best_possible": {
            "cost": bootstrap_mean(best, seed=SEED).model_dump(),
            "auc": bootstrap_auc(truth, default, seed=SEED).model_dump(),
        },
        "inputs": list(trained.space.input_names),
        "champion": trained.champion.candidate.name,
    }


def development_of(learning: LearningData, space: FeatureSpace) -> Development:
    """Return the applications that the model was chosen on, in its folds, over the inputs of a space."""
    return _folded(learning).over(space)


def chosen_model(learning: LearningData) -> Assessment:
    """Return the champion of a full run, out of fold; quick once such a run was made."""
    space = learning.space.restricted_to({entry.name for entry in learning.space.inputs if not entry.protected})
    return choose_model(EFFORTS["full"], _folded(learning), space, store=STORE, say=_silent).champion


def _folded(learning: LearningData) -> FoldedApplications:
    """Return the applications that the model was chosen on, in its folds."""
    development = split_applications(learning.applications.default, seed=SEED).development
    return FoldedApplications.of(learning.applications.at(development), n_folds=EFFORTS["full"].n_folds, seed=SEED)


def _assess(candidate: Candidate, space: FeatureSpace, learning: LearningData) -> Assessment:
    """Judge a baseline on the folds that the model was judged on."""
    return assess(candidate, development_of(learning, space), store=STORE)


def _default_lightgbm() -> Candidate:
    """Return LightGBM as it comes."""
    return LIGHTGBM.candidate({N_TREES: 100}, seed=SEED, name="lightgbm_default")


def _figures(one: Assessment, trained: TrainedModel) -> dict[str, Any]:
    return {
        "cost": bootstrap_mean(one.costs, seed=SEED).model_dump(),
        "auc": bootstrap_auc(one.default_probability, trained.development.default, seed=SEED).model_dump(),
        "brier": one.brier,
        "calibration_error": one.calibration_error,
        "n_inputs": len(one.space.inputs),
    }


def _trivial(trained: TrainedModel) -> dict[str, Any]:
    """Return what accepting and refusing everybody costs on the same applications."""
    default = trained.development.default

    def cost(probability: float) -> Estimate:
        everybody = np.full(len(default), probability)
        return bootstrap_mean(costs_per_application(everybody, default, threshold=0.5), seed=SEED)

    return {"accept_all": {"cost": cost(0.0).model_dump()}, "refuse_all": {"cost": cost(1.0).model_dump()}}


def _curve(trained: TrainedModel) -> list[dict[str, float]]:
    return [
        {
            "n_inputs": len(point.assessment.space.inputs),
            "cost": point.assessment.cost,
            "auc": point.assessment.auc,
            "cost_gap": point.cost.mean,
            "cost_standard_error": point.cost.standard_error,
            "log_loss_gap": point.log_loss.mean,
            "log_loss_standard_error": point.log_loss.standard_error,
        }
        for point in trained.curve
    ]


def _true_probability(folder: Path, ids: np.ndarray) -> np.ndarray:
    truth = pq.read_table(folder / f"{TRUTH}.parquet")
    known = dict(zip(truth["SK_ID_CURR"].to_pylist(), truth["default_probability"].to_pylist(), strict=True))
    return np.array([known[identifier] for identifier in ids.tolist()])


def _silent(_: str) -> None:
    """Say nothing: the choices are in the figures."""
