"""What models find on a set of tables: ranking and cost out of fold, without and with histories."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.population.drawing import APPLICATIONS, drawn_sample
from benchmarks.population.drawing import SEED as DRAW_SEED
from benchmarks.population.parquet import n_rows, read_table
from features.tables import HISTORY_TABLES
from metrics.costs import choose_threshold, costs_per_application
from metrics.intervals import bootstrap_mean
from metrics.ranking import bootstrap_auc
from training.candidates.boosting import N_TREES
from training.candidates.gradient_boosting import LIGHTGBM
from training.candidates.logistic import LOGISTIC_REGRESSION
from training.features.learning_data import read_learning_data
from training.population.drawing.tables import TRUTH
from training.selection.assessments import assess
from training.selection.development import Development

if TYPE_CHECKING:
    from numpy.typing import NDArray


_SEED = 0
_N_FOLDS = 3
# Models are compared on as many applications of each side.
_MOST = 60_000
_BOOSTED = {N_TREES: 300, "learning_rate": 0.04, "num_leaves": 24, "min_child_samples": 80, "colsample_bytree": 0.4}


def measure_population_models(real: Path = REAL_SAMPLE, *, applications: int = APPLICATIONS) -> dict[str, Any]:
    """Return by data and tables what models find on the real applications and on a draw, and the best possible there.

    Raises
    ------
    DataError
        ``TRN155`` when the real applications are absent.
    """
    n_real = n_rows(real, "application_train")
    with drawn_sample(applications, DRAW_SEED) as sample:
        n = min(n_real, n_rows(sample, "application_train"), _MOST)
        return {
            "real": {"application": _found(real, (), n)},
            "sample": {
                "application": _found(sample, (), n),
                "all": _found(sample, HISTORY_TABLES, n),
                "truth": {"true probabilities": _best(sample, n)},
            },
        }


def _found(folder: Path, tables: tuple[str, ...], n: int) -> dict[str, Any]:
    """Return what LightGBM and logistic regression find, out of fold."""
    with tempfile.TemporaryDirectory() as work:
        learning = read_learning_data(folder, Path(work), tables=tables)
        places = np.sort(np.random.default_rng(_SEED).permutation(len(learning.applications.ids))[:n])
        development = Development.of(learning.applications.at(places), learning.space, n_folds=_N_FOLDS, seed=_SEED)
        candidates = (LIGHTGBM.candidate(_BOOSTED, seed=_SEED), LOGISTIC_REGRESSION.candidate(seed=_SEED))
        # Columns are read from the feature table as they are asked for, and that goes with the folder.
        judged = {one.name: assess(one, development) for one in candidates}
    return {name: _judged(one.default_probability, development.default) for name, one in judged.items()}


def _judged(probability: NDArray[np.float64], default: NDArray[np.int64]) -> dict[str, Any]:
    """Return AUC and cost with their intervals."""
    threshold = choose_threshold(probability, default, seed=_SEED).threshold
    costs = costs_per_application(probability, default, threshold=threshold)
    return {
        "n": len(default),
        "auc": bootstrap_auc(probability, default, seed=_SEED).model_dump(),
        "cost": bootstrap_mean(costs, seed=_SEED).model_dump(),
    }


def _best(sample: Path, n: int) -> dict[str, Any]:
    """Return what the true probabilities themselves reach."""
    truth = read_table(sample, TRUTH).set_index("SK_ID_CURR")["default_probability"]
    train = read_table(sample, "application_train").head(n)
    return _judged(truth.loc[train["SK_ID_CURR"]].to_numpy(), train["TARGET"].to_numpy())
