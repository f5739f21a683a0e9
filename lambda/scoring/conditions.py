"""Conditions over the fields of an application, as the contract writes them: read once, then asked of any number.

The language is a small part of Python's expressions, read by its own parser and never executed as Python. What is
asked of one application and of a whole table is the same function: a field is a number or an array of them.
"""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np

# A field of one application is a number, of many an array of shape ``(n_applications,)``.
type Columns = Sequence[float] | Sequence[np.ndarray] | np.ndarray
type Condition = Callable[[Columns], Any]
type _Number = Callable[[Columns], Any]

LANGUAGE: Final = (
    "numbers and fields joined by + - * and compared by < <= > >= ==, a category as FIELD == 'value', `known(FIELD)`, "
    "`not whole(FIELD)`, `and`, `or`"
)
# A lender's condition has a handful of terms; Python's own recursion ends at a thousand.
DEEPEST: Final = 100
_SHOWN: Final = 200
_ARITHMETIC: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
# A missing value is NaN and compares false with everything: a condition does not hold on what is not known.
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
}


class ConditionError(ValueError):
    """An expression is not of the language, or names what the fields do not have."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a condition may name.

    Attributes
    ----------
    place
        Column of each field.
    codes
        By category field, the number that stands for each of its values.
    """

    place: Mapping[str, int]
    codes: Mapping[str, Mapping[str, float]]


class Field(Protocol):
    """An input, as far as a condition names it."""

    @property
    def name(self) -> str:
        """Name of the field."""

    @property
    def kind(self) -> str:
        """``number``, ``flag`` or ``category``."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Values of a category, in the order of their codes."""


def vocabulary_of(fields: Sequence[Field]) -> Vocabulary:
    """Return what conditions over some fields may name, each field a column in this order."""
    return Vocabulary(
        place={field.name: column for column, field in enumerate(fields)},
        codes={
            field.name: {category: float(code) for code, category in enumerate(field.categories)}
            for field in fields
            if field.kind == "category"
        },
    )


def read_condition(expression: str, vocabulary: Vocabulary) -> Condition:
    """Return what tells whether an expression holds, of one application or of each of many.

    >>> asked = read_condition("B > A + 1", Vocabulary(place={"A": 0, "B": 1}, codes={}))
    >>> asked([1.0, 2.5]), asked([float("nan"), 2.5])
    (True, False)

    Raises
    ------
    ConditionError
        When the expression cannot be read; the message says what can.
    """
    return _Reader(vocabulary).condition(_parsed(expression))


def fields_of(expression: str) -> tuple[str, ...]:
    """Return the fields that an expression names, each once, in order of appearance.

    >>> fields_of("CNT_CHILDREN >= CNT_FAM_MEMBERS and known(CNT_CHILDREN)")
    ('CNT_CHILDREN', 'CNT_FAM_MEMBERS')

    Raises
    ------
    ConditionError
        When it is no expression at all.
    """
    tree = _parsed(expression)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and id(node) not in called]
    names.sort(key=lambda node: node.col_offset)
    return tuple(dict.fromkeys(node.id for node in names))


def spared_fields_of(expression: str) -> frozenset[str]:
    """Return the fields that an expression asks about whether they are known.

    >>> sorted(spared_fields_of("known(A) and A > B"))
    ['A']

    Raises
    ------
    ConditionError
        When it is no expression at all.
    """
    return frozenset(
        node.args[0].id
        for node in ast.walk(_parsed(expression))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "known"
        if node.args and isinstance(node.args[0], ast.Name)
    )


def normal_form(expression: str) -> str:
    """Return an expression without its choice of blanks, quotes and brackets.

    >>> normal_form('(A>B)  and C == "x"')
    "A > B and C == 'x'"

    Raises
    ------
    ConditionError
        When it is no expression at all.
    """
    return ast.unparse(_parsed(expression))


def _parsed(expression: str) -> ast.expr:
    try:
        tree = ast.parse(expression, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ConditionError(f"{expression[:_SHOWN]!r} is no expression; a condition is made of {LANGUAGE}") from error
    if _depth(tree) > DEEPEST:
        raise ConditionError(f"{expression[:_SHOWN]!r} is nested too deep; make several rules of it")
    return tree


def _depth(tree: ast.AST) -> int:
    """Return how many nodes lie above the deepest one; a loop, for what may be too deep to recurse into."""
    depth, level = 0, [tree]
    while level and depth <= DEEPEST:
        depth, level = depth + 1, [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes functions from syntax, each node by itself."""

    vocabulary: Vocabulary

    def condition(self, node: ast.expr) -> Condition:
        """Return what tells whether a condition holds."""
        match node:
            case ast.BoolOp(op=ast.And(), values=values):
                return _joined([self.condition(value) for value in values], operator.and_)
            case ast.BoolOp(op=ast.Or(), values=values):
                return _joined([self.condition(value) for value in values], operator.or_)
            case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=str(category))]):
                return self._is_category(name, category)
            case ast.Compare(left=left, ops=[comparison], comparators=[right]) if type(comparison) in _COMPARISONS:
                return self._comparison(left, _COMPARISONS[type(comparison)], right)
            case ast.Call(func=ast.Name(id="known"), args=[ast.Name(id=name)], keywords=[]):
                place = self._place(name)
                # What is missing is NaN, and that is not equal to itself.
                return lambda columns: columns[place] == columns[place]
            case ast.UnaryOp(
                op=ast.Not(), operand=ast.Call(func=ast.Name(id="whole"), args=[ast.Name() as field], keywords=[])
            ):
                number = self._number(field)
                return lambda columns: number(columns) % 1 > 0
        raise ConditionError(f"{ast.unparse(node)!r} is no condition; one is made of {LANGUAGE}")

    def _comparison(self, left: ast.expr, compare: Callable[[Any, Any], Any], right: ast.expr) -> Condition:
        first, second = self._number(left), self._number(right)
        if not any(isinstance(node, ast.Name) for side in (left, right) for node in ast.walk(side)):
            raise ConditionError(
                f"{ast.unparse(left)!r} is compared with {ast.unparse(right)!r}: neither names a field"
            )
        # Most conditions compare two fields, or a field with a number: one call less each, several times a request.
        match left, right:
            case ast.Name(id=one), ast.Name(id=other):
                place, place_of_other = self._place(one), self._place(other)
                return lambda columns: compare(columns[place], columns[place_of_other])
            case ast.Name(id=one), ast.Constant(value=value):
                place = self._place(one)
                return lambda columns: compare(columns[place], value)
        return lambda columns: compare(first(columns), second(columns))

    def _is_category(self, name: str, category: str) -> Condition:
        place = self._place(name)
        code = self.vocabulary.codes.get(name, {}).get(category)
        if code is None:
            raise ConditionError(f"{name} has no category {category!r}")
        return lambda columns: columns[place] == code

    def _number(self, node: ast.expr) -> _Number:
        """Return what computes a number."""
        match node:
            case ast.Name(id=name):
                if name in self.vocabulary.codes:
                    raise ConditionError(f"{name} is a category: it has no order and no arithmetic")
                return operator.itemgetter(self._place(name))
            case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
                return lambda _: value
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                negated = self._number(operand)
                return lambda columns: -negated(columns)
            case ast.BinOp(left=left, op=arithmetic, right=right) if type(arithmetic) in _ARITHMETIC:
                return self._arithmetic(left, _ARITHMETIC[type(arithmetic)], right)
        raise ConditionError(f"{ast.unparse(node)!r} is no number; a condition is made of {LANGUAGE}")

    def _arithmetic(self, left: ast.expr, compute: Callable[[Any, Any], Any], right: ast.expr) -> _Number:
        first, second = self._number(left), self._number(right)
        match left, right:
            case ast.Name(id=name), ast.Constant(value=value):
                place = self._place(name)
                return lambda columns: compute(columns[place], value)
            case ast.Constant(value=value), ast.Name(id=name):
                place = self._place(name)
                return lambda columns: compute(value, columns[place])
        return lambda columns: compute(first(columns), second(columns))

    def _place(self, name: str) -> int:
        if name not in self.vocabulary.place:
            raise ConditionError(f"there is no field {name}")
        return self.vocabulary.place[name]


def _joined(parts: Sequence[Condition], join: Callable[[Any, Any], Any]) -> Condition:
    return reduce(lambda first, second: _both(first, second, join), parts)


def _both(first: Condition, second: Condition, join: Callable[[Any, Any], Any]) -> Condition:
    return lambda columns: join(first(columns), second(columns))
