"""Row-wise derivations: the small arithmetic of ``training/schema/derived.csv``, parsed once.

An expression becomes a tree of binary steps on columns. `training.compiler.graph` turns the same steps into ONNX
nodes, and that graph computes the features in training as well as in service: there is no second implementation.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import reduce
from itertools import batched
from typing import TYPE_CHECKING, Literal

from training.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

type Operation = Literal["add", "subtract", "multiply", "divide", "total", "minimum", "maximum", "missing", "present"]


@dataclass(frozen=True, slots=True)
class Column:
    """The value of an input."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A number written in the expression."""

    value: float


@dataclass(frozen=True, slots=True)
class Step:
    """One operation on one or two operands.

    ``divide`` by zero is missing. ``total``, ``minimum`` and ``maximum`` ignore a missing operand and are missing when
    both are; the plain operations are missing when any operand is. ``missing`` and ``present`` give 0 or 1.
    """

    operation: Operation
    left: Node
    right: Node | None = None


type Node = Column | Constant | Step

_BINARY: dict[type[ast.operator], Operation] = {
    ast.Add: "add",
    ast.Sub: "subtract",
    ast.Mult: "multiply",
    ast.Div: "divide",
}


def parse_expression(expression: str) -> Node:
    """Return the steps of an expression.

    >>> parse_expression("AMT_CREDIT / AMT_ANNUITY")
    Step(operation='divide', left=Column(name='AMT_CREDIT'), right=Column(name='AMT_ANNUITY'))

    Raises
    ------
    ModelError
        ``TRN201`` when the expression uses anything but ``+ - * /``, numbers, input names, ``mean``, ``minimum``,
        ``maximum``, ``total`` and ``missing``.
    """
    try:
        return _node(ast.parse(expression, mode="eval").body)
    except (SyntaxError, KeyError, TypeError) as error:
        raise ModelError(
            "TRN201",
            f"derivation {expression!r} cannot be read; allowed are + - * /, numbers, input names, "
            f"{', '.join(sorted(_FUNCTIONS))}",
        ) from error


def columns_of(node: Node) -> tuple[str, ...]:
    """Return the names of the inputs a derivation reads, each once, in order of appearance.

    >>> columns_of(parse_expression("mean(EXT_SOURCE_2, EXT_SOURCE_3) * EXT_SOURCE_2"))
    ('EXT_SOURCE_2', 'EXT_SOURCE_3')
    """
    if isinstance(node, Column):
        return (node.name,)
    if isinstance(node, Constant):
        return ()
    below = columns_of(node.left) + (columns_of(node.right) if node.right else ())
    return tuple(dict.fromkeys(below))


def _node(tree: ast.expr) -> Node:
    match tree:
        case ast.Name(id=name):
            return Column(name)
        case ast.Constant(value=bool()):
            raise TypeError("a number is expected")
        case ast.Constant(value=int() | float() as value):
            return Constant(float(value))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return Step("multiply", _node(operand), Constant(-1.0))
        case ast.BinOp(left=left, op=operator, right=right):
            return Step(_BINARY[type(operator)], _node(left), _node(right))
        case ast.Call(func=ast.Name(id=name), args=[_, *_] as arguments, keywords=[]):
            return _FUNCTIONS[name]([_node(argument) for argument in arguments])
        case _:
            raise TypeError("not part of the language")


def _pairwise(operation: Operation) -> Callable[[Sequence[Node]], Node]:
    """Combine operands two by two: twenty flags take five rounds of the graph instead of nineteen."""

    def combine(nodes: Sequence[Node]) -> Node:
        while len(nodes) > 1:
            nodes = [reduce(lambda a, b: Step(operation, a, b), pair) for pair in batched(nodes, 2)]
        return nodes[0]

    return combine


def _mean(nodes: Sequence[Node]) -> Node:
    count = _pairwise("add")([Step("present", node) for node in nodes])
    return Step("divide", _pairwise("total")(nodes), count)


def _missing(nodes: Sequence[Node]) -> Node:
    (node,) = nodes if len(nodes) == 1 else _one_argument()
    return Step("missing", node)


def _one_argument() -> Sequence[Node]:
    raise TypeError("missing() takes one argument")


_FUNCTIONS: dict[str, Callable[[Sequence[Node]], Node]] = {
    "mean": _mean,
    "minimum": _pairwise("minimum"),
    "maximum": _pairwise("maximum"),
    "total": _pairwise("total"),
    "missing": _missing,
}
