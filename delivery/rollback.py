"""The two aliases of a stack put back to versions that were found right together, with the reason kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError
from delivery.paths import FUNCTIONS
from delivery.stack import Move, Release, now, way_back

if TYPE_CHECKING:
    from collections.abc import Mapping

    from delivery.stack import Stack

    type Routing = Mapping[str, tuple[str, dict[str, float]]]


def record(stack: Stack, found_right: Move) -> None:
    """Keep that the versions of both functions answered rightly: later rollbacks may go to them.

    Raises
    ------
    DeliveryError
        When an alias has been moved elsewhere meanwhile.
    """
    if (live := stack.live()) != found_right.release:
        raise DeliveryError(f"{stack.name} serves {live} now, not {found_right.release}; nothing is recorded")
    stack.keep(found_right)


def roll_back(stack: Stack, *, reason: str, by: str, to: str | None = None, dossier_to: str | None = None) -> Move:
    """Put the versions before back, or those that are named: both functions or none.

    Parameters
    ----------
    to, dossier_to
        Version of the function for applications, and of the one for dossiers. Where one alone is given, the other is
        the one that the journal found right with it.

    Raises
    ------
    DeliveryError
        When there is no version to go to, or a function could not be moved; it says what each serves then.
    """
    path, live = way_back(stack.moves()), stack.live()
    if to or dossier_to:
        target = _named(stack, to, dossier_to)
    else:
        # During a canary the aliases still name what was live before it: that is what to go back to.
        target = live if _is_canary(stack) else _before(stack, path, live)
    return _go(stack, path, target, live, reason=reason, by=by)


def withdraw(stack: Stack, *, reason: str, by: str) -> Move | None:
    """After a deployment that failed: back to the versions last found right, unless both are live.

    CodeDeploy has put back what an alarm ended; where it ended the canary of one function alone, the other follows.

    Raises
    ------
    DeliveryError
        When none was ever found right, or a function could not be moved.
    """
    path, live = way_back(stack.moves()), stack.live()
    if path and path[-1].release == live:
        return None
    return _go(stack, path, _before(stack, path, live), live, reason=reason, by=by)


def served_model(stack: Stack) -> str:
    """Return name and registry version of the model that the journal knows to be served; empty where it does not."""
    live = stack.live()
    return next((one.model for one in reversed(stack.moves()) if one.release == live), "")


def _is_canary(stack: Stack) -> bool:
    """Say whether a newer version has a share of the requests; CodeDeploy keeps the old one in the alias until then."""
    routed = (stack.routing(function) for function in FUNCTIONS)
    return any(int(newer) > int(version) for version, beside in routed for newer in beside)


def _before(stack: Stack, path: list[Move], live: Release) -> Release:
    before = [one.release for one in path if one.release != live]
    if not before:
        raise DeliveryError(
            f"{stack.name} has nothing before {live} that was found right; name it with VERSION=<n> DOSSIER_VERSION=<n>"
        )
    return before[-1]


def _named(stack: Stack, scoring: str | None, dossier: str | None) -> Release:
    """Return what is asked for, completed from the journal where one function alone is named."""
    if scoring and dossier:
        return Release(scoring, dossier)
    known = [one.release for one in stack.moves() if _fits(one.release, scoring, dossier)]
    if not known:
        raise DeliveryError(
            f"the journal of {stack.name} does not know what was live with version {scoring or dossier!r}; "
            "name both, VERSION=<n> DOSSIER_VERSION=<n>"
        )
    return known[-1]


def _fits(release: Release, scoring: str | None, dossier: str | None) -> bool:
    return (not scoring or release.scoring == scoring) and (not dossier or release.dossier == dossier)


def _go(stack: Stack, path: list[Move], target: Release, live: Release, *, reason: str, by: str) -> Move:
    if target == live and not any(stack.routing(function)[1] for function in FUNCTIONS):
        raise DeliveryError(f"{stack.name} serves {live} already")
    for function in FUNCTIONS:
        if not target.of(function):
            raise DeliveryError(
                f"the journal of {stack.name} is older than {function} and does not say which version of it goes with "
                f"{target.scoring}; name both, VERSION={target.scoring} DOSSIER_VERSION=<n>"
            )
        if not stack.has_version(function, target.of(function)):
            raise DeliveryError(f"{stack.name} has no version {target.of(function)!r} of {function}")
    then = next((one for one in path if one.release == target), None)
    move = Move(
        "rollback", target.scoring, live.scoring, reason, by, now(),
        dossier_version=target.dossier, dossier_left=live.dossier,
    )  # fmt: skip
    done = move if then is None else replace(move, model=then.model, bundle=then.bundle, commit=then.commit)
    _serve_both(stack, target, reason=reason)
    try:
        stack.keep(done)
    except DeliveryError as error:
        raise DeliveryError(f"{stack.name} serves {target} now, and its journal does not tell it: {error}") from error
    return done


def _serve_both(stack: Stack, target: Release, *, reason: str) -> None:
    """Move both aliases; where one cannot be moved, the other is put back as it was."""
    before = {function: stack.routing(function) for function in FUNCTIONS}
    moved: list[str] = []
    for function in FUNCTIONS:
        try:
            stack.serve(function, target.of(function), reason=reason)
        except DeliveryError as error:
            stuck = _put_back(stack, moved, before)
            raise DeliveryError(f"{function} cannot be moved ({error}); {_state(target, before, stuck)}") from error
        moved.append(function)


def _put_back(stack: Stack, moved: list[str], before: Routing) -> list[str]:
    """Put aliases back as they were, and return those that stay where they were moved to."""
    stuck = []
    for function in moved:
        version, beside = before[function]
        try:
            stack.serve(function, version, reason="the other function could not be moved", beside=beside)
        except DeliveryError:
            stuck.append(function)
    return stuck


def _state(target: Release, before: Routing, stuck: list[str]) -> str:
    """Say what each function serves after half a move, and how to end it."""
    serves = {one: target.of(one) if one in stuck else before[one][0] for one in FUNCTIONS}
    told = ", ".join(f"{function} serves version {version}" for function, version in serves.items())
    if not stuck:
        return f"nothing has changed: {told}"
    return f"half is moved: {told}; end it with VERSION={target.scoring} DOSSIER_VERSION={target.dossier}"
