"""The alias of a stack put back to a version that was found right, with the reason kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from delivery.errors import DeliveryError
from delivery.stack import Move, now, way_back

if TYPE_CHECKING:
    from delivery.stack import Stack


def record(stack: Stack, found_right: Move) -> None:
    """Keep that a version answered rightly: later rollbacks may go to it.

    Raises
    ------
    DeliveryError
        When the alias has been moved elsewhere meanwhile.
    """
    if (live := stack.live_version()) != found_right.version:
        raise DeliveryError(f"{stack.name} serves version {live} now, not {found_right.version}; nothing is recorded")
    stack.keep(found_right)


def roll_back(stack: Stack, *, reason: str, by: str, to: str | None = None) -> Move:
    """Put the version before back, or the one that is named.

    Raises
    ------
    DeliveryError
        When there is no version to go to; nothing has changed then.
    """
    path = way_back(stack.moves())
    live = stack.live_version()
    before = [one for one in path if one.version != live]
    known = {one.version: one for one in path}
    if to is None and not before:
        raise DeliveryError(
            f"{stack.name} has no version before {live} that was found right; name one with VERSION=<n>"
        )
    target = to or before[-1].version
    if target == live:
        raise DeliveryError(f"{stack.name} serves version {live} already")
    if not stack.has_version(target):
        raise DeliveryError(f"{stack.name} has no version {target!r} of its function")
    return _serve(stack, known.get(target), Move("rollback", target, live, reason, by, now()))


def withdraw(stack: Stack, *, reason: str, by: str) -> Move | None:
    """After a deployment that failed: back to the last version found right, unless that one is live.

    CodeDeploy has put it back itself where an alarm ended the deployment.

    Raises
    ------
    DeliveryError
        When no version was ever found right.
    """
    path = way_back(stack.moves())
    if path and path[-1].version == stack.live_version():
        return None
    return roll_back(stack, reason=reason, by=by)


def _serve(stack: Stack, then: Move | None, move: Move) -> Move:
    facts = {} if then is None else {"model": then.model, "bundle": then.bundle, "commit": then.commit}
    done = Move(move.action, move.version, move.left, move.reason, move.by, move.at, **facts)
    stack.serve(done.version, reason=done.reason)
    stack.keep(done)
    return done


def served_model(stack: Stack) -> str:
    """Return name and registry version of the model that the journal knows to be served; empty where it does not."""
    live = stack.live_version()
    return next((one.model for one in reversed(stack.moves()) if one.version == live), "")
