"""What a trained model puts into its contract: inputs, features, reasons, policy and reference shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from metrics.bins import category_bins, flag_bins, numeric_bins
from metrics.costs import COSTS
from scoring.contract import DecisionPolicy, Feature, Input, Move, Reference, Text
from training.features.completion import Completion
from training.schema.catalogue import motive_of
from training.schema.policy import load_moves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import CategoryBins, NumericBins
    from training.schema import DerivedEntry, InputEntry
    from training.selection.pipeline import TrainedModel

USUAL_SHARE = 0.998


def contract_inputs(trained: TrainedModel, development: np.ndarray) -> tuple[Input, ...]:
    """Return the request inputs with the range that development applications usually lie in.

    Parameters
    ----------
    development
        Raw rows the model was trained on, shape ``(n_applications, n_inputs)``.
    """
    completion = trained.space.completion or Completion.learn(trained.space.inputs, development)
    return tuple(
        _contract_input(entry, development[:, index], completion.fill[index], completion.rare[index])
        for index, entry in enumerate(trained.space.inputs)
    )


def _contract_input(entry: InputEntry, values: np.ndarray, fill: float, rare: Sequence[int]) -> Input:
    low, high = _usual_range(values) if entry.kind == "number" else (None, None)
    return Input(
        name=entry.name,
        table=entry.table,
        kind=entry.kind,
        unit=entry.unit,
        required=entry.required,
        missing=Text(fr=entry.missing_fr, en=entry.missing_en),
        fill=fill,
        minimum=entry.minimum if entry.kind == "number" else None,
        maximum=entry.maximum if entry.kind == "number" else None,
        usual_low=low,
        usual_high=high,
        categories=entry.categories,
        category_labels=tuple(Text(fr=fr, en=en) for fr, en in entry.category_labels),
        rare=tuple(entry.categories[code] for code in rare),
        direction=entry.policy.direction,
        known_by=entry.policy.known_by,
        ground=Text(fr=entry.policy.ground_fr, en=entry.policy.ground_en),
        protected=entry.protected,
        label=Text(fr=entry.label_fr, en=entry.label_en),
    )


def _usual_range(values: np.ndarray) -> tuple[float, float] | tuple[None, None]:
    known = values[~np.isnan(values)]
    if not len(known):
        return None, None
    tail = (1 - USUAL_SHARE) / 2
    low, high = np.quantile(known, [tail, 1 - tail], method="nearest")
    return float(low), float(high)


def contract_features(trained: TrainedModel) -> tuple[Feature, ...]:
    """Return the model's columns with the reason each is told by, in the order the graph computes them."""
    # A model that never splits has no importance to share out.
    shares = trained.importance / (trained.importance.sum() or 1.0)
    directions = trained.space.columns.directions.tolist()
    entries: list[InputEntry | DerivedEntry] = [*trained.space.inputs, *trained.space.computed]
    return tuple(
        Feature(
            name=entry.name,
            inputs=trained.space.sources_of(index),
            expression=getattr(entry, "expression", None),
            unit=entry.unit,
            label=Text(fr=entry.label_fr, en=entry.label_en),
            motive=motive_of(entry.name),
            direction=directions[index],
            importance=float(shares[index]),
        )
        for index, entry in enumerate(entries)
    )


def contract_moves(names: Sequence[str]) -> tuple[Move, ...]:
    """Return the changes of several inputs at once whose direction the model keeps."""
    return tuple(
        Move(
            name=move.name,
            inputs=move.inputs,
            direction=move.direction,
            label=Text(fr=move.label_fr, en=move.label_en),
        )
        for move in load_moves()
        if set(move.inputs) <= set(names)
    )


def decision_policy(trained: TrainedModel) -> DecisionPolicy:
    """Return the threshold with how it was found and how far it is from theory."""
    choice = trained.threshold
    low, high = choice.interval
    where = (
        "in the interval." if choice.bayes_within_interval else "outside the interval: look at the calibration there."
    )
    note = f"{choice.bayes:.4f}, the best threshold of calibrated probabilities at these costs, lies {where}"
    return DecisionPolicy(
        threshold=choice.threshold,
        threshold_interval=(low, high),
        false_negative_cost=COSTS.false_negative,
        false_positive_cost=COSTS.false_positive,
        method="median over bootstrap resamples of the out-of-fold threshold of least cost per application",
        bayes_threshold=choice.bayes,
        bayes_within_interval=choice.bayes_within_interval,
        threshold_note=note,
        review_band=(min(low, choice.threshold), max(high, choice.threshold)),
    )


def reference_shares(trained: TrainedModel, development: np.ndarray, default_probability: np.ndarray) -> Reference:
    """Return the distribution of each input and of the out-of-fold answer on development."""
    inputs = {entry.name: _bins(entry, development[:, index]) for index, entry in enumerate(trained.space.inputs)}
    return Reference(n_applications=len(development), inputs=inputs, probability=numeric_bins(default_probability))


def _bins(entry: InputEntry, values: np.ndarray) -> NumericBins | CategoryBins:
    if entry.kind == "category":
        return category_bins(values, entry.categories)
    return flag_bins(values) if entry.kind == "flag" else numeric_bins(values)
