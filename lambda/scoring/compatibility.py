"""What requests that one bundle takes would be refused for by another: asked before one is promoted or deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from scoring.contract import Contract, Input


def refusals(served: Contract, candidate: Contract, *, on: date) -> list[str]:
    """Return why requests that `served` takes would be refused by `candidate` on a day, a sentence each.

    Nothing is, where the candidate accepts the inputs of that very contract and still does so on the day.
    """
    before = candidate.predecessor
    if before is not None and before.inputs == served.inputs and on <= before.accepted_until:
        return []
    return list(narrowed(served.inputs, candidate.inputs))


def narrowed(served: Sequence[Input], candidate: Sequence[Input]) -> Iterator[str]:
    """Yield what the inputs of a candidate take less of than those that are served, or ask in addition."""
    known = {item.name: item for item in served}
    asked = {item.name: item for item in candidate}
    for name in known.keys() - asked.keys():
        yield f"{name} is no input any more"
    for name, item in asked.items():
        if name in known:
            yield from _narrower(known[name], item)
        elif item.required:
            yield f"{name} is new and required"


def _narrower(served: Input, candidate: Input) -> Iterator[str]:
    name = served.name
    if candidate.required and not served.required:
        yield f"{name} has become required"
    if candidate.kind != served.kind:
        yield f"{name} was a {served.kind} and is a {candidate.kind}"
        return
    if gone := [one for one in served.categories if one not in candidate.categories]:
        yield f"{name} does not take {', '.join(map(repr, gone))} any more"
    if candidate.minimum is not None and (served.minimum is None or served.minimum < candidate.minimum):
        yield f"{name} had {_bound(served.minimum)} as its lower bound and has {candidate.minimum:g}"
    if candidate.maximum is not None and (served.maximum is None or served.maximum > candidate.maximum):
        yield f"{name} had {_bound(served.maximum)} as its upper bound and has {candidate.maximum:g}"


def _bound(value: float | None) -> str:
    return "none" if value is None else f"{value:g}"
