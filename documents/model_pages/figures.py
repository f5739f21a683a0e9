"""What the documents compute from the evidence: segments at the served threshold, and candidates by family."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import numpy as np

from scoring.evidence import ComparedCandidate
from scoring.wording import say_value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scoring.contract import Contract, Estimate, Input
    from scoring.evidence import Evidence, SegmentCounts

# What costs without a model: named among the baselines of a contract beside the families.
TRIVIAL = ("accepter_tout", "refuser_tout")


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
        named = dict(zip(item.categories, item.category_labels, strict=True))
        return named[counts.value].fr if counts.value in named else counts.value
    # Ages and dates are told as lengths of time, the short one first; every one of them lies before the application.
    ends = sorted((counts.low, counts.high), key=abs)
    low, high = (say_value(end, item.unit).removesuffix(" avant la demande") for end in ends)
    return f"de {low} à {high}"


def best_of_each_family(evidence: Evidence) -> list[ComparedCandidate]:
    """Return the champion and the cheapest candidate of each other family, cheapest first."""
    best: dict[str, ComparedCandidate] = {}
    for one in sorted(evidence.candidates, key=lambda one: (not one.champion, one.cost.value)):
        best.setdefault(one.family, one)
    return sorted(best.values(), key=lambda one: one.cost.value)


def imbalance_compared(evidence: Evidence) -> dict[str, dict[str, float]]:
    """Return by candidate the cost with each way to deal with rare defaults; candidates tried one way are left out."""
    return by_imbalance(evidence.candidates)


def by_imbalance(candidates: Iterable[ComparedCandidate]) -> dict[str, dict[str, float]]:
    """Return the same of any candidates: like is set beside like, not beside the best of its family."""
    costs: dict[str, dict[str, float]] = {}
    for one in sorted(candidates, key=lambda one: one.cost.value):
        costs.setdefault(one.name.removesuffix(f"+{one.imbalance}"), {})[one.imbalance] = one.cost.value
    return {name: ways for name, ways in costs.items() if len(ways) > 1}


def cheaper_on_hold_out(contract: Contract) -> dict[str, Estimate]:
    """Return the families that cost less than the champion on the hold-out, which judges and does not choose."""
    quality = contract.quality
    return {
        name: one for name, one in quality.baselines.items() if name not in TRIVIAL and one.value < quality.cost.value
    }


@dataclass(frozen=True, slots=True)
class RealComparison:
    """The comparison of candidates on real applications, as `make bench` measured it."""

    n_applications: int
    candidates: tuple[ComparedCandidate, ...]

    @property
    def imbalance(self) -> dict[str, dict[str, float]]:
        """Return by candidate the cost with each way to deal with rare defaults."""
        return by_imbalance(self.candidates)

    @property
    def cheapest_ways(self) -> dict[str, int]:
        """Return how many candidates each way costs least for."""
        return dict(Counter(min(ways, key=lambda way: ways[way]) for ways in self.imbalance.values()).most_common())

    @property
    def usual_error(self) -> float:
        """Return the median standard error of a difference to the champion."""
        return median(one.cost_difference.standard_error for one in self.candidates if not one.champion)


def real_comparison(report: Path) -> RealComparison | None:
    """Read the comparison from the report of the benchmarks; ``None`` where it was not measured."""
    if not report.is_file():
        return None
    measures = json.loads(report.read_text(encoding="utf-8"))["measures"]
    figures = measures.get("real_sample", {}).get("figures", {})
    if not figures.get("candidates"):
        return None
    rows = (ComparedCandidate.model_validate_json(json.dumps(one)) for one in figures["candidates"])
    return RealComparison(figures["n_applications"], tuple(rows))
