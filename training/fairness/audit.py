"""The audit of a trained model: its decisions by group, what the inputs reveal, and what blindness costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from metrics.intervals import bootstrap_mean
from scoring.fairness import Fairness, ProtectedCost
from training.fairness.groups import groupings
from training.fairness.measures import Decided, audit_attribute
from training.fairness.proxies import measure_revealed
from training.features.dataset import read_dataset
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs
from training.selection.rules import assess

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.features.dataset import Dataset
    from training.schema import InputEntry
    from training.selection.pipeline import TrainedModel


def hold_out_table(features: Path, data: Dataset, trained: TrainedModel) -> pa.Table:
    """Return the whole feature rows of the hold-out: what the audit, the gates and the report judge a version on."""
    ids = pa.array(data.ids[trained.split.hold_out])
    content = pq.read_table(features, filters=pc.field("SK_ID_CURR").isin(ids))
    place = pc.index_in(ids, value_set=content.column("SK_ID_CURR").combine_chunks())
    return content.take(place)


def audit(features: Path, data: Dataset, trained: TrainedModel) -> Fairness | None:
    """Audit the decisions of a trained model on its hold-out; ``None`` when the table holds no audited attribute.

    Parameters
    ----------
    features
        The whole feature table, protected attributes included.
    data
        The labelled applications the model was trained and judged on.
    """
    hold_out = hold_out_table(features, data, trained)
    found = groupings(hold_out)
    if not found or data.default is None:
        return None
    rows = data.columns(trained.space.input_names)[trained.split.hold_out]
    decided = Decided(
        trained.default_probability(rows), data.default[trained.split.hold_out], trained.threshold.threshold
    )
    return Fairness(
        n_applications=len(rows),
        attributes=tuple(audit_attribute(decided, grouping, seed=trained.seed) for grouping in found),
        revealed=measure_revealed(
            rows, trained.space.input_names, decided.default_probability, found, seed=trained.seed
        ),
        protected_cost=_cost_of_leaving_out(features, data, trained),
    )


def _cost_of_leaving_out(features: Path, data: Dataset, trained: TrainedModel) -> ProtectedCost | None:
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
    seeing = assess(champion.candidate, space, rows, outcome, trained.fold, seed=trained.seed)
    return ProtectedCost(
        left_out=tuple(entry.name for entry in protected),
        n_applications=len(outcome),
        cost_without=champion.cost,
        cost_with=seeing.cost,
        cost_difference=bootstrap_mean(champion.costs - seeing.costs, seed=trained.seed),
        auc_without=champion.auc,
        auc_with=seeing.auc,
    )


def _columns_of(features: Path, entries: Sequence[InputEntry]) -> np.ndarray:
    """Return the protected columns of the labelled applications, in the order of the data set."""
    return read_dataset(features, entries, population="train").rows
