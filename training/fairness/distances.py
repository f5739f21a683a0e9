"""Distances between the groups of an attribute, held against the limits of promotion.

The one place of the limits; ``docs/decisions/0040`` says why they are what they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scoring.contract import Estimate
    from scoring.fairness import AttributeAudit, GroupFigures


@dataclass(frozen=True, slots=True)
class FairnessLimits:
    """How far groups of one attribute may be apart.

    Attributes
    ----------
    acceptance_ratio
        Lowest acceptance rate over the highest, at least.
    false_refusal_difference
        Distance between false-refusal rates, at most.
    calibration_gap
        Mean probability less default rate of any group, at most, in size.
    """

    acceptance_ratio: float
    false_refusal_difference: float
    calibration_gap: float


@dataclass(frozen=True, slots=True)
class AttributeLimits:
    """The limits of protected attributes, and those of age bands, which an input tells."""

    protected: FairnessLimits = FairnessLimits(0.80, 0.15, 0.02)
    age: FairnessLimits = FairnessLimits(0.50, 0.40, 0.02)

    def of(self, attribute: AttributeAudit) -> FairnessLimits:
        """Return the limits of an attribute."""
        return self.age if attribute.attribute == "AGE_BAND" else self.protected


ATTRIBUTE_LIMITS = AttributeLimits()


@dataclass(frozen=True, slots=True)
class Distance:
    """How far the groups of one attribute are apart, held against the limit of it.

    Attributes
    ----------
    kind
        Name of the figure in the audit.
    beyond
        Whether the figure is beyond the limit.
    established
        Whether its whole interval is: a breach. What is beyond without that is to be watched.
    """

    kind: str
    measured: Estimate
    limit: float
    beyond: bool
    established: bool

    def told(self, attribute: str) -> str:
        """Return the finding as the command prints it."""
        bound = "at least" if self.kind == "acceptance_ratio" else "at most"
        watched = ", to watch" if self.beyond and not self.established else ""
        return f"{attribute}: {_NAMES[self.kind]} {say_estimate(self.measured)} ({bound} {self.limit:g}){watched}"


_NAMES = {
    "acceptance_ratio": "acceptance ratio",
    "false_refusal_difference": "false-refusal difference",
    "calibration_gap": "calibration gap",
}


def distances(attribute: AttributeAudit, *, limits: AttributeLimits = ATTRIBUTE_LIMITS) -> tuple[Distance, ...]:
    """Return what the fairness gate judges of an attribute; nothing where fewer than two groups are compared."""
    own = limits.of(attribute)
    ratio, difference, gap = attribute.acceptance_ratio, attribute.false_refusal_difference, attribute.calibration_gap
    if ratio is None or difference is None or gap is None:
        return ()
    least = own.acceptance_ratio
    return (
        Distance("acceptance_ratio", ratio, least, ratio.value < least, ratio.high < least),
        _at_most("false_refusal_difference", difference, own.false_refusal_difference),
        _at_most("calibration_gap", gap, own.calibration_gap),
    )


def _at_most(kind: str, measured: Estimate, limit: float) -> Distance:
    nearest = 0.0 if measured.low <= 0 <= measured.high else min(abs(measured.low), abs(measured.high))
    return Distance(kind, measured, limit, abs(measured.value) > limit, nearest > limit)


def say_estimate(estimate: Estimate) -> str:
    """Return a figure with its interval, as the gates print it."""
    return f"{estimate.value:.3f} [{estimate.low:.3f}, {estimate.high:.3f}]"


@dataclass(frozen=True, slots=True)
class GroupDistance:
    """One distance between the groups of an attribute, the groups it lies between, and what the gate says of it."""

    attribute: str
    distance: Distance
    between: str


def group_distances(attribute: AttributeAudit) -> list[GroupDistance]:
    """Return the distances that the fairness gate judges, each with its groups."""
    return [GroupDistance(attribute.label, one, _between(attribute.judged, one.kind)) for one in distances(attribute)]


def _between(groups: Sequence[GroupFigures], kind: str) -> str:
    """Name the groups that are furthest apart, the worse off first."""
    if kind == "calibration_gap":
        return max(groups, key=lambda one: abs(one.calibration_gap.value)).label
    rate = "refusal_rate" if kind == "acceptance_ratio" else "false_refusal_rate"
    ordered = sorted(groups, key=lambda one: float(getattr(one, rate).value))
    return f"{ordered[-1].label} et {ordered[0].label}"
