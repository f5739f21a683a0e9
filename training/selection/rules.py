"""Choices made on out-of-fold cost: which inputs to ask for, which candidate to serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from metrics.intervals import paired_difference

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from training.features.feature_space import FeatureSpace
    from training.selection.assessments import Assessment

# A difference this small next to the best figure is no reason to ask for more, however many applications show it: at
# 307,511 of them a hair is significant.
PRACTICAL_SHARE = 0.005
RULE = (
    "lowest cost; a simpler model wins inside the noise: where neither cost nor log loss is further from the best than "
    "one paired standard error, or than half a percent of it"
)


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a figure is from the best on the same applications, the standard error of that, and the best figure."""

    mean: float
    standard_error: float
    best: float

    @property
    def negligible(self) -> bool:
        """Say whether the gap is at most one standard error, or too small to matter."""
        return self.mean <= max(self.standard_error, PRACTICAL_SHARE * self.best)


@dataclass(frozen=True, slots=True)
class GapsToBest:
    """How far an assessment is from the best of those it stands among.

    Attributes
    ----------
    cost
        Gap to the lowest cost.
    log_loss
        Gap to the lowest log loss.
    """

    assessment: Assessment
    cost: Gap
    log_loss: Gap

    @property
    def as_good_as_the_best(self) -> bool:
        """Say whether neither the decisions nor the probabilities differ from the best in any way that matters.

        Cost alone is a blunt instrument: its noise hides a loss of probability quality that a proper score shows.
        """
        return self.cost.negligible and self.log_loss.negligible


def shrink_inputs(
    assess_space: Callable[[FeatureSpace], Assessment], space: FeatureSpace, sizes: Sequence[int]
) -> list[Assessment]:
    """Drop the least useful inputs step by step, ranking them again at each size."""
    assessed = [assess_space(space)]
    for size in sorted(sizes, reverse=True):
        if size >= len(assessed[-1].space.inputs):
            continue
        ranked = assessed[-1].input_importance()
        order = sorted(ranked, key=lambda name: -ranked[name])
        assessed.append(assess_space(assessed[-1].space.restricted_to(set(order[:size]))))
    return assessed


def gaps_to_best(assessed: Sequence[Assessment]) -> list[GapsToBest]:
    """Compare each with the best of all, paired on the same applications."""
    cheapest = min(assessed, key=lambda one: one.cost)
    likeliest = min(assessed, key=lambda one: float(one.log_losses.mean()))
    return [
        GapsToBest(
            one,
            cost=Gap(*paired_difference(one.costs, cheapest.costs), cheapest.cost),
            log_loss=Gap(*paired_difference(one.log_losses, likeliest.log_losses), float(likeliest.log_losses.mean())),
        )
        for one in assessed
    ]


def smallest_within_noise(assessed: Sequence[Assessment]) -> Assessment:
    """Return the smallest set of inputs as good as the best; the cheapest if none is."""
    allowed = _as_good_as_the_best(assessed)
    return min(allowed, key=lambda one: len(one.space.inputs))


def choose_champion(assessed: Sequence[Assessment]) -> Assessment:
    """Apply the written rule: lowest cost; a simpler model wins if it is as good as the best."""
    allowed = _as_good_as_the_best(assessed)
    return min(allowed, key=lambda one: (one.candidate.complexity, one.cost))


def _as_good_as_the_best(assessed: Sequence[Assessment]) -> list[Assessment]:
    served = [one for one in assessed if one.candidate.exportable]
    allowed = [gaps.assessment for gaps in gaps_to_best(served) if gaps.as_good_as_the_best]
    return allowed or [min(served, key=lambda one: one.cost)]
