"""Double precision against float32 in the exported trees: what it costs and what it saves (decision record 0002)."""

from __future__ import annotations

import time
from typing import Any

import lightgbm
import numpy as np
from onnx import ModelProto, TensorProto, numpy_helper

from scoring.model import INPUT, open_session
from training.compiler.derivations import Column
from training.compiler.ensembles import from_lightgbm
from training.compiler.graph import build_graph

N_ROWS, N_COLUMNS, N_TREES, DEPTH = 20_000, 40, 400, 6
MISSING_SHARE = 0.2
CUT = 1.9
SINGLE_ROWS = 2_000


def measure_precision() -> dict[str, dict[str, float]]:
    """Write the same trees in both precisions and compare margins and speed with LightGBM."""
    rows, booster = _trained()
    expected = booster.predict(rows, raw_score=True)
    names = [f"X{index}" for index in range(N_COLUMNS)]
    double = build_graph(names, [Column(name) for name in names], from_lightgbm(booster))
    return {
        "double": _compare(double, rows, np.asarray(expected)),
        "float32_rounded_down": _compare(_in_float32(double), rows.astype(np.float32), np.asarray(expected)),
    }


def _trained() -> tuple[np.ndarray, lightgbm.Booster]:
    """Train on noise with missing values and small integers, so that boundary values occur."""
    generator = np.random.default_rng(0)
    rows = generator.normal(size=(N_ROWS, N_COLUMNS))
    rows[generator.random(rows.shape) < MISSING_SHARE] = np.nan
    rows[:, 5] = np.round(rows[:, 5] * 3)
    known = np.nan_to_num(rows)
    default = known[:, 0] + 0.5 * known[:, 1] * known[:, 5] + generator.normal(size=N_ROWS) > CUT
    settings = {"objective": "binary", "num_leaves": 20, "max_depth": DEPTH, "num_threads": 1, "verbose": -1}
    return rows, lightgbm.train(settings, lightgbm.Dataset(rows, default.astype(int)), num_boost_round=N_TREES)


def _compare(graph: ModelProto, rows: np.ndarray, expected: np.ndarray) -> dict[str, float]:
    session = open_session(graph.SerializeToString())
    started = time.perf_counter()
    (margin,) = session.run(["margin"], {INPUT: rows})
    batch_seconds = time.perf_counter() - started
    started = time.perf_counter()
    for index in range(SINGLE_ROWS):
        session.run(["margin"], {INPUT: rows[index : index + 1]})
    single_seconds = time.perf_counter() - started
    return {
        "largest_margin_difference": float(np.abs(margin - expected).max()),
        "identical_share": float((margin == expected).mean()),
        "single_row_us": 1e6 * single_seconds / SINGLE_ROWS,
        "rows_per_second": len(rows) / batch_seconds,
    }


def _in_float32(double: ModelProto) -> ModelProto:
    """Return the same graph in float32, its thresholds rounded down as a careful converter does."""
    graph = ModelProto()
    graph.CopyFrom(double)
    for value in [*graph.graph.input, *graph.graph.output]:
        value.type.tensor_type.elem_type = TensorProto.FLOAT
    for tensor in graph.graph.initializer:
        _narrow(tensor)
    for node in graph.graph.node:
        for attribute in node.attribute:
            _narrow(attribute.t, down=attribute.name == "nodes_splits")
    return graph


def _narrow(tensor: Any, *, down: bool = False) -> None:  # noqa: ANN401  protobuf messages carry no useful type
    if tensor.data_type != TensorProto.DOUBLE:
        return
    values = numpy_helper.to_array(tensor)
    narrow = values.astype(np.float32)
    if down:
        narrow = np.where(narrow > values, np.nextafter(narrow, np.float32(-np.inf)), narrow)
    tensor.CopyFrom(numpy_helper.from_array(narrow, tensor.name))
