"""The exported graph: raw request values in; features, log-odds margin and probability of default out.

Everything is computed in double precision, trees included (``TreeEnsemble`` of ai.onnx.ml 5), so a value is routed as
LightGBM routed it and no rounding of thresholds is needed; see ``docs/decisions/0002-double-precision-graph.md``.
A request has one row and each node costs about a microsecond, so the derivations run side by side: all steps of one
operation whose operands are ready become one node on many columns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

from scoring.model import INPUT, OUTPUTS
from training.compiler.derivations import Column, Constant, Node, Step
from training.compiler.ensembles import LEAF, Tree, TreeEnsemble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from training.compiler.linear import AdditiveModel

OPSET = helper.make_opsetid("", 22)
ML_OPSET = helper.make_opsetid("ai.onnx.ml", 5)
IR_VERSION = 10
_SUM = 1
_NO_TRANSFORM = 0
_LESS_OR_EQUAL = 0
# Doubles in the widest vector of a processor (AVX-512).
_WIDEST_VECTOR = 8


@dataclass
class _Writer:
    """Collects nodes and constants under unique, reproducible names."""

    nodes: list[NodeProto] = field(default_factory=list)
    constants: dict[bytes, TensorProto] = field(default_factory=dict)

    def node(self, kind: str, *inputs: str, domain: str = "", output: str | None = None, **attributes: Any) -> str:  # noqa: ANN401
        name = output or f"{kind.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, value: np.ndarray) -> str:
        key = value.dtype.str.encode() + str(value.shape).encode() + value.tobytes()
        if key not in self.constants:
            self.constants[key] = numpy_helper.from_array(value, f"constant_{len(self.constants)}")
        return self.constants[key].name

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float64))

    def columns(self, matrix: str, indices: Sequence[int]) -> str:
        return self.node("Gather", matrix, self.constant(np.array(indices, np.int64)), axis=1)


@dataclass(frozen=True, slots=True)
class Repair:
    """How rows are made whole before anything is derived from them.

    Attributes
    ----------
    fill
        What a missing value is read as, shape ``(n_inputs,)``.
    rare
        By input, the codes that are read as missing.
    n_codes
        By input, the number of its categories; 0 for a number.
    without_value
        What a feature that has no value is read as, shape ``(n_features,)``; ``None`` leaves it missing.
    """

    fill: np.ndarray
    rare: Sequence[Sequence[int]]
    n_codes: Sequence[int]
    without_value: np.ndarray | None = None


def build_graph(
    input_names: Sequence[str],
    features: Sequence[Node],
    score: TreeEnsemble | AdditiveModel | None = None,
    *,
    repair: Repair | None = None,
    scale: float = 1.0,
    offset: float = 0.0,
) -> ModelProto:
    """Return the graph of a model, or of its features alone.

    Parameters
    ----------
    input_names
        Columns of the input matrix, in the contract's order.
    features
        What each model column is computed as.
    score
        The model; without it the graph has the one output ``features``.
    repair
        What is done about missing values and rare categories; they reach the derivations as they are without it.
    scale, offset
        The calibration: ``margin = scale * score + offset``.
    """
    writer = _Writer()
    matrix = _write_features(writer, input_names, features, repair)
    outputs = [helper.make_tensor_value_info("features", TensorProto.DOUBLE, [None, len(features)])]
    if score is not None:
        raw = (
            _write_trees(writer, matrix, score)
            if isinstance(score, TreeEnsemble)
            else _write_terms(writer, matrix, score)
        )
        _write_margin_and_probability(writer, raw, scale=scale, offset=offset)
        outputs = [*(helper.make_tensor_value_info(name, TensorProto.DOUBLE, [None]) for name in OUTPUTS[:2]), *outputs]
    graph = helper.make_graph(
        writer.nodes,
        "default_probability",
        [helper.make_tensor_value_info(INPUT, TensorProto.DOUBLE, [None, len(input_names)])],
        outputs,
        list(writer.constants.values()),
    )
    model = helper.make_model(graph, opset_imports=[OPSET, ML_OPSET], ir_version=IR_VERSION, producer_name="training")
    checker.check_model(model)
    return model


def _write_features(
    writer: _Writer, input_names: Sequence[str], features: Sequence[Node], repair: Repair | None
) -> str:
    """Write the derivations level by level and gather the model's columns."""
    place: dict[Node, int] = {Column(name): index for index, name in enumerate(input_names)}
    matrix = INPUT if repair is None else _write_repair(writer, features, repair, place)
    matrix = _append_constants(writer, matrix, features, place)
    waiting = [node for node in dict.fromkeys(_steps(features)) if node not in place]
    while waiting:
        ready = [step for step in waiting if all(operand in place for operand in _operands(step))]
        for operation in sorted({step.operation for step in ready}):
            steps = [step for step in ready if step.operation == operation]
            left = writer.columns(matrix, [place[step.left] for step in steps])
            rights = [place[step.right] for step in steps if step.right is not None]
            right = writer.columns(matrix, rights) if rights else ""
            result = _OPERATIONS[operation](writer, left, right)
            place |= {step: len(place) + index for index, step in enumerate(steps)}
            matrix = writer.node("Concat", matrix, result, axis=1)
        waiting = [step for step in waiting if step not in place]
    gathered = writer.constant(np.array([place[node] for node in features], np.int64))
    if repair is None or repair.without_value is None:
        return writer.node("Gather", matrix, gathered, axis=1, output="features")
    found = writer.node("Gather", matrix, gathered, axis=1)
    missing = writer.node("IsNaN", found)
    return writer.node("Where", missing, writer.constant(repair.without_value[None]), found, output="features")


def _write_repair(writer: _Writer, features: Iterable[Node], repair: Repair, place: dict[Node, int]) -> str:
    """Write the rows made whole; where a feature asks what was missing, the answers stand beside them."""
    missing = _write_missing(writer, repair)
    matrix = writer.node("Where", missing, writer.constant(repair.fill[None]), INPUT)
    asked = [step for step in dict.fromkeys(_steps(features)) if step.operation == "missing" and step.left in place]
    if not asked:
        return matrix
    indicators = writer.node("Cast", missing, to=TensorProto.DOUBLE)
    answers = writer.columns(indicators, [place[step.left] for step in asked])
    place |= {step: len(place) + index for index, step in enumerate(asked)}
    return writer.node("Concat", matrix, answers, axis=1)


def _write_missing(writer: _Writer, repair: Repair) -> str:
    """Write which values are missing, a rare category among them; one truth an input."""
    absent = writer.node("IsNaN", INPUT)
    categories = [place for place, codes in enumerate(repair.rare) if codes]
    if not categories:
        return absent
    widest = max(repair.n_codes)
    is_rare = np.zeros((len(categories), widest))
    column_of = np.zeros((len(categories), len(repair.n_codes)))
    for row, place in enumerate(categories):
        is_rare[row, list(repair.rare[place])] = 1.0
        column_of[row, place] = 1.0
    code = writer.columns(INPUT, categories)
    known = writer.node("Where", writer.node("IsNaN", code), writer.number(0.0), code)
    start = writer.constant((np.arange(len(categories)) * float(widest))[None])
    index = writer.node("Cast", writer.node("Add", start, known), to=TensorProto.INT64)
    listed = writer.node("Gather", writer.constant(is_rare.ravel()), index, axis=0)
    # Each truth goes to the column of its input: sums of zeros and ones are exact.
    rare = writer.node("MatMul", listed, writer.constant(column_of))
    return writer.node("Or", absent, writer.node("Cast", rare, to=TensorProto.BOOL))


def _append_constants(writer: _Writer, matrix: str, features: Iterable[Node], place: dict[Node, int]) -> str:
    """Put the numbers of the expressions beside the rows, repeated for each."""
    constants = sorted({node for node in _leaves(features) if isinstance(node, Constant)}, key=lambda node: node.value)
    if not constants:
        return matrix
    row = writer.constant(np.array([[node.value for node in constants]]))
    height = writer.node("Shape", INPUT, start=0, end=1)
    shape = writer.node("Concat", height, writer.constant(np.array([len(constants)], np.int64)), axis=0)
    place |= {node: len(place) + index for index, node in enumerate(constants)}
    return writer.node("Concat", matrix, writer.node("Expand", row, shape), axis=1)


def _operands(step: Step) -> tuple[Node, ...]:
    return (step.left,) if step.right is None else (step.left, step.right)


def _steps(nodes: Iterable[Node]) -> Iterable[Step]:
    """Yield every step below the nodes, operands before what uses them."""
    for node in nodes:
        if isinstance(node, Step):
            yield from _steps(_operands(node))
            yield node


def _leaves(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if isinstance(node, Step):
            yield from _leaves(_operands(node))
        else:
            yield node


def _divide(writer: _Writer, left: str, right: str) -> str:
    by_zero = writer.node("Equal", right, writer.number(0.0))
    return writer.node("Where", by_zero, writer.number(np.nan), writer.node("Div", left, right))


def _ignoring_missing(kind: str, writer: _Writer, left: str, right: str) -> str:
    """Apply `kind` where both operands are there; otherwise take the one that is."""
    either = writer.node("Where", writer.node("IsNaN", right), left, writer.node(kind, left, right))
    return writer.node("Where", writer.node("IsNaN", left), right, either)


def _is_missing(writer: _Writer, left: str) -> str:
    return writer.node("Cast", writer.node("IsNaN", left), to=TensorProto.DOUBLE)


_OPERATIONS: dict[str, Callable[[_Writer, str, str], str]] = {
    "add": lambda w, a, b: w.node("Add", a, b),
    "subtract": lambda w, a, b: w.node("Sub", a, b),
    "multiply": lambda w, a, b: w.node("Mul", a, b),
    "divide": _divide,
    "total": lambda w, a, b: _ignoring_missing("Add", w, a, b),
    "minimum": lambda w, a, b: _ignoring_missing("Min", w, a, b),
    "maximum": lambda w, a, b: _ignoring_missing("Max", w, a, b),
    "missing": lambda w, a, _: _is_missing(w, a),
    "present": lambda w, a, _: w.node("Sub", w.number(1.0), _is_missing(w, a)),
}


def _write_trees(writer: _Writer, matrix: str, ensemble: TreeEnsemble) -> str:
    """Write all trees as one node; returns the name of the score, shape ``(n, 1)``."""
    return writer.node(
        "TreeEnsemble",
        matrix,
        domain="ai.onnx.ml",
        n_targets=1,
        aggregate_function=_SUM,
        post_transform=_NO_TRANSFORM,
        **_tree_attributes(ensemble),
    )


def _tree_attributes(ensemble: TreeEnsemble) -> dict[str, Any]:
    """Lay the trees out as ai.onnx.ml 5 wants them: inner nodes and leaves numbered apart, over all trees."""
    trees = [_with_a_split(tree) for tree in ensemble.trees]
    inner, leaf = [tree.feature != LEAF for tree in trees], [tree.feature == LEAF for tree in trees]
    first_inner = np.concatenate([[0], np.cumsum([mask.sum() for mask in inner])])
    first_leaf = np.concatenate([[0], np.cumsum([mask.sum() for mask in leaf])])
    numbers = [
        np.where(is_inner, start_inner + np.cumsum(is_inner) - 1, start_leaf + np.cumsum(is_leaf) - 1)
        for is_inner, is_leaf, start_inner, start_leaf in zip(inner, leaf, first_inner, first_leaf, strict=False)
    ]

    def over_inner(columns: Iterable[np.ndarray]) -> np.ndarray:
        return np.concatenate([column[mask] for column, mask in zip(columns, inner, strict=True)])

    lefts = over_inner(number[tree.left] for tree, number in zip(trees, numbers, strict=True))
    rights = over_inner(number[tree.right] for tree, number in zip(trees, numbers, strict=True))
    splits = over_inner(tree.threshold for tree in trees)
    weights = np.concatenate([tree.value[mask] for tree, mask in zip(trees, leaf, strict=True)])
    return {
        "nodes_featureids": over_inner(tree.feature for tree in trees).tolist(),
        "nodes_splits": numpy_helper.from_array(splits.astype(np.float64), "splits"),
        "nodes_modes": numpy_helper.from_array(np.full(len(splits), _LESS_OR_EQUAL, np.uint8), "modes"),
        "nodes_missing_value_tracks_true": over_inner(tree.default_left for tree in trees).astype(int).tolist(),
        "nodes_truenodeids": lefts.tolist(),
        "nodes_trueleafs": over_inner(mask[tree.left] for tree, mask in zip(trees, leaf, strict=True))
        .astype(int)
        .tolist(),
        "nodes_falsenodeids": rights.tolist(),
        "nodes_falseleafs": over_inner(mask[tree.right] for tree, mask in zip(trees, leaf, strict=True))
        .astype(int)
        .tolist(),
        "tree_roots": first_inner[:-1].tolist(),
        "leaf_targetids": [0] * len(weights),
        "leaf_weights": numpy_helper.from_array(weights.astype(np.float64), "weights"),
    }


def _with_a_split(tree: Tree) -> Tree:
    """Give a tree that is one leaf a split whose sides are alike: a root of ai.onnx.ml 5 is an inner node."""
    if len(tree.feature) > 1:
        return tree
    return Tree(
        feature=np.array([0, LEAF, LEAF]),
        threshold=np.zeros(3),
        default_left=np.ones(3, bool),
        left=np.array([1, 0, 0]),
        right=np.array([2, 0, 0]),
        value=tree.value[[0, 0, 0]],
        cover=tree.cover[[0, 0, 0]],
    )


def _write_terms(writer: _Writer, matrix: str, model: AdditiveModel) -> str:
    """Write a linear model as one term a feature; returns the name of the score, shape ``(n, 1)``."""
    clipped = writer.node(
        "Min", writer.node("Max", matrix, writer.constant(model.lowest[None])), writer.constant(model.highest[None])
    )
    numeric = writer.node("Mul", clipped, writer.constant(model.slope[None]))
    terms = _with_category_terms(writer, matrix, numeric, model)
    total = writer.node("ReduceSum", terms, writer.constant(np.array([1], np.int64)), keepdims=1)
    return writer.node("Add", total, writer.number(model.intercept))


def _with_category_terms(writer: _Writer, matrix: str, numeric: str, model: AdditiveModel) -> str:
    """Replace the terms of categories: their code picks one entry of a flat list."""
    if not model.is_category.any():
        return numeric
    n_features, n_codes = model.category_terms.shape
    code = writer.node("Min", writer.node("Max", matrix, writer.number(0.0)), writer.number(float(n_codes - 1)))
    start = writer.constant((np.arange(n_features) * float(n_codes))[None])
    index = writer.node("Cast", writer.node("Add", start, code), to=TensorProto.INT64)
    listed = writer.node("Gather", writer.constant(model.category_terms.ravel()), index, axis=0)
    return writer.node("Where", writer.constant(model.is_category[None]), listed, numeric)


def _write_margin_and_probability(writer: _Writer, raw: str, *, scale: float, offset: float) -> None:
    """Write the calibration and its logistic.

    onnxruntime's vectorised logistic rounds the last bit otherwise than the scalar one it uses for what is left over
    after whole vectors. Rows that are cut off again are what is left over: a row's answer is then the same alone and in
    any batch.
    """
    probability, margin = OUTPUTS[:2]
    scaled = writer.node("Mul", raw, writer.number(scale))
    shifted = writer.node("Add", scaled, writer.number(offset))
    writer.node("Squeeze", shifted, writer.constant(np.array([1], np.int64)), output=margin)
    padded = writer.node("Concat", margin, writer.constant(np.zeros(_WIDEST_VECTOR)), axis=0)
    logistic = writer.node("Sigmoid", padded)
    ends = [writer.constant(np.array([end], np.int64)) for end in (0, -_WIDEST_VECTOR)]
    writer.node("Slice", logistic, *ends, output=probability)
