"""What models find on a set of tables: ranking and cost out of fold, without and with histories."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from metrics.costs import choose_threshold, costs_per_application
from metrics.intervals import bootstrap_mean
from metrics.ranking import bootstrap_auc
from training.candidates.gradient_boosting import N_TREES, boosted_trees
from training.candidates.logistic import logistic
from training.features import build_features
from training.features.dataset import read_dataset, usable_inputs
from training.features.feature_space import FeatureSpace
from training.population.drawing.tables import TRUTH
from training.schema import load_derived
from training.selection.rules import assess
from training.selection.splits import fold_numbers
from training.sources import load_sources

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.candidates import Candidate

_SEED = 0
_N_FOLDS = 3
# Models are compared on as many applications of each side.
_MOST = 60_000
_BOOSTED = {N_TREES: 300, "learning_rate": 0.04, "num_leaves": 24, "min_child_samples": 80, "colsample_bytree": 0.4}
HISTORIES = (
    "bureau",
    "bureau_balance",
    "previous_application",
    "POS_CASH_balance",
    "installments_payments",
    "credit_card_balance",
)


def model_figures(real: Path, sample: Path) -> list[dict[str, Any]]:
    """Return what LightGBM and logistic regression find on both sides, and the best anybody could find."""
    n = min(_n_applications(real), _n_applications(sample), _MOST)
    found = [
        _found(folder, tables, candidate, n) | {"data": name, "tables": "all" if tables else "application"}
        for name, folder, tables in (("real", real, ()), ("sample", sample, ()), ("sample", sample, HISTORIES))
        for candidate in (boosted_trees("lightgbm", _BOOSTED, seed=_SEED), logistic())
    ]
    return [*found, _best(sample, n)]


def _n_applications(folder: Path) -> int:
    return int(pq.read_metadata(folder / "application_train.parquet").num_rows)


def _found(folder: Path, tables: tuple[str, ...], candidate: Candidate, n: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        table = build_features(load_sources(folder, tables=tables), Path(work))
        inputs = usable_inputs(table)
        data = read_dataset(table.path, inputs, population="train")
    space = FeatureSpace.over(inputs, load_derived())
    rows = np.sort(np.random.default_rng(_SEED).permutation(len(data.ids))[:n])
    default = np.asarray(data.default)[rows]
    fold = fold_numbers(default, n_folds=_N_FOLDS, seed=_SEED)
    judged = assess(candidate, space, data.rows[rows], default, fold, seed=_SEED)
    return {"model": candidate.name, "n": n} | _judged(judged.default_probability, default)


def _judged(probability: NDArray[np.float64], default: NDArray[np.int64]) -> dict[str, Any]:
    """Return AUC and cost with their intervals."""
    threshold = choose_threshold(probability, default, seed=_SEED).threshold
    costs = costs_per_application(probability, default, threshold=threshold)
    return {
        "auc": bootstrap_auc(probability, default, seed=_SEED).model_dump(),
        "cost": bootstrap_mean(costs, seed=_SEED).model_dump(),
    }


def _best(sample: Path, n: int) -> dict[str, Any]:
    """Return what the true probabilities themselves reach."""
    truth = pq.read_table(sample / f"{TRUTH}.parquet").to_pandas().set_index("SK_ID_CURR")["default_probability"]
    train = pq.read_table(sample / "application_train.parquet", columns=["SK_ID_CURR", "TARGET"]).to_pandas().head(n)
    own = truth.loc[train["SK_ID_CURR"]].to_numpy()
    return {"model": "true probabilities", "n": len(own), "data": "sample", "tables": "truth"} | _judged(
        own, train["TARGET"].to_numpy()
    )
