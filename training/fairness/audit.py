"""The audit of a trained model: its decisions by group, the proxies among its inputs, and what blindness costs."""

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
from training.fairness.proxies import measure_proxies
from training.features.dataset import read_dataset
from training.features.feature_space import FeatureSpace
from training.schema import load_derived, load_inputs
from training.selection.assessments import assess

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.dataset import LabelledDataset
    from training.selection.pipeline import TrainedModel


def hold_out_table(features: Path, data: LabelledDataset, trained: TrainedModel) -> pa.Table:
    """Return the whole feature rows of the hold-out: what the audit, the gates and the report judge a version on."""
    ids = pa.array(data.ids[trained.split.hold_out])
    content = pq.read_table(features, filters=pc.field("SK_ID_CURR").isin(ids))
    place = pc.index_in(ids, value_set=content.column("SK_ID_CURR").combine_chunks())
    return content.take(place)


def audit(features: Path, data: LabelledDataset, trained: TrainedModel) -> Fairness | None:
    """Audit the decisions of a trained model on its hold-out; ``None`` when the table holds no audited attribute.

    Parameters
    ----------
    features
        The whole feature table, protected attributes included.
    data
        The applications the model was trained and judged on.
    """
    hold_out = hold_out_table(features, data, trained)
    found = groupings(hold_out)
    if not found:
        return None
    names, seed, judged = trained.space.input_names, trained.development.seed, data.at(trained.split.hold_out)
    rows = judged.columns(names)
    decided = Decided(trained.default_probability(rows), judged.default, trained.threshold.threshold)
    return Fairness(
        n_applications=len(rows),
        attributes=tuple(audit_attribute(decided, grouping, seed=seed) for grouping in found),
        revealed=measure_proxies(rows, names, decided.default_probability, found, seed=seed),
        protected_cost=_cost_of_leaving_out(features, trained),
    )


def _cost_of_leaving_out(features: Path, trained: TrainedModel) -> ProtectedCost | None:
    """Train the champion with the protected attributes beside its inputs, on the folds it was judged on.

    Returns ``None`` when the feature table holds no protected attribute.
    """
    stored = set(pq.read_schema(features).names)
    protected = [entry for entry in load_inputs() if entry.protected and entry.name in stored]
    if not protected:
        return None
    champion, development = trained.champion, trained.development
    space = FeatureSpace.over([*champion.space.inputs, *protected], load_derived())
    beside = read_dataset(features, protected, population="train").at(trained.split.development).rows
    seen = development.with_rows(np.hstack([development.rows, beside]), space)
    seeing = assess(champion.candidate, seen, attributed_rows=0)
    return ProtectedCost(
        left_out=tuple(entry.name for entry in protected),
        n_applications=len(development.default),
        cost_without=champion.cost,
        cost_with=seeing.cost,
        cost_difference=bootstrap_mean(champion.costs - seeing.costs, seed=development.seed),
        auc_without=champion.auc,
        auc_with=seeing.auc,
    )
