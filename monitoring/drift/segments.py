"""Segments of applications, such as products: which of them moved, and what moved inside each.

A median that rises over all applications may be nothing but another mix of products.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.values import NotApplicable, Pair
from monitoring.drift.inputs import InputDrift, measure_inputs
from monitoring.drift.predictions import PredictionDrift, measure_predictions

if TYPE_CHECKING:
    from monitoring.config import MonitoringConfig
    from monitoring.windows.protocol import ReadableWindow
    from scoring.contract import Contract


NOT_ASKED = "seul le segment principal est mesuré sans --segment"


@dataclass(frozen=True, slots=True)
class SegmentDrift:
    """One segment in both windows.

    Attributes
    ----------
    share
        Of all applications of each window.
    inputs
        Drift of each input inside the segment, the weightiest first; not applicable where it is too small.
    predictions
        Predictions inside the segment: refusals, cost, calibration and what outcomes say.
    """

    value: str
    n_applications: Pair
    share: Pair
    inputs: tuple[InputDrift, ...] | NotApplicable
    predictions: PredictionDrift | NotApplicable


@dataclass(frozen=True, slots=True)
class Segments:
    """The segments of one column, the one whose share moved most first."""

    column: str
    segments: tuple[SegmentDrift, ...]

    @property
    def main(self) -> SegmentDrift:
        """Return the segment that most applications of the reference belong to."""
        return max(self.segments, key=lambda item: item.n_applications.reference)


def measure_segments(
    contract: Contract, reference: ReadableWindow, current: ReadableWindow, config: MonitoringConfig
) -> Segments | NotApplicable:
    """Return the drift inside each segment; without a column that was asked for, inside the main one alone."""
    column = config.segment or config.main_segment
    if any(window.described_columns.get(column) != "category" for window in (reference, current)):
        return NotApplicable(f"les fenêtres n’ont pas toutes deux la colonne de modalités {column}")
    before, after = reference.category_counts(column), current.category_counts(column)
    values = sorted({value for value in (*before, *after) if value is not None})
    if not values:
        return NotApplicable(f"{column} n’a aucune valeur")
    main = max(values, key=lambda value: before.get(value, 0))
    found = []
    for value in values:
        sizes = Pair(before.get(value, 0), after.get(value, 0))
        share = Pair(sizes.reference / reference.n_effective, sizes.current / current.n_effective)
        inside = _inside(
            value, contract, reference, current, config, sizes, wanted=bool(config.segment) or value == main
        )
        found.append(SegmentDrift(value, sizes, share, *inside))
    return Segments(column, tuple(sorted(found, key=lambda item: -abs(item.share.change))))


def _inside(
    value: str,
    contract: Contract,
    reference: ReadableWindow,
    current: ReadableWindow,
    config: MonitoringConfig,
    sizes: Pair,
    *,
    wanted: bool,
) -> tuple[tuple[InputDrift, ...] | NotApplicable, PredictionDrift | NotApplicable]:
    """Return what moved inside a segment, or twice why that is not told."""
    fewest = int(min(sizes.reference, sizes.current))
    if not wanted or fewest < config.seeing_rows:
        reason = f"{fewest} demandes dans une fenêtre, il en faut {config.seeing_rows}" if wanted else NOT_ASKED
        return NotApplicable(reason), NotApplicable(reason)
    column, threshold = config.segment or config.main_segment, contract.decision.threshold
    before, after = reference.only(column, value), current.only(column, value)
    inputs = measure_inputs(contract, before, after, config=config)
    predicted = after.predictions(threshold=threshold)
    if predicted is None:
        return _weightiest(inputs), NotApplicable("aucune réponse du modèle pour la fenêtre courante")
    drift = measure_predictions(contract, before.predictions(threshold=threshold), predicted, config)
    return _weightiest(inputs), drift


def _weightiest(inputs: tuple[InputDrift, ...]) -> tuple[InputDrift, ...]:
    return tuple(sorted(inputs, key=lambda item: -item.weighted_psi))
