"""What refusing at the served threshold does in each segment of the simulator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from scoring.wording import say_value

if TYPE_CHECKING:
    from scoring.contract import Contract, Conventions, Input
    from scoring.evidence import Evidence, SegmentCounts


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
    return [_segment(one, contract, first_refused, evidence) for one in evidence.simulator.segments]


def _segment(counts: SegmentCounts, contract: Contract, first_refused: int, evidence: Evidence) -> Segment:
    good, bad = np.array(counts.good), np.array(counts.defaulted)
    size = max(int(good.sum() + bad.sum()), 1)
    wrongly_refused, wrongly_granted = good[first_refused:].sum(), bad[:first_refused].sum()
    cost = evidence.false_positive_cost * wrongly_refused + evidence.false_negative_cost * wrongly_granted
    item = next((one for one in contract.inputs if one.name == counts.variable), None)
    return Segment(
        label="" if item is None else item.label.fr,
        value="tous les dossiers" if item is None else _say_band(counts, item, contract.conventions),
        n_applications=size,
        default_rate=float(bad.sum() / size),
        refusal_rate=float((good[first_refused:].sum() + bad[first_refused:].sum()) / size),
        cost=float(cost / size),
    )


def _say_band(counts: SegmentCounts, item: Input, conventions: Conventions) -> str:
    """Say a category as it is, a range in the unit of its input."""
    if counts.low is None or counts.high is None:
        named = dict(zip(item.categories, item.category_labels, strict=True))
        return named[counts.value].fr if counts.value in named else counts.value
    # Ages and dates are told as lengths of time, the short one first; every one of them lies before the application.
    ends = sorted((counts.low, counts.high), key=abs)
    low, high = (say_value(end, item.unit, conventions).removesuffix(" avant la demande") for end in ends)
    return f"de {low} à {high}"
