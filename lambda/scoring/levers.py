"""Offers: the smallest realistic changes to what is asked for with which an application would be granted.

Every candidate the contract's levers allow, one lever or two at a time, is scored in one run of the graph. One is an
offer when whatever goes further in its direction is accepted too, so that an applicant who does more than was asked
loses nothing by it; offers never contradict one another; and each was scored by itself, as the changed application
would be. What only reaches the band around the threshold is offered where nothing reaches further, and says that a
person would look at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, product
from math import ceil, floor, log
from typing import TYPE_CHECKING

import numpy as np

from scoring.decision import Outcome, refuses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

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
    """An application with one or two levers moved.

    Attributes
    ----------
    steps
        How many steps each of them is moved.
    """

    moves: tuple[Move, ...]
    steps: tuple[int, ...]
    changes: dict[str, float]

    @property
    def effort(self) -> float:
        """Return the sum over its moves."""
        return sum(move.effort for move in self.moves)

    @property
    def levers(self) -> tuple[str, ...]:
        """Return the names of the levers that move."""
        return tuple(move.lever.name for move in self.moves)

    def contradicts(self, other: Candidate) -> bool:
        """Say whether the two move one input in opposite directions."""
        return any(
            mine.lever.target == its.lever.target and mine.lever.direction != its.lever.direction
            for mine, its in product(self.moves, other.moves)
        )


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
    """Looks for offers within the levers of a contract."""

    def __init__(self, service: ScoringService) -> None:
        self._service = service
        self._levers = service.contract.levers
        self._terms = service.contract.terms
        self._inputs = {item.name: item for item in service.contract.inputs}

    def search(self, application: Mapping[str, Value], language: Language = "fr") -> Search:
        """Return the smallest changes with which a refused application would be granted, or looked at by a person.

        Raises
        ------
        InvalidApplicationError
            ``SCR120``, ``SCR121`` when the application itself cannot be judged; said in `language`.
        """
        scored = self._service.score(application, n_reasons=0, language=language)
        if scored.is_accepted:
            return Search(scored, (), 0)
        candidates = self._as_coherent(application, list(self.candidates(application)))
        if not candidates:
            return Search(scored, (), 0)
        changed = [{**application, **one.changes} for one in candidates]
        probability, barred = self._service.probabilities(changed), self._barred(changed)
        rule = self._service.rule
        found: list[Proposal] = []
        for limit in (rule.review_band[0], rule.threshold):
            firm = _firm(candidates, ~refuses(probability, threshold=limit) & ~barred)
            found = list(self._agreeing(application, _smallest(firm)))
            if found:
                break
        return Search(scored, tuple(found), len(candidates))

    def _barred(self, applications: Sequence[Mapping[str, Value]]) -> np.ndarray:
        """Return which applications the lender's rules refuse whatever the model says."""
        outcomes = map(self._service.judged_by_policy, applications)
        return np.array([one is not None and one.effect is Outcome.REFUSE for one in outcomes])

    def candidates(self, application: Mapping[str, Value]) -> Iterator[Candidate]:
        """Yield every application one or two levers lead to, within the bounds and usual ranges of the contract."""
        usable = [lever for lever in self._levers if self._is_usable(lever, application)]
        alone = [(lever,) for lever in usable]
        together = [pair for pair in combinations(usable, 2) if pair[0].target != pair[1].target]
        for levers in [*alone, *together]:
            for steps in product(*(enumerate(self._factors(lever, application)) for lever in levers)):
                moves = tuple(Move(lever, factor) for lever, (_, factor) in zip(levers, steps, strict=True))
                changes = self._changes(application, moves)
                if changes:
                    yield Candidate(moves, tuple(step for step, _ in steps), changes)

    def _is_usable(self, lever: Lever, application: Mapping[str, Value]) -> bool:
        """Say whether a lever's input is given, and the lever makes sense for the contract that is asked for."""
        if application.get(lever.target) is None or (lever.by == "month" and self._term(application) is None):
            return False
        kind = self._terms.contract_type if self._terms else None
        return not lever.contract_types or kind is None or application.get(kind) in lever.contract_types

    def _term(self, application: Mapping[str, Value]) -> float | None:
        """Return the term in months, where amount and instalment are given."""
        if self._terms is None:
            return None
        amount, instalment = application.get(self._terms.amount), application.get(self._terms.instalment)
        return amount / instalment if isinstance(amount, int | float) and isinstance(instalment, int | float) else None

    def _factors(self, lever: Lever, application: Mapping[str, Value]) -> list[float]:
        """Return what the target is multiplied by, the smallest change first."""
        sign = -1 if lever.direction == "lower" else 1
        term = self._term(application)
        if lever.by == "factor" or term is None:
            n_steps = round(lever.limit / lever.step)
            return [1 + sign * lever.step * step for step in range(1, n_steps + 1)]
        furthest = term / (1 + sign * lever.limit)
        # A lower instalment is a longer term: whole months beyond the present one, up to the limit.
        if lever.direction == "lower":
            return [term / months for months in range(floor(term) + 1, floor(furthest) + 1)]
        return [term / months for months in range(ceil(term) - 1, ceil(furthest) - 1, -1)]

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

    def _agreeing(self, application: Mapping[str, Value], candidates: list[Candidate]) -> Iterator[Proposal]:
        """Yield the verified offers, the smallest effort first, none of which contradicts an earlier one."""
        told: list[Candidate] = []
        for candidate in candidates:
            if len(told) == MOST_PROPOSALS or any(candidate.contradicts(one) for one in told):
                continue
            scored = self._service.score({**application, **candidate.changes}, n_reasons=0)
            if scored.is_accepted:
                told.append(candidate)
                yield Proposal(candidate, scored)

    def _as_coherent(self, application: Mapping[str, Value], candidates: list[Candidate]) -> list[Candidate]:
        """Keep the candidates that break no rule which the application itself keeps."""
        changed = [{**application, **one.changes} for one in candidates]
        broken = self._service.broken_rules([application, *changed])
        before, *after = ({rule.code for rule in rules} for rules in broken)
        return [candidate for candidate, codes in zip(candidates, after, strict=True) if codes <= before]


def _firm(candidates: list[Candidate], accepted: np.ndarray) -> list[Candidate]:
    """Return the candidates that are accepted together with all that go further in their direction."""
    by_levers: dict[tuple[str, ...], list[int]] = {}
    for place, candidate in enumerate(candidates):
        by_levers.setdefault(candidate.levers, []).append(place)
    firm = []
    for places in by_levers.values():
        steps = np.array([candidates[place].steps for place in places])
        # What cannot be asked for takes nothing away from what can.
        grid = np.ones(steps.max(axis=0) + 1, bool)
        grid[tuple(steps.T)] = accepted[places]
        for axis in range(grid.ndim):
            grid = np.flip(np.logical_and.accumulate(np.flip(grid, axis), axis), axis)
        firm += [candidates[place] for place, step in zip(places, steps, strict=True) if grid[tuple(step)]]
    return firm


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
