"""The policy simulator: counts of good and defaulted applications by probability and segment, for any threshold."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from scoring.decision import DecisionCosts, bayes_threshold
from scoring.evidence import SegmentCounts, Simulator

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.schema import InputEntry
    from training.selection.pipeline import TrainedModel

# A lender moves the ratio by one, or the threshold by half a point of probability, and finds an edge there.
WHOLE_RATIOS = range(1, 51)
STEPS = np.round(np.arange(0.01, 0.301, 0.005), 3)
LEAST_SEGMENT = 200
MOST_CATEGORIES = 8
BANDS = 4


def simulator_of(trained: TrainedModel, *, extra_edges: Sequence[float]) -> Simulator:
    """Return the counts of development, for everybody and for the segments of the model's own inputs.

    A segment of fewer than `LEAST_SEGMENT` is left out: it would say little, and too much about few people.
    """
    probability, default = trained.champion.default_probability, trained.development.default
    edges = simulator_edges(extra_edges)
    bins = np.searchsorted(edges, probability, side="right")

    def counted(
        rows: np.ndarray, variable: str | None, value: str, low: float | None, high: float | None
    ) -> SegmentCounts:
        counts = [np.bincount(bins[rows & (default == outcome)], minlength=len(edges) + 1) for outcome in (0, 1)]
        good, defaulted = (tuple(side.tolist()) for side in counts)
        return SegmentCounts(variable=variable, value=value, low=low, high=high, good=good, defaulted=defaulted)

    everybody = np.ones(len(default), bool)
    segments = [counted(everybody, None, "tous", None, None)]
    for entry, column in zip(trained.space.inputs, trained.development.rows.T, strict=True):
        parts = list(_parts(entry, column))
        segments += [
            counted(rows, entry.name, value, low, high)
            for rows, value, low, high in parts
            if rows.sum() >= LEAST_SEGMENT
        ]
    return Simulator(edges=tuple(edges.tolist()), segments=tuple(segments))


def simulator_edges(extra: Sequence[float]) -> np.ndarray:
    """Return thresholds that whole cost ratios and half points of probability ask for, and some more, rising."""
    by_ratio = [
        bayes_threshold(DecisionCosts(false_negative=float(ratio), false_positive=1.0)) for ratio in WHOLE_RATIOS
    ]
    return np.unique(np.array([*by_ratio, *STEPS.tolist(), *extra]))


def _parts(entry: InputEntry, column: np.ndarray) -> Iterator[tuple[np.ndarray, str, float | None, float | None]]:
    """Yield the rows of each segment that an input makes, with its name and its range."""
    if entry.kind == "category" and len(entry.categories) <= MOST_CATEGORIES:
        for code, category in enumerate(entry.categories):
            yield column == code, category, None, None
    elif entry.name in BANDED:
        known = column[~np.isnan(column)]
        cuts = np.unique(np.quantile(known, np.linspace(0, 1, BANDS + 1), method="nearest"))
        for low, high in pairwise(cuts):
            rows = (column >= low) & ((column < high) | (high == cuts[-1]))
            yield rows, f"{low:.6g} – {high:.6g}", float(low), float(high)


# Numbers whose quarters a lender asks about.
BANDED = ("DAYS_BIRTH", "AMT_CREDIT", "AMT_INCOME_TOTAL")
