"""How good the model is: on real applications beside baselines, on the sample population beside the best possible."""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from metrics.costs import costs_per_application
from metrics.intervals import bootstrap_mean
from metrics.ranking import bootstrap_auc
from training.bundle.evidence import collect_evidence
from training.candidates.gradient_boosting import N_TREES, boosted_trees
from training.candidates.logistic import logistic
from training.commands.arguments import DEFAULT_CACHE
from training.features import build_features
from training.features.dataset import read_dataset, usable_inputs
from training.features.feature_space import FeatureSpace
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TRUTH
from training.schema import load_derived, load_inputs
from training.selection.assessment_store import AssessmentStore
from training.selection.comparing import Arena
from training.selection.effort import EFFORTS
from training.selection.pipeline import choose_model, train_model
from training.selection.rules import assess
from training.selection.search_space import load_search_spaces
from training.selection.splits import fold_numbers, split_applications
from training.sources import load_sources

if TYPE_CHECKING:
    from scoring.contract import Estimate
    from training.candidates import Candidate
    from training.features import FeatureTable
    from training.features.dataset import Dataset
    from training.selection.pipeline import TrainedModel
    from training.selection.rules import Assessment

REAL_SAMPLE = Path(os.environ.get("HOME_CREDIT_SAMPLE", Path(__file__).parents[3] / "shared" / "home-credit"))
SEED = 0
APPLICATIONS = 30_000


# Finished assessments: the measures of the real sample share them, and an interrupted one goes on.
STORE = AssessmentStore(DEFAULT_CACHE / "assessments")


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled applications and everything a model may read of them."""

    table: FeatureTable
    data: Dataset
    space: FeatureSpace


def measure_real_sample(folder: Path = REAL_SAMPLE) -> dict[str, Any] | None:
    """Train on real applications with full effort, beside baselines on the same folds; ``None`` without the data."""
    if not folder.is_dir():
        return None
    sample = read_sample(folder)
    data = sample.data
    trained = train_model(data, sample.space, EFFORTS["full"], seed=SEED, store=STORE)
    raw = FeatureSpace.over(sample.space.inputs, ())
    judged = {
        "model": trained.champion,
        "lightgbm_default_settings": _assess(_default_lightgbm(), raw, sample),
        "logistic_regression": _assess(logistic(), sample.space, sample),
    }
    evidence = collect_evidence(trained, data)
    return {
        "n_applications": len(data.ids),
        "data_fingerprint": sample.table.fingerprint,
        "champion": trained.champion.candidate.name,
        "rule": evidence.rule,
        "candidates": [one.model_dump() for one in trained.comparison],
        "policies": [one.model_dump() for one in evidence.policies],
        "ratios": [one.model_dump() for one in evidence.ratios],
        "stability": evidence.stability.model_dump(),
        "out_of_fold": {name: _figures(one, data, trained) for name, one in judged.items()} | _trivial(data, trained),
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
    sample = read_sample(folder)
    data = sample.data
    trained = train_model(data, sample.space, EFFORTS["full"].narrow(), seed=SEED)
    truth = _true_probability(folder, data.ids[trained.split.hold_out])
    default = _labels(data)[trained.split.hold_out]
    best = costs_per_application(truth, default, threshold=trained.threshold.bayes)
    return {
        "n_applications": len(data.ids),
        "tables": "all seven",
        "hold_out": trained.quality.model_dump(),
        "best_possible": {
            "cost": bootstrap_mean(best, seed=SEED).model_dump(),
            "auc": bootstrap_auc(truth, default, seed=SEED).model_dump(),
        },
        "inputs": list(trained.space.input_names),
        "champion": trained.champion.candidate.name,
    }


def read_sample(folder: Path, *, protected: bool = False) -> Sample:
    """Read labelled applications; with the protected attributes only to measure what leaving them out costs."""
    table = build_features(load_sources(folder), DEFAULT_CACHE)
    columns = set(table.columns)
    every = [entry for entry in load_inputs() if entry.name in columns]
    inputs = every if protected else usable_inputs(table)
    data = read_dataset(table.path, inputs, population="train")
    return Sample(table, data, FeatureSpace.over(inputs, load_derived()))


def development_of(sample: Sample, space: FeatureSpace) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return rows of the inputs of a space, outcomes and folds: those that the model was chosen on."""
    default = _labels(sample.data)
    development = split_applications(default, seed=SEED).development
    fold = fold_numbers(default[development], n_folds=EFFORTS["full"].n_folds, seed=SEED)
    return sample.data.columns(space.input_names)[development], default[development], fold


def chosen_model(sample: Sample) -> Assessment:
    """Return the champion of a full run, out of fold; quick once such a run was made."""
    space = sample.space.restricted_to({entry.name for entry in sample.space.inputs if not entry.protected})
    arena = Arena(space, *development_of(sample, space), SEED, STORE)
    return choose_model(EFFORTS["full"], arena, load_search_spaces(), say=_silent).champion


def _assess(candidate: Candidate, space: FeatureSpace, sample: Sample) -> Assessment:
    """Judge a baseline on the folds that the model was judged on."""
    rows, default, fold = development_of(sample, space)
    return assess(candidate, space, rows, default, fold, seed=SEED, store=STORE)


def _default_lightgbm() -> Candidate:
    """Return LightGBM as it comes."""
    return boosted_trees("lightgbm_default", {N_TREES: 100}, seed=SEED)


def _figures(one: Assessment, data: Dataset, trained: TrainedModel) -> dict[str, Any]:
    default = _labels(data)[trained.split.development]
    return {
        "cost": bootstrap_mean(one.costs, seed=SEED).model_dump(),
        "auc": bootstrap_auc(one.default_probability, default, seed=SEED).model_dump(),
        "brier": one.brier,
        "calibration_error": one.calibration_error,
        "n_inputs": len(one.space.inputs),
    }


def _trivial(data: Dataset, trained: TrainedModel) -> dict[str, Any]:
    """Return what accepting and refusing everybody costs on the same applications."""
    default = _labels(data)[trained.split.development]

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


def _labels(data: Dataset) -> np.ndarray:
    """Return the outcomes of labelled applications."""
    return np.empty(0) if data.default is None else data.default


def _silent(_: str) -> None:
    """Say nothing: the choices are in the figures."""
