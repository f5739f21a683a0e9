"""How good the model is: on real applications beside baselines, on the sample population beside the best possible."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from training.candidates.gradient_boosting import N_TREES, boosted_trees
from training.candidates.logistic import logistic
from training.commands.train import DEFAULT_CACHE, usable_inputs
from training.costs import costs_per_application
from training.dataset import read_dataset
from training.dictionary import load_derived
from training.effort import EFFORTS
from training.feature_space import FeatureSpace
from training.features import build_features
from training.metrics import auc_estimate, mean_estimate
from training.pipeline import train_model
from training.population.generate import Plan, generate
from training.population.profile import load_profile
from training.population.tables import TRUTH
from training.selection import assess
from training.sources import load_sources
from training.splits import fold_numbers, split_applications

if TYPE_CHECKING:
    from scoring.contract import Estimate
    from training.candidates import Candidate
    from training.dataset import Dataset
    from training.features import FeatureTable
    from training.pipeline import TrainedModel
    from training.selection import Assessment

REAL_SAMPLE = Path(os.environ.get("HOME_CREDIT_SAMPLE", Path(__file__).parents[2] / "shared" / "home-credit"))
SEED = 0
APPLICATIONS = 30_000


def measure_real_sample(folder: Path = REAL_SAMPLE) -> dict[str, Any] | None:
    """Train on real applications with full effort, beside baselines on the same folds; ``None`` without the data."""
    if not folder.is_dir():
        return None
    table, data, space = read_folder(folder)
    trained = _train(data, space)
    raw = FeatureSpace.over(space.inputs, ())
    judged = {
        "model": trained.champion,
        "lightgbm_default_settings": _assess(_default_lightgbm(), raw, data),
        "logistic_regression": _assess(logistic(), space, data),
    }
    return {
        "n_applications": len(data.ids),
        "data_fingerprint": table.fingerprint,
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
    _, data, space = read_folder(folder)
    trained = _train(data, space)
    truth = _true_probability(folder, data.ids[trained.split.hold_out])
    default = _labels(data)[trained.split.hold_out]
    best = costs_per_application(truth, default, threshold=trained.threshold.bayes)
    return {
        "n_applications": len(data.ids),
        "tables": "all seven",
        "hold_out": trained.quality.model_dump(),
        "best_possible": {
            "cost": mean_estimate(best, seed=SEED).model_dump(),
            "auc": auc_estimate(truth, default, seed=SEED).model_dump(),
        },
        "inputs": list(trained.space.input_names),
        "champion": trained.champion.candidate.name,
    }


def read_folder(folder: Path) -> tuple[FeatureTable, Dataset, FeatureSpace]:
    """Return the feature table of a folder of tables, its labelled applications and the space over their inputs."""
    table = build_features(load_sources(folder), DEFAULT_CACHE)
    inputs = usable_inputs(table)
    return table, read_dataset(table.path, inputs, population="train"), FeatureSpace.over(inputs, load_derived())


def _train(data: Dataset, space: FeatureSpace) -> TrainedModel:
    return train_model(data, space, EFFORTS["full"], seed=SEED)


def _assess(candidate: Candidate, space: FeatureSpace, data: Dataset) -> Assessment:
    """Judge a baseline on the folds that the model was judged on."""
    default = _labels(data)
    development = split_applications(default, seed=SEED).development
    fold = fold_numbers(default[development], n_folds=EFFORTS["full"].n_folds, seed=SEED)
    return assess(candidate, space, data.rows[development], default[development], fold, seed=SEED)


def _default_lightgbm() -> Candidate:
    """Return LightGBM as it comes."""
    return boosted_trees("lightgbm_default", {N_TREES: 100}, seed=SEED)


def _figures(one: Assessment, data: Dataset, trained: TrainedModel) -> dict[str, Any]:
    default = _labels(data)[trained.split.development]
    return {
        "cost": mean_estimate(one.costs, seed=SEED).model_dump(),
        "auc": auc_estimate(one.default_probability, default, seed=SEED).model_dump(),
        "brier": one.brier,
        "calibration_error": one.calibration_error,
        "n_inputs": len(one.space.inputs),
    }


def _trivial(data: Dataset, trained: TrainedModel) -> dict[str, Any]:
    """Return what accepting and refusing everybody costs on the same applications."""
    default = _labels(data)[trained.split.development]

    def cost(probability: float) -> Estimate:
        everybody = np.full(len(default), probability)
        return mean_estimate(costs_per_application(everybody, default, threshold=0.5), seed=SEED)

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
