"""Which way a computed column goes when inputs do: what is declared of inputs, carried through the derivations.

The constraint of a column is worked out and never declared: where it depends on inputs whose direction is known, there
is at most one that keeps them all, and a column that has none (a spread of scores, a debt over the credit applied for)
cannot be part of a model.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from training.compiler.derivations import Column, Constant, Node, Step, columns_of
from training.errors import ModelError
from training.schema.policy import Move, load_moves

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.schema import InputEntry

type Sign = int | None
"""1 for at least zero, -1 for at most zero, 0 for zero, None for either."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """What the bounds of inputs say of their signs, and which of them can never be zero, by name."""

    sign: Mapping[str, Sign]
    nonzero: frozenset[str] = frozenset()

    @classmethod
    def of(cls, entries: Sequence[InputEntry]) -> Inputs:
        """Read the signs off the hard bounds."""
        never = [entry.name for entry in entries if (entry.minimum or 0) > 0 or (entry.maximum or 0) < 0]
        return cls({entry.name: _sign_of(entry) for entry in entries}, frozenset(never))


@dataclass(frozen=True, slots=True)
class _Response:
    """How a column answers a move.

    Attributes
    ----------
    sign
        Of its value.
    trend
        1 where it only rises, -1 only falls, 0 stays, None may do either.
    degree
        Power of the common factor that it is multiplied by, where that is all that happens; None otherwise.
    nonzero
        Whether it can never be zero: what is divided by it has a value however far it moves.
    """

    sign: Sign
    trend: Sign
    degree: int | None
    nonzero: bool


def moves_of(inputs: Sequence[InputEntry]) -> tuple[Move, ...]:
    """Return every change of these inputs whose direction is known: of one alone, and of several by one factor."""
    names = {entry.name for entry in inputs}
    alone = [
        Move(entry.name, (entry.name,), entry.policy.direction, entry.label_fr, entry.label_en)
        for entry in inputs
        if entry.policy.direction
    ]
    return (*alone, *(move for move in load_moves() if names.intersection(move.inputs)))


def implied_direction(name: str, node: Node, moves: Sequence[Move], inputs: Inputs) -> int:
    """Return the direction a column must keep in the score: 1 rising, -1 falling, 0 where nothing is declared.

    Raises
    ------
    ModelError
        ``TRN206`` when no direction keeps all moves.
    """
    wanted: dict[int, str] = {}
    columns = set(columns_of(node))
    for move in moves:
        if columns.isdisjoint(move.inputs):
            continue
        trend = _response(node, move, inputs).trend
        if trend is None:
            raise ModelError("TRN206", f"{name} goes either way when {move.name} rises; take it out of derived.csv")
        if trend:
            wanted[trend * move.direction] = move.name
    if len(wanted) > 1:
        raise ModelError(
            "TRN206", f"{name} would have to rise for {wanted[1]} and fall for {wanted[-1]}; take it out of derived.csv"
        )
    return next(iter(wanted), 0)


def _sign_of(entry: InputEntry) -> Sign:
    if entry.kind != "number":
        return 1
    if entry.minimum is not None and entry.minimum >= 0:
        return 1
    return -1 if entry.maximum is not None and entry.maximum <= 0 else None


def _response(node: Node, move: Move, inputs: Inputs) -> _Response:
    match node:
        case Column(name):
            moved = name in move.inputs
            # One input alone grows by any amount; several grow by one factor.
            degree = (1 if moved else 0) if len(move.inputs) > 1 else (None if moved else 0)
            return _Response(inputs.sign[name], 1 if moved else 0, degree, name in inputs.nonzero)
        case Constant(value):
            return _Response((value > 0) - (value < 0), 0, 0, nonzero=value != 0)
        case Step(operation=("missing" | "present")):
            return _Response(1, 0, 0, nonzero=False)
        case Step(operation, left, right) if right is not None:
            return _combined(operation, _response(left, move, inputs), _response(right, move, inputs))
    raise TypeError(f"{node} is no derivation")


def _combined(operation: str, left: _Response, right: _Response) -> _Response:
    """Return the response of one operation on two columns, neither of which is missing."""
    if operation in {"multiply", "divide"}:
        sign = _product(left.sign, right.sign)
        falling = -1 if operation == "divide" else 1
        trend = _sum(_product(left.trend, right.sign), _product(falling, _product(right.trend, left.sign)))
        if operation == "divide" and right.trend != 0 and not right.nonzero:
            # On its way to zero the quotient has no value, and nothing can be said of that step.
            trend = None
        degree = None if left.degree is None or right.degree is None else left.degree + falling * right.degree
    else:
        turned = -1 if operation == "subtract" else 1
        sign = _sum(left.sign, _product(turned, right.sign))
        if bounded := _BOUND.get(operation):
            # The larger of two numbers is at least zero when one of them is.
            sign = bounded if {0, bounded} & {left.sign, right.sign} else sign
        trend = _sum(left.trend, _product(turned, right.trend))
        degree = left.degree if left.degree == right.degree else None
    if degree is not None:
        # All that happens is a factor above one to this power.
        trend = _product((degree > 0) - (degree < 0), sign) if degree else 0
    return _Response(sign, trend, degree, _never_zero(operation, left, right))


def _never_zero(operation: str, left: _Response, right: _Response) -> bool:
    """Say whether the result of an operation can never be zero."""
    if operation in {"multiply", "divide"}:
        return left.nonzero and right.nonzero
    if operation in {"add", "total", "maximum"}:
        # At least zero on both sides, and never zero on one; of the larger one, one side is enough.
        positive = [one.sign == 1 and one.nonzero for one in (left, right)]
        return any(positive) and (operation == "maximum" or (left.sign, right.sign) == (1, 1))
    return False


# On which side of zero one operand keeps the result.
_BOUND = {"maximum": 1, "minimum": -1}


def _product(left: Sign, right: Sign) -> Sign:
    if left == 0 or right == 0:
        return 0
    return None if left is None or right is None else left * right


def _sum(left: Sign, right: Sign) -> Sign:
    if left is None or right is None:
        return None
    return left or right if not left or not right or left == right else None
