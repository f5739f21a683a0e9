"""What models find on a set of tables: ranking and cost out of fold, without and with histories."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from features.tables import HISTORY_TABLES
from metrics.costs import choose_threshold, costs_per_application
from metrics.quality import auc_estimate, mean_estimate
from training.candidates.boosting import N_TREES
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.features.learning_data import read_learning_data
from training.population.drawing.tables import TRUTH
from training.selection.assessments import assess
from training.selection.development import Development

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.candidates import Candidate

_SEED = 0
_N_FOLDS = 3
# Models are compared on as many applications of each side.
_MOST = 60_000
_BOOSTED = {N_TREES: 300, "learning_rate": 0.04, "num_leaves": 24, "min_child_samples": 80, "colsample_bytree": 0.4}


def model_figures(real: Path, sample: Path) -> list[dict[str, Any]]:
    """Return what LightGBM and logistic regression find on both sides, and the best anybody could find."""
    n = min(_n_applications(real), _n_applications(sample), _MOST)
    found = [
        _found(folder, tables, candidate, n) | {"data": name, "tables": "all" if tables else "application"}
        for name, folder, tables in (("real", real, ()), ("sample", sample, ()), ("sample", sample, HISTORY_TABLES))
        for candidate in (LIGHTGBM.candidate(_BOOSTED, seed=_SEED), LOGISTIC_REGRESSION.candidate(seed=_SEED))
    ]
    return [*found, _best(sample, n)]


def _n_applications(folder: Path) -> int:
    return int(pq.read_metadata(folder / "application_train.parquet").num_rows)


def _found(folder: Path, tables: tuple[str, ...], candidate: Candidate, n: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        learning = read_learning_data(folder, Path(work), tables=tables)
    places = np.sort(np.random.default_rng(_SEED).permutation(len(learning.applications.ids))[:n])
    development = Development.of(learning.applications.at(places), learning.space, n_folds=_N_FOLDS, seed=_SEED)
    judged = assess(candidate, development)
    return {"model": candidate.name, "n": n} | _judged(judged.default_probability, development.default)


def _judged(probability: NDArray[np.float64], default: NDArray[np.int64]) -> dict[str, Any]:
    """Return AUC and cost with their intervals."""
    threshold = choose_threshold(probability, default, seed=_SEED).threshold
    costs = costs_per_application(probability, default, threshold=threshold)
    return {
        "auc": auc_estimate(probability, default, seed=_SEED).model_dump(),
        "cost": mean_estimate(costs, seed=_SEED).model_dump(),
    }


def _best(sample: Path, n: int) -> dict[str, Any]:
    """Return what the true probabilities themselves reach."""
    truth = pq.read_table(sample / f"{TRUTH}.parquet").to_pandas().set_index("SK_ID_CURR")["default_probability"]
    train = pq.read_table(sample / "application_train.parquet", columns=["SK_ID_CURR", "TARGET"]).to_pandas().head(n)
    own = truth.loc[train["SK_ID_CURR"]].to_numpy()
    return {"model": "true probabilities", "n": len(own), "data": "sample", "tables": "truth"} | _judged(
        own, train["TARGET"].to_numpy()
    )
