"""What serving a model would take: the bytes of its export and the time of one row."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from scoring.model import INPUT, OUTPUTS, open_session
from training.compiler.ensembles import TreeEnsemble
from training.compiler.graph import build_graph
from training.compiler.leaf_tables import leaf_tables

if TYPE_CHECKING:
    from training.candidates import FittedModel
    from training.compiler.linear import AdditiveModel
    from training.selection.development import Development

TIMED_ROWS = 300


def measure_serving_cost(fitted: FittedModel, development: Development) -> tuple[int, float]:
    """Return the size of graph and attribution tables in bytes, and the median time of one row in microseconds."""
    space, form = development.space, fitted.neutral_form()
    graph = build_graph(space.input_names, space.nodes, form, repair=space.repair).SerializeToString()
    session = open_session(graph)
    times = []
    first = development.data.at(np.arange(min(TIMED_ROWS, len(development.fold)))).columns(space.input_names)
    for row in np.ascontiguousarray(first):
        started = time.perf_counter_ns()
        session.run(list(OUTPUTS), {INPUT: row[None]})
        times.append(time.perf_counter_ns() - started)
    return len(graph) + _table_bytes(form), float(np.median(times)) / 1000


def _table_bytes(form: TreeEnsemble | AdditiveModel) -> int:
    tables = leaf_tables(form) if isinstance(form, TreeEnsemble) else form.explainer_arrays(scale=1.0, offset=0.0)
    return sum(array.nbytes for array in tables.values())
