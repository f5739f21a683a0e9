"""Candidates side by side: by family, by what was done about rare defaults, on the hold-out, on real applications."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.report import REPORT, read_figures
from scoring.evidence import ComparedCandidate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from scoring.contract import Contract, Estimate
    from scoring.evidence import Evidence

# What costs without a model: named among the baselines of a contract beside the families.
TRIVIAL = ("accepter_tout", "refuser_tout")


def best_of_each_family(evidence: Evidence) -> list[ComparedCandidate]:
    """Return the champion and the cheapest candidate of each other family, cheapest first."""
    best: dict[str, ComparedCandidate] = {}
    for one in sorted(evidence.candidates, key=lambda one: (not one.champion, one.cost.value)):
        best.setdefault(one.family, one)
    return sorted(best.values(), key=lambda one: one.cost.value)


def by_imbalance(candidates: Iterable[ComparedCandidate]) -> dict[str, dict[str, float]]:
    """Return by candidate the cost with each way to deal with rare defaults; candidates tried one way are left out.

    Like is set beside like, not beside the best of its family.
    """
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
class RealCandidates:
    """The candidates on real applications, as `make bench` measured them."""

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


def read_real_candidates(report: Path = REPORT) -> RealCandidates | None:
    """Read the candidates from the report of the benchmarks; ``None`` where they were not measured."""
    figures = read_figures(report).get("real_sample", {})
    if not figures.get("candidates"):
        return None
    rows = (ComparedCandidate.model_validate_json(json.dumps(one)) for one in figures["candidates"])
    return RealCandidates(figures["n_applications"], tuple(rows))
