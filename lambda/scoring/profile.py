"""The profile of all requests: counts over the contract's bins that add up, none of a single application.

The audit records are a sample with its inputs; the profile is all applications without them. A function counts each
application as it is scored, keeps the counts alone, and writes them now and then as one line of its log. Counts of many
lines and of many instances are added to those of the window (`monitoring.windows.profiles`), so that a feed that has
stopped does not hang on a sample.

What keeps an application from being read in a line: it is told as bins of the reference, each input apart from the
others; a line tells of no fewer than `FEWEST`; categories that next to nobody has are one cell. Who knows all others of
a line can still take them off, so that a line belongs where the audit records do.
"""

from __future__ import annotations

import time
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from scoring.log_lines import MOMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Contract
    from scoring.features import Value
    from scoring.service import ScoredApplication

VERSION: Final = "1"
# One application's bins are nearly its values: a line tells of no fewer than that. What an instance has counted of
# fewer is lost with it.
FEWEST: Final = 10
# A line every so many applications: one request in hundreds waits for its writing.
MOST: Final = 200
LONGEST_SECONDS: Final = 600.0
_NAMED: Final = ("tues", "inhabituelles", "rares", "classes", "propositions", "revue_humaine", "regles")


@dataclass(slots=True)
class _Counts:
    """Counts since the last line.

    Attributes
    ----------
    by_input
        By input, applications in each cell, those without a value last.
    """

    by_input: dict[str, list[int]]
    probability: list[int]
    n_applications: int = 0
    began: float = 0.0
    by_name: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _NAMED})


class Profiler:
    """Counts applications as they are scored, and gives the counts when there are enough of them.

    An application is in the counts when `add` returns, and nothing else of it is kept. Nothing is dated before the
    first application: what a cold start makes is in the snapshot of SnapStart.
    """

    def __init__(self, contract: Contract) -> None:
        bins = contract.reference.inputs
        self._edges = {name: one.edges for name, one in bins.items() if one.kind == "number"}
        self._cells: dict[str, dict[Value, int]] = {
            item.name: dict(zip(item.categories, item.told_cells, strict=True))
            for item in contract.inputs
            if item.kind == "category"
        }
        self._sizes = {
            item.name: item.n_told_cells if item.kind == "category" else len(bins[item.name].shares)
            for item in contract.inputs
        }
        self._probability_edges = contract.reference.probability.edges
        self._counts = self._nothing()

    def add(
        self, applications: Sequence[Mapping[str, Value]], scored: Sequence[ScoredApplication]
    ) -> dict[str, Any] | None:
        """Count applications with their answers; return the fields of a line where it is time for one."""
        if not applications:
            return None
        counts, now = self._counts, time.time()
        counts.began = counts.began or now
        counts.n_applications += len(applications)
        for values, answer in zip(applications, scored, strict=True):
            self._count_values(values)
            self._count_answer(answer)
        is_old = now - counts.began >= LONGEST_SECONDS and counts.n_applications >= FEWEST
        if counts.n_applications < MOST and not is_old:
            return None
        told = self._told(counts, now)
        self._counts = self._nothing()
        return told

    def _count_values(self, values: Mapping[str, Value]) -> None:
        """Count an application in one cell of each input; an upper edge belongs to the bin below it.

        By `bisect`, which takes for one application a third of what NumPy takes, and as much for hundreds.
        """
        for name, cells in self._counts.by_input.items():
            value = values.get(name)
            if value is None:
                cells[-1] += 1
            elif name in self._cells:
                cells[self._cells[name][value]] += 1
            else:
                cells[bisect_left(self._edges[name], value)] += 1

    def _count_answer(self, scored: ScoredApplication) -> None:
        counts, by_name = self._counts, self._counts.by_name
        counts.probability[bisect_left(self._probability_edges, scored.default_probability)] += 1
        by_name["classes"][scored.decision.value] += 1
        by_name["propositions"][scored.proposal.value] += 1
        for name, found in (
            ("tues", scored.left_out),
            ("inhabituelles", scored.unusual),
            ("rares", scored.rare),
            ("revue_humaine", [motive.value for motive in scored.review]),
            ("regles", [rule.code for rule in scored.incoherent]),
        ):
            if found:
                by_name[name].update(found)

    def _told(self, counts: _Counts, now: float) -> dict[str, Any]:
        return {
            "profil": VERSION,
            "debut": _moment(counts.began),
            MOMENT: _moment(now),
            "demandes": counts.n_applications,
            "variables": counts.by_input,
            "probabilite": counts.probability,
            **{name: dict(found) for name, found in counts.by_name.items()},
        }

    def _nothing(self) -> _Counts:
        by_input = {name: [0] * (size + 1) for name, size in self._sizes.items()}
        return _Counts(by_input, [0] * (len(self._probability_edges) + 1))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
