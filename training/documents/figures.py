"""What the documents compute from the evidence: segments at the served threshold, and candidates by family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.wording import say_value

if TYPE_CHECKING:
    from scoring.contract import Contract, Input
    from scoring.evidence import ComparedCandidate, Evidence, SegmentCounts


@dataclass(frozen=True, slots=True)
class Segment:
    """What refusing at the served threshold does in a segment."""

    label: str
    value: str
    n_applications: int
    default_rate: float
    refusal_rate: float
    cost: float


def segments(evidence: Evidence, contract: Contract) -> list[Segment]:
    """Return the segments of the simulator, everybody first."""
    edges = np.array(evidence.simulator.edges)
    # Refusing from edges[i] on refuses the bins i + 1 and above.
    first_refused = int(np.abs(edges - evidence.threshold).argmin()) + 1
    items = {item.name: item for item in contract.inputs}
    return [_segment(one, items, first_refused, evidence) for one in evidence.simulator.segments]


def _segment(counts: SegmentCounts, items: dict[str, Input], first_refused: int, evidence: Evidence) -> Segment:
    good, bad = np.array(counts.good), np.array(counts.defaulted)
    size = max(int(good.sum() + bad.sum()), 1)
    wrongly_refused, wrongly_granted = good[first_refused:].sum(), bad[:first_refused].sum()
    cost = evidence.false_positive_cost * wrongly_refused + evidence.false_negative_cost * wrongly_granted
    item = items.get(counts.variable or "")
    return Segment(
        label="" if item is None else item.label.fr,
        value="tous les dossiers" if item is None else _say_band(counts, item),
        n_applications=size,
        default_rate=float(bad.sum() / size),
        refusal_rate=float((good[first_refused:].sum() + bad[first_refused:].sum()) / size),
        cost=float(cost / size),
    )


def _say_band(counts: SegmentCounts, item: Input) -> str:
    """Say a category as it is, a range in the unit of its input."""
    if counts.low is None or counts.high is None:
        return counts.value
    # Ages and dates are told as lengths of time; every one of them lies before the application.
    low, high = (say_value(end, item.unit).removesuffix(" avant la demande") for end in (counts.low, counts.high))
    return f"de {low} à {high}"


def best_of_each_family(evidence: Evidence) -> list[ComparedCandidate]:
    """Return the champion and the cheapest candidate of each other family, cheapest first."""
    best: dict[str, ComparedCandidate] = {}
    for one in sorted(evidence.candidates, key=lambda one: (not one.champion, one.cost.value)):
        best.setdefault(one.family, one)
    return sorted(best.values(), key=lambda one: one.cost.value)


def imbalance_compared(evidence: Evidence) -> dict[str, dict[str, float]]:
    """Return by family the lowest cost of each way to deal with rare defaults; families tried one way are left out."""
    costs: dict[str, dict[str, float]] = {}
    for one in sorted(evidence.candidates, key=lambda one: one.cost.value):
        costs.setdefault(one.family, {}).setdefault(one.imbalance, one.cost.value)
    return {family: ways for family, ways in costs.items() if len(ways) > 1}
