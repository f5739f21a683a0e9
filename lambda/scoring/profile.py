"""The profile of all requests: counts over the contract's bins that add up, none of a single application.

The audit records are a sample with its inputs; the profile is all applications without them. A function counts what it
scores and writes the counts now and then as one line of its log. Counts of many lines and of many instances are added
to those of the window (`monitoring.windows.profiles`), so that a feed that has stopped does not hang on a sample.
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from scoring.features import InputEncoder
from scoring.log_lines import MOMENT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from scoring.contract import Contract
    from scoring.features import Value
    from scoring.service import ScoredApplication

VERSION: Final = "1"
# One application's bins are nearly its values: a line tells of no fewer than that.
FEWEST: Final = 10
# A line every so many applications: one request in hundreds waits for its writing.
MOST: Final = 200
LONGEST_SECONDS: Final = 600.0
_NAMED: Final = ("tues", "inhabituelles", "rares", "classes", "propositions", "revue_humaine", "regles")


@dataclass(slots=True)
class _Counts:
    """Counts since the last line, and the applications with their probability whose values are not in them yet."""

    cells: np.ndarray
    probability: np.ndarray
    n_applications: int = 0
    began: float = 0.0
    waiting: list[tuple[Mapping[str, Value], float]] = field(default_factory=list)
    by_name: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _NAMED})


class Profiler:
    """Counts applications as they are scored, and gives the counts when there are enough of them.

    Nothing is dated before the first application: what a cold start makes is in the snapshot of SnapStart.
    """

    def __init__(self, contract: Contract) -> None:
        self._names = tuple(item.name for item in contract.inputs)
        self._encoder = InputEncoder(contract.inputs)
        bins = [contract.reference.inputs[item.name] for item in contract.inputs]
        edges = [() if one.kind == "category" else one.edges for one in bins]
        self._is_category = np.array([one.kind == "category" for one in bins])
        # No value lies above infinity: rows of unlike length stand in one table.
        self._edges = np.full((len(edges), max(map(len, edges), default=0)), np.inf)
        for place, one in enumerate(edges):
            self._edges[place, : len(one)] = one
        self._missing = np.array([len(one.shares) for one in bins])
        self._starts = np.concatenate([[0], np.cumsum(self._missing + 1)])
        self._probability_edges = np.array(contract.reference.probability.edges)
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
        counts.waiting.extend(zip(applications, (one.default_probability for one in scored), strict=True))
        for one in scored:
            self._count_names(one)
        is_old = now - counts.began >= LONGEST_SECONDS and counts.n_applications >= FEWEST
        if counts.n_applications < MOST and not is_old:
            return None
        self._count_waiting(counts)
        told = self._told(counts, now)
        self._counts = self._nothing()
        return told

    def _count_waiting(self, counts: _Counts) -> None:
        """Count the values that wait: those of hundreds of applications take little longer than those of one."""
        applications, probability = zip(*counts.waiting, strict=True)
        counts.waiting.clear()
        counts.cells += np.bincount(self._cells(applications), minlength=len(counts.cells))
        counts.probability += np.bincount(
            np.searchsorted(self._probability_edges, probability), minlength=len(counts.probability)
        )

    def _cells(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return the cell of every value among those of all inputs, one behind the other."""
        rows = self._encoder.encode(applications)
        # An upper edge belongs to the bin below it, as in the reference; NaN lies above no edge.
        places = (rows[:, :, None] > self._edges).sum(axis=2)
        places = np.where(self._is_category, np.nan_to_num(rows).astype(int), places)
        return np.asarray((self._starts[:-1] + np.where(np.isnan(rows), self._missing, places)).ravel())

    def _count_names(self, scored: ScoredApplication) -> None:
        by_name = self._counts.by_name
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
        cells = [counts.cells[start:end].tolist() for start, end in zip(self._starts, self._starts[1:], strict=False)]
        return {
            "profil": VERSION,
            "debut": _moment(counts.began),
            MOMENT: _moment(now),
            "demandes": counts.n_applications,
            "variables": dict(zip(self._names, cells, strict=True)),
            "probabilite": counts.probability.tolist(),
            **{name: dict(found) for name, found in counts.by_name.items()},
        }

    def _nothing(self) -> _Counts:
        size = len(self._probability_edges) + 1
        return _Counts(np.zeros(int(self._starts[-1]), np.int64), np.zeros(size, np.int64))


def _moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
