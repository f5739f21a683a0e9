"""The card of a bundle whose trees read one feature each: points by bin, as a table, as JSON and as SQL.

It is read off the sealed graph, so that what a committee reads is what is served. Points are not rounded here: their
sum is, once, as the reply does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, log
from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import load_model_from_string, numpy_helper

from scoring.contract import EXPLAINER_FILE, MODEL_FILE
from scoring.explanation import read_tables
from training.compiler.derivations import Column, Constant, Step, parse_expression
from training.compiler.directions import trees_of
from training.compiler.ensembles import LEAF
from training.errors import ModelError
from training.wording import say_decimal

if TYPE_CHECKING:
    from scoring.bundle import Bundle
    from scoring.contract import Contract, Feature, Input, PointScale
    from training.compiler.derivations import Node
    from training.compiler.ensembles import Tree

_LARGEST = float(np.finfo(np.float64).max)
_TABLE = "demandes"
_KEY = '"SK_ID_CURR"'


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin ``low < value <= high`` of a characteristic.

    Attributes
    ----------
    missing
        Whether it is that of a missing value; it has no ends then.
    term
        Log-odds of default that it adds, calibrated.
    """

    low: float
    high: float
    missing: bool
    term: float


@dataclass(frozen=True, slots=True)
class CardRow:
    """A characteristic of the card with its bins, from low to high, the missing one last."""

    feature: Feature
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What a card adds up.

    Attributes
    ----------
    intercept
        Log-odds that everybody has, calibrated.
    without_value
        What a feature that has no value is read as, by name.
    """

    contract: Contract
    scale: PointScale
    intercept: float
    rows: tuple[CardRow, ...]
    without_value: dict[str, float]

    @property
    def base_points(self) -> float:
        """Points that everybody has before any characteristic."""
        return self.scale.of(self.intercept)

    def points(self, term: float) -> float:
        """Return the points of a term in log-odds."""
        return -self.scale.factor * term


def card_of(bundle: Bundle) -> Card:
    """Read the card off a sealed bundle.

    Raises
    ------
    ModelError
        ``TRN211`` when a tree reads several features, or the contract has no scale of points.
    """
    contract, graph = bundle.contract, bundle.content[MODEL_FILE]
    tables = read_tables(bundle.content[EXPLAINER_FILE])
    if contract.points is None or str(tables["kind"]) != "tree":
        raise ModelError("TRN211", "the bundle is no card, or has no scale of points; train one with a scorecard")
    scale, offset = _calibration(graph)
    intercept, rows = offset, []
    for tree in trees_of(graph):
        leaves = tree.value[tree.feature == LEAF]
        if np.ptp(leaves) == 0:
            intercept += scale * float(leaves[0])
            continue
        read = np.unique(tree.feature[tree.feature != LEAF])
        if len(read) > 1:
            raise ModelError("TRN211", "a tree of the bundle reads several features: it has no card")
        rows.append(CardRow(contract.features[int(read[0])], _bins(tree, scale)))
    names = [feature.name for feature in contract.features]
    return Card(
        contract, contract.points, intercept, tuple(rows), dict(zip(names, _without_value(graph), strict=False))
    )


def _bins(tree: Tree, scale: float) -> tuple[Bin, ...]:
    found: list[Bin] = []

    def visit(node: int, low: float, high: float) -> None:
        if tree.feature[node] == LEAF:
            missing = low >= _LARGEST
            found.append(Bin(low, high, missing, scale * float(tree.value[node])))
            return
        threshold = float(tree.threshold[node])
        visit(int(tree.left[node]), low, min(high, threshold))
        visit(int(tree.right[node]), max(low, threshold), high)

    visit(0, -inf, inf)
    return tuple(found)


def _constants(graph: bytes) -> dict[str, np.ndarray]:
    return {one.name: numpy_helper.to_array(one) for one in load_model_from_string(graph).graph.initializer}


def _calibration(graph: bytes) -> tuple[float, float]:
    """Return scale and offset of ``margin = scale * score + offset``, as `training.compiler.graph` writes them."""
    constants = _constants(graph)
    made_by = {name: node for node in load_model_from_string(graph).graph.node for name in node.output}
    shifted = made_by[made_by["margin"].input[0]]
    scaled = made_by[shifted.input[0]]
    return float(constants[scaled.input[1]]), float(constants[shifted.input[1]])


def _without_value(graph: bytes) -> list[float]:
    """Return what features without a value are read as; nothing where the graph leaves them missing."""
    nodes = [node for node in load_model_from_string(graph).graph.node if "features" in node.output]
    if not nodes or nodes[0].op_type != "Where":
        return []
    return [float(one) for one in np.ravel(_constants(graph)[nodes[0].input[1]])]


def card_table(card: Card) -> str:
    """Return the card as a table for people, in French; points to a tenth."""
    lines = ["# Carte de score", "", _scale_sentence(card), ""]
    lines += ["| caractéristique | classe | points |", "|---|---|---|"]
    lines.append(f"| *base* | tous | {say_decimal(card.base_points, 1)} |")
    for row in card.rows:
        for one in row.bins:
            points = say_decimal(card.points(one.term), 1)
            lines.append(f"| {row.feature.label.fr} (`{row.feature.name}`) | {_said(card, row, one)} | {points} |")
    return "\n".join([*lines, ""])


def _scale_sentence(card: Card) -> str:
    scale = card.scale
    return (
        f"{say_decimal(scale.base_score, 0)} points valent une cote de {say_decimal(scale.odds, 0)} bons dossiers pour "
        f"un défaut ; {say_decimal(scale.pdo, 0)} points de plus la doublent. La somme s’arrondit une fois, à la fin."
    )


def _said(card: Card, row: CardRow, one: Bin) -> str:
    if one.missing:
        return "sans valeur"
    item = _category(card, row)
    if item is not None:
        return ", ".join(item.category_labels[code].fr for code in _codes(one, item))
    low, high = (say_decimal(end, 4) for end in (one.low, one.high))
    if one.low == -inf:
        return f"jusqu’à {high}" if one.high < _LARGEST else "toute valeur"
    return f"plus de {low}" if one.high >= _LARGEST else f"plus de {low}, jusqu’à {high}"


def _category(card: Card, row: CardRow) -> Input | None:
    return next((one for one in card.contract.inputs if one.name == row.feature.name and one.categories), None)


def _codes(one: Bin, item: Input) -> list[int]:
    return [code for code in range(len(item.categories)) if one.low < code <= one.high]


def card_json(card: Card) -> dict[str, Any]:
    """Return the card as plain values: ends that are open are null."""
    return {
        "echelle": card.scale.model_dump(),
        "points_de_base": card.base_points,
        "caracteristiques": [
            {
                "variable": row.feature.name,
                "libelle": row.feature.label.fr,
                "expression": row.feature.expression,
                "classes": [_bin_json(card, row, one) for one in row.bins],
            }
            for row in card.rows
        ],
    }


def _bin_json(card: Card, row: CardRow, one: Bin) -> dict[str, Any]:
    item = _category(card, row)
    known = not one.missing
    return {
        "au_dela_de": one.low if known and one.low > -inf else None,
        "jusqu_a": one.high if known and one.high < _LARGEST else None,
        "categories": [item.categories[code] for code in _codes(one, item)] if item and known else None,
        "sans_valeur": one.missing,
        "points": card.points(one.term),
        "log_cote": one.term,
    }


def card_sql(card: Card) -> str:
    """Return one query over a table ``demandes`` of raw inputs: points, and the probability of default.

    DuckDB and PostgreSQL read it; what is NULL is declared absent, as ``null`` is in a request.
    """
    inputs = [item for item in card.contract.inputs if any(item.name in row.feature.inputs for row in card.rows)]
    read = ",\n    ".join(f'{_absent(item)} AS "{item.name}__ABSENT"' for item in inputs)
    filled = ",\n    ".join(f'{_filled(item)} AS "{item.name}"' for item in inputs)
    features = ",\n    ".join(f'{_feature_sql(card, row.feature)} AS "{row.feature.name}"' for row in card.rows)
    terms = "\n    + ".join([repr(card.intercept), *(_term_sql(row) for row in card.rows)])
    scale = card.scale
    points = f"ROUND({scale.base_score!r} - {scale.factor!r} * (log_cote + {log(scale.odds)!r}))"
    indicators = ", ".join(f'"{item.name}__ABSENT"' for item in inputs)
    steps = (
        ("brutes", f"*,\n    {read}", _TABLE),
        ("lues", f"{_KEY}, {indicators},\n    {filled}", "brutes"),
        ("variables", f"{_KEY},\n    {features}", "lues"),
        ("cote", f"{_KEY},\n    {terms} AS log_cote", "variables"),
    )
    written = ", ".join(f"{name} AS (\n  {_select(what, source)})" for name, what, source in steps)
    answer = f"{_KEY}, {points} AS points, 1 / (1 + EXP(-log_cote)) AS probabilite_de_defaut"
    return f"WITH {written}\n{_select(answer, 'cote')}"


def _select(what: str, source: str) -> str:
    # Names and numbers of a sealed contract, none of them a user's.
    return f"SELECT {what}\nFROM {source}\n"


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _absent(item: Input) -> str:
    listed = ", ".join(_text(one) for one in item.rare)
    rare = f' OR "{item.name}" IN ({listed})' if listed else ""
    return f'CASE WHEN "{item.name}" IS NULL{rare} THEN 1.0 ELSE 0.0 END'


def _filled(item: Input) -> str:
    value = f'CAST("{item.name}" AS DOUBLE PRECISION)'
    if item.categories:
        codes = " ".join(f"WHEN {_text(one)} THEN {float(code)!r}" for code, one in enumerate(item.categories))
        value = f'CASE "{item.name}" {codes} END'
    return f'CASE WHEN "{item.name}__ABSENT" = 1 THEN {item.fill!r} ELSE {value} END'


def _feature_sql(card: Card, feature: Feature) -> str:
    node = parse_expression(feature.expression) if feature.expression else Column(feature.name)
    without = card.without_value.get(feature.name)
    return _sql(node) if without is None else f"COALESCE({_sql(node)}, {without!r})"


def _sql(node: Node) -> str:
    match node:
        case Column(name):
            return f'"{name}"'
        case Constant(value):
            return repr(value)
        case Step("missing", Column(name)):
            return f'"{name}__ABSENT"'
        case Step(operation, left, right):
            first, second = _sql(left), _sql(right) if right is not None else ""
            return _OPERATIONS[operation].format(first, second)
    raise TypeError(f"{node} is no derivation")


_OPERATIONS = {
    "add": "({0} + {1})",
    "subtract": "({0} - {1})",
    "multiply": "({0} * {1})",
    "divide": "({0} / NULLIF({1}, 0))",
    "total": "COALESCE({0} + {1}, {0}, {1})",
    "minimum": "LEAST({0}, {1})",
    "maximum": "GREATEST({0}, {1})",
    "missing": "CASE WHEN {0} IS NULL THEN 1.0 ELSE 0.0 END",
    "present": "CASE WHEN {0} IS NULL THEN 0.0 ELSE 1.0 END",
}


def _term_sql(row: CardRow) -> str:
    name = f'"{row.feature.name}"'
    missing = [one for one in row.bins if one.missing]
    known = [one for one in row.bins if not one.missing]
    cases = [f"WHEN {name} IS NULL THEN {one.term!r}" for one in missing]
    cases += [f"WHEN {name} <= {one.high!r} THEN {one.term!r}" for one in known[:-1]]
    return f"CASE {' '.join(cases)} ELSE {known[-1].term!r} END"
