"""What each step of the cold start takes, and what each way of shortening it is worth (docs/decisions/0015).

Processor time, not the clock: it is nearly the same on a busy machine. The built package is measured alone, each
variant in turns with the others.
"""

from __future__ import annotations

import json
import resource
import statistics
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.programs import figures_said, run_in_package
from benchmarks.service.cold_start import EVENT
from delivery.paths import PACKAGE

if TYPE_CHECKING:
    from collections.abc import Mapping

RUNS = 9
FIRST_ANSWER = """
import json, sys
from scoring.handler import handler
assert handler(json.load(sys.stdin), None)["statusCode"] == 200
"""
# The handler switches the collector off; a switch that does nothing leaves it on.
WITH_COLLECTIONS = f"import gc\ngc.disable = lambda: None\n{FIRST_ANSWER}"
STEPS = """
import gc, json, sys, time
gc.disable()
marks = [("interpreter", time.process_time())]
def mark(name): marks.append((name, time.process_time()))
import numpy; mark("numpy")
import onnxruntime; mark("onnxruntime")
import pydantic, pydantic.main; mark("pydantic")
import starlette.applications; mark("starlette, with asyncio")
import fastapi; mark("fastapi")
import mangum; mark("mangum")
import scoring.contract, scoring.http.reply_schemas, scoring.settings; mark("schemas of contract, replies and settings")
import scoring.http.app, scoring.records, scoring.request_log; mark("the rest of the room")
import scoring.service, pathlib
bundle = pathlib.Path("bundle")
scoring.service.ScoringService.load(bundle); mark("bundle: hashes, contract, graph, tables")
from scoring.model import open_session
content = (bundle / "model.onnx").read_bytes()
time.process_time(); before = time.process_time()
open_session(content)
graph = time.process_time() - before
mark("")
import scoring.handler; mark("the handler, bundle read again")
event = json.load(sys.stdin)
mark("")
assert scoring.handler.handler(event, None)["statusCode"] == 200; mark("first answer")
steps = {name: 1000 * (now - then) for (_, then), (name, now) in zip(marks, marks[1:]) if name}
steps["of the bundle: opening the graph"] = 1000 * graph
print(json.dumps(steps))
"""
GRAPH = """
import json, sys, time, numpy, onnxruntime
levels = onnxruntime.GraphOptimizationLevel
saved = sys.argv[1]
def opened(content, level, where=None):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = level
    if where: options.optimized_model_filepath = where
    started = time.process_time()
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return session, 1000 * (time.process_time() - started)
content = open("bundle/model.onnx", "rb").read()
opened(content, levels.ORT_ENABLE_BASIC, saved)
variants = {
    "all": (content, levels.ORT_ENABLE_ALL),
    "basic": (content, levels.ORT_ENABLE_BASIC),
    "none": (content, levels.ORT_DISABLE_ALL),
    "saved optimised": (open(saved, "rb").read(), levels.ORT_DISABLE_ALL),
}
figures = {}
for name, (data, level) in variants.items():
    session = opened(data, level)[0]
    row = numpy.zeros((1, session.get_inputs()[0].shape[1]))
    times = []
    for _ in range(500):
        started = time.perf_counter_ns()
        session.run(None, {"application": row})
        times.append(time.perf_counter_ns() - started)
    openings = sorted(opened(data, level)[1] for _ in range(5))
    figures[name] = {"open_ms": openings[2], "row_us": sorted(times)[250] / 1000}
print(json.dumps(figures))
"""


def measure_cold_start_steps(package: Path = PACKAGE, *, runs: int = RUNS) -> dict[str, Any]:
    """Return the milliseconds of processor time of each step and of each variant; medians over alternating runs.

    Raises
    ------
    DeliveryError
        When the package is absent or does not answer.
    """
    event = EVENT.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as nowhere:
        variants: dict[str, tuple[str, dict[str, str]]] = {
            "as deployed": (FIRST_ANSWER, {}),
            "without bytecode": (FIRST_ANSWER, {"PYTHONPYCACHEPREFIX": nowhere}),
            "with garbage collections": (WITH_COLLECTIONS, {}),
            "with the search for plugins of pydantic": (FIRST_ANSWER, {"PYDANTIC_DISABLE_PLUGINS": ""}),
            "numpy, onnxruntime and fastapi alone": ("import numpy, onnxruntime, fastapi", {}),
        }
        times: dict[str, list[float]] = {name: [] for name in variants}
        for _ in range(runs):
            for name, (program, environment) in variants.items():
                times[name].append(_processor_ms(package, program, event, environment))
        graph = json.loads(run_in_package(package, GRAPH, str(Path(nowhere) / "optimised.onnx"), given=event))
    steps = [figures_said(run_in_package(package, STEPS, given=event)) for _ in range(runs)]
    return {
        "runs": runs,
        "steps_ms": {name: statistics.median(step[name] for step in steps) for name in steps[0]},
        "variants_ms": {name: statistics.median(values) for name, values in times.items()},
        "graph": graph,
    }


def _processor_ms(package: Path, program: str, event: str, environment: Mapping[str, str]) -> float:
    """Return the processor time that a program takes in all."""
    before = _children_seconds()
    run_in_package(package, program, given=event, environment=environment)
    return 1000 * (_children_seconds() - before)


def _children_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
