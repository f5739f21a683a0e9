"""AutoML beside the model: FLAML on the same folds, raw columns, in an environment of its own.

``make automl`` makes that environment. Each fold gets its share of the budget and is kept, so the measure can be taken
in pieces; AutoML never sees the fold it is judged on.
"""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.learning.models import REAL_SAMPLE, SEED, STORE, chosen_model, development_of
from delivery.errors import DeliveryError
from metrics.costs import choose_threshold, costs_per_application
from metrics.intervals import bootstrap_mean, paired_difference
from metrics.quality import brier, calibration_error, log_losses
from metrics.ranking import bootstrap_auc
from scoring.decision import refuses
from training.commands.arguments import DEFAULT_CACHE
from training.features.learning_data import read_learning_data
from training.files import written_file
from training.selection.assessment_store import fingerprint
from training.selection.calibration import calibrate_out_of_fold
from training.selection.folds import each_fold

if TYPE_CHECKING:
    from training.selection.assessments import Assessment
    from training.selection.development import Development

PYTHON = Path(__file__).parents[2] / ".venv-automl" / "bin" / "python"
WORKER = Path(__file__).with_name("automl_worker.py")
DEFAULT_MINUTES = 10.0


def measure_automl(folder: Path = REAL_SAMPLE, *, minutes: float = DEFAULT_MINUTES) -> dict[str, Any] | None:
    """Give FLAML some minutes over all folds and set its ensemble beside the model; ``None`` without the data."""
    if not folder.is_dir():
        return None
    if not PYTHON.is_file():
        raise DeliveryError(f"{PYTHON} is not there; run `make automl` first")
    learning = read_learning_data(folder, DEFAULT_CACHE)
    development = development_of(learning, learning.space)
    default = development.default
    score, winners = np.empty(len(default)), []
    for held in each_fold(development.fold):
        score[held], winner = _one_fold(development, held, seconds=60 * minutes / development.n_folds)
        winners.append(winner)
    probability = calibrate_out_of_fold(_log_odds(score), default, development.fold)
    threshold = choose_threshold(probability, default, seed=SEED).threshold
    costs = costs_per_application(probability, default, threshold=threshold)
    model = chosen_model(learning)
    return {
        "minutes": minutes,
        "tool": "FLAML, stacked ensemble",
        "winners": winners,
        "automl": {
            "cost": bootstrap_mean(costs, seed=SEED).model_dump(),
            "auc": bootstrap_auc(probability, default, seed=SEED).model_dump(),
            "accuracy": float((refuses(probability, threshold=threshold) == (default == 1)).mean()),
            "brier": brier(probability, default),
            "calibration_error": calibration_error(probability, default),
            "n_inputs": len(learning.space.inputs),
        },
        "model": {
            "cost": bootstrap_mean(model.costs, seed=SEED).model_dump(),
            "auc": bootstrap_auc(model.default_probability, default, seed=SEED).model_dump(),
            "accuracy": model.accuracy,
            "brier": model.brier,
            "calibration_error": model.calibration_error,
            "n_inputs": len(model.space.inputs),
        },
        **_differences(model, costs, log_losses(probability, default)),
    }


def _differences(model: Assessment, costs: np.ndarray, losses: np.ndarray) -> dict[str, float]:
    """Return what the model costs and loses more than AutoML, paired; below zero the model is better."""
    cost, log_loss = paired_difference(model.costs, costs), paired_difference(model.log_losses, losses)
    return {
        "cost_difference": cost[0],
        "cost_standard_error": cost[1],
        "log_loss_difference": log_loss[0],
        "log_loss_standard_error": log_loss[1],
    }


def _log_odds(probability: np.ndarray) -> np.ndarray:
    clipped = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _one_fold(development: Development, held: np.ndarray, *, seconds: float) -> tuple[np.ndarray, str]:
    """Return the probabilities of the held fold and the name of what won, from the kept file if there is one."""
    rows, default, space = development.rows, development.default, development.space
    key = fingerprint({"seconds": seconds, "columns": space.input_names}, rows, default, held)
    kept = STORE.folder / f"automl-{key}.npz"
    if not kept.is_file():
        task = kept.with_suffix(".task.npz")
        with written_file(task) as temporary, temporary.open("wb") as stream:
            np.savez(stream, rows=rows, default=default, held=held, n_codes=space.columns.n_codes[: len(space.inputs)])
        # CatBoost leaves notes in the folder it works in.
        with written_file(kept) as answer, tempfile.TemporaryDirectory() as scratch:
            command = [str(PYTHON), str(WORKER), str(task), str(answer), str(seconds), str(SEED)]
            if subprocess.run(command, cwd=scratch, check=False).returncode:  # noqa: S603  the project's own worker
                raise DeliveryError(f"FLAML failed on a fold; run by hand: {' '.join(command)}")
        task.unlink()
    with np.load(kept, allow_pickle=False) as answer_file:
        return answer_file["probability"], str(answer_file["winner"])
