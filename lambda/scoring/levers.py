"""Levers: the smallest realistic changes to what is asked for with which an application would be accepted.

Every candidate the contract's levers allow, one lever or two at a time, is scored in one run of the graph; what is
proposed was then scored by itself, as the changed application would be.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import log
from typing import TYPE_CHECKING

from scoring.decision import Decision, decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scoring.contract import Input, Lever
    from scoring.features import Value
    from scoring.service import ScoredApplication, ScoringService
    from scoring.wording import Language

MOST_PROPOSALS = 3


@dataclass(frozen=True, slots=True)
class Move:
    """One lever, moved by one factor."""

    lever: Lever
    factor: float

    @property
    def effort(self) -> float:
        """Return how far it is from no change, alike upwards and downwards."""
        return abs(log(self.factor))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An application with one or two levers moved."""

    moves: tuple[Move, ...]
    changes: dict[str, float]

    @property
    def effort(self) -> float:
        """Return the sum over its moves."""
        return sum(move.effort for move in self.moves)

    @property
    def levers(self) -> tuple[str, ...]:
        """Return the names of the levers that move."""
        return tuple(move.lever.name for move in self.moves)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A candidate the model accepts, scored by itself."""

    candidate: Candidate
    scored: ScoredApplication


@dataclass(frozen=True, slots=True)
class Search:
    """What was found.

    Attributes
    ----------
    scored
        The application as it is.
    proposals
        Smallest change first; none when the application is accepted as it is, or when nothing is within reach.
    n_candidates
        How many changed applications were scored.
    """

    scored: ScoredApplication
    proposals: tuple[Proposal, ...]
    n_candidates: int


class LeverSearch:
    """Looks for changes within the levers of a contract."""

    def __init__(self, service: ScoringService) -> None:
        self._service = service
        self._levers = service.contract.levers
        self._inputs = {item.name: item for item in service.contract.inputs}

    def search(self, application: Mapping[str, Value], language: Language = "fr") -> Search:
        """Return the smallest changes of each kind with which a refused application would be accepted.

        Raises
        ------
        InvalidApplicationError
            ``SCR120``, ``SCR121`` when the application itself cannot be judged; said in `language`.
        """
        scored = self._service.score(application, n_reasons=0, language=language)
        if scored.decision is Decision.ACCEPT:
            return Search(scored, (), 0)
        candidates = list(self.candidates(application))
        if not candidates:
            return Search(scored, (), 0)
        found = self._as_coherent(application, self._accepted(application, candidates))
        verified = (self._verified(application, candidate) for candidate in _smallest(found))
        proposals = tuple(one for one in verified if one is not None)
        return Search(scored, proposals[:MOST_PROPOSALS], len(candidates))

    def candidates(self, application: Mapping[str, Value]) -> Iterator[Candidate]:
        """Yield every application one or two levers lead to, within the bounds and usual ranges of the contract."""
        usable = [lever for lever in self._levers if application.get(lever.target) is not None]
        alone = [(lever,) for lever in usable]
        together = [pair for pair in combinations(usable, 2) if pair[0].target != pair[1].target]
        for levers in [*alone, *together]:
            for factors in product(*(_factors(lever) for lever in levers)):
                moves = tuple(Move(lever, factor) for lever, factor in zip(levers, factors, strict=True))
                changes = self._changes(application, moves)
                if changes:
                    yield Candidate(moves, changes)

    def _changes(self, application: Mapping[str, Value], moves: tuple[Move, ...]) -> dict[str, float]:
        """Return the changed values, or nothing when one of them would be out of bounds or no change."""
        changes: dict[str, float] = {}
        for move in moves:
            for name in (move.lever.target, *move.lever.follows):
                value = changes.get(name, application.get(name))
                if isinstance(value, int | float):
                    changes[name] = _rounded(value * move.factor, move.lever.rounding)
        unmoved = any(changes[move.lever.target] == application[move.lever.target] for move in moves)
        realistic = all(_is_realistic(self._inputs[name], value, application[name]) for name, value in changes.items())
        return changes if realistic and not unmoved else {}

    def _accepted(self, application: Mapping[str, Value], candidates: list[Candidate]) -> list[Candidate]:
        probabilities = self._service.probabilities([{**application, **one.changes} for one in candidates]).tolist()
        threshold = self._service.rule.threshold
        return [
            candidate
            for candidate, probability in zip(candidates, probabilities, strict=True)
            if decide(probability, threshold=threshold) is Decision.ACCEPT
        ]

    def _as_coherent(self, application: Mapping[str, Value], candidates: list[Candidate]) -> list[Candidate]:
        """Keep the candidates that break no rule which the application itself keeps."""
        changed = [{**application, **one.changes} for one in candidates]
        broken = self._service.broken_rules([application, *changed])
        before, *after = ({rule.code for rule in rules} for rules in broken)
        return [candidate for candidate, codes in zip(candidates, after, strict=True) if codes <= before]

    def _verified(self, application: Mapping[str, Value], candidate: Candidate) -> Proposal | None:
        scored = self._service.score({**application, **candidate.changes}, n_reasons=0)
        return Proposal(candidate, scored) if scored.decision is Decision.ACCEPT else None


def _factors(lever: Lever) -> list[float]:
    sign = -1 if lever.direction == "lower" else 1
    n_steps = round(lever.limit / lever.step)
    return [1 + sign * lever.step * step for step in range(1, n_steps + 1)]


def _rounded(value: float, unit: float) -> float:
    return round(value / unit) * unit


def _is_realistic(item: Input, value: float, before: Value) -> bool:
    """Say whether a value keeps the hard bounds and does not leave the usual range."""
    low, high = _widest(item.minimum, item.usual_low, before, min), _widest(item.maximum, item.usual_high, before, max)
    return (low is None or low <= value) and (high is None or value <= high)


def _widest(
    bound: float | None, usual: float | None, before: Value, outer: Callable[[float, float], float]
) -> float | None:
    """Return the usual end, or the applicant's own value where that lies beyond it."""
    if usual is None or not isinstance(before, int | float):
        return bound
    return float(outer(usual, before))


def _smallest(candidates: list[Candidate]) -> list[Candidate]:
    """Return the least effort of each set of levers; two levers only where each moves less than it would alone."""
    best: dict[tuple[str, ...], Candidate] = {}
    for candidate in candidates:
        known = best.get(candidate.levers)
        if known is None or candidate.effort < known.effort:
            best[candidate.levers] = candidate
    alone = {names[0]: candidate.effort for names, candidate in best.items() if len(names) == 1}
    useful = [
        candidate
        for candidate in best.values()
        if len(candidate.moves) == 1
        or all(move.effort < alone.get(move.lever.name, float("inf")) for move in candidate.moves)
    ]
    return sorted(useful, key=lambda candidate: candidate.effort)
