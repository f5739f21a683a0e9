"""How many inputs the rule keeps, and what each number of them gives up, as the sample grows.

Run as a program: ``python -m benchmarks.scale.inputs FOLDER CACHE`` prints the figures as JSON.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from training.features.learning_data import read_learning_data
from training.selection.development import FoldedApplications
from training.selection.effort import EFFORTS
from training.selection.pipeline import choose_inputs
from training.selection.rules import gaps_to_best, smallest_within_noise
from training.selection.splits import split_applications

SEED = 0


def measure_inputs(folder: Path, cache: Path) -> dict[str, Any]:
    """Return the curve of inputs of a quick run on a folder of tables, and the number that the rule keeps."""
    learning, effort = read_learning_data(folder, cache), EFFORTS["quick"]
    development = split_applications(learning.applications.default, seed=SEED).development
    applications = FoldedApplications.of(learning.applications.at(development), n_folds=effort.n_folds, seed=SEED)
    with threadpool_limits(1, "blas"):
        assessed = choose_inputs(effort, applications, learning.space)
    return {
        "applications": len(development),
        "kept": len(smallest_within_noise(assessed).space.inputs),
        "curve": [
            {
                "n_inputs": len(gaps.assessment.space.inputs),
                "cost": gaps.assessment.cost,
                "auc": gaps.assessment.auc,
                "cost_above_best": gaps.cost.mean,
                "cost_standard_error": gaps.cost.standard_error,
                "log_loss_above_best": gaps.log_loss.mean,
            }
            for gaps in gaps_to_best(assessed)
        ],
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure_inputs(Path(sys.argv[1]), Path(sys.argv[2]))) + "\n")
