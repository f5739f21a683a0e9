"""The audit of a trained model: its decisions by group, what the inputs reveal, and what blindness costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from training.dataset import read_dataset
from training.dictionary import load_derived, load_inputs
from training.fairness.groups import groupings
from training.fairness.measures import Decided, audit_attribute
from training.fairness.model import Fairness, ProtectedCost
from training.fairness.revealed import measure_revealed
from training.feature_space import FeatureSpace
from training.metrics import mean_estimate
from training.scores import default_probabilities, encoded_rows
from training.selection import assess
from training.splits import fold_numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from training.dataset import Dataset
    from training.dictionary import InputEntry
    from training.pipeline import TrainedModel
    from training.scores import Bundle


def hold_out_table(features: Path, data: Dataset, trained: TrainedModel) -> pa.Table:
    """Return the whole feature rows of the hold-out: what the audit, the gates and the report judge a version on."""
    ids = data.ids[trained.split.hold_out]
    return pq.read_table(features, filters=pc.field("SK_ID_CURR").isin(ids.tolist()))


def audit_decisions(bundle: Bundle, hold_out: pa.Table, *, seed: int) -> Fairness:
    """Measure the decisions of a bundle by group on applications it has not seen."""
    rows = encoded_rows(hold_out, bundle.contract.inputs)
    probability = default_probabilities(bundle, hold_out)
    default = hold_out.column("TARGET").to_numpy().astype(np.int64)
    decided = Decided(probability, default, bundle.contract.decision.threshold)
    found = groupings(hold_out)
    names = [item.name for item in bundle.contract.inputs]
    return Fairness(
        n_applications=len(default),
        attributes=tuple(audit_attribute(decided, grouping, seed=seed) for grouping in found),
        revealed=measure_revealed(rows, names, probability, found, seed=seed),
        protected_cost=None,
    )


def cost_of_leaving_out(features: Path, data: Dataset, trained: TrainedModel, *, n_folds: int) -> ProtectedCost | None:
    """Train the champion with the protected attributes beside its inputs, on the folds it was judged on.

    Returns ``None`` when the feature table holds no protected attribute.
    """
    stored = set(pq.read_schema(features).names)
    protected = [entry for entry in load_inputs() if entry.protected and entry.name in stored]
    if not protected or data.default is None:
        return None
    champion, part = trained.champion, trained.split.development
    space = FeatureSpace.over([*champion.space.inputs, *protected], load_derived())
    outcome = data.default[part]
    rows = np.hstack([data.columns(champion.space.input_names), _columns_of(features, protected)])[part]
    fold = fold_numbers(outcome, n_folds=n_folds, seed=trained.seed)
    seeing = assess(champion.candidate, space, rows, outcome, fold, seed=trained.seed)
    return ProtectedCost(
        left_out=tuple(entry.name for entry in protected),
        n_applications=len(outcome),
        cost_without=champion.cost,
        cost_with=seeing.cost,
        cost_difference=mean_estimate(champion.costs - seeing.costs, seed=trained.seed),
        auc_without=champion.auc,
        auc_with=seeing.auc,
    )


def _columns_of(features: Path, entries: Sequence[InputEntry]) -> np.ndarray:
    """Return the protected columns of the labelled applications, in the order of the data set."""
    return read_dataset(features, entries, population="train").rows
