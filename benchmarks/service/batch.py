"""Applications a second in batches without reasons: through the handler, and in the graph alone."""

from __future__ import annotations

import itertools
import json
import os
import time
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.service.turns import alternate, quiet
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE
from scoring.bundle import Bundle
from scoring.contract import MODEL_FILE
from scoring.features import InputEncoder
from scoring.model import INPUT, OUTPUTS, open_session

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.service.turns import Contender

APPLICATIONS = 500
CALLS = 60


def measure_batch(bundle: Path = BUNDLE, *, calls: int = CALLS) -> dict[str, Any]:
    """Time calls of `APPLICATIONS` applications each, every one scored; applications a second at the median call."""
    opened = Bundle.open(bundle)
    golden = [one["application"] for one in opened.golden]
    batch = list(itertools.islice(itertools.cycle(golden), APPLICATIONS))
    contenders = {"handler": _handler(bundle, batch), "graph_alone": _graph(opened, batch)}
    with quiet():
        times = alternate(contenders, n_turns=calls, calls_a_turn=1)
        processor = {name: _processor_seconds(call, calls) for name, call in contenders.items()}
    return {
        "applications_a_call": APPLICATIONS,
        "calls": calls,
        **{f"{name}_ms": float(np.percentile(values, 50)) for name, values in times.items()},
        **{f"{name}_a_second": _rate(np.percentile(values, 50) / 1000) for name, values in times.items()},
        # What others take from the processor meanwhile does not count here.
        **{f"{name}_a_processor_second": _rate(seconds) for name, seconds in processor.items()},
    }


def _rate(seconds_a_call: float) -> float:
    return float(APPLICATIONS / seconds_a_call)


def _processor_seconds(call: Contender, calls: int) -> float:
    """Return the processor time of one call, on average."""
    started = time.process_time()
    for index in range(calls):
        call(index)
    return (time.process_time() - started) / calls


def _handler(bundle: Path, batch: list[dict[str, Any]]) -> Contender:
    os.environ["BUNDLE_DIR"] = str(bundle)
    handler = import_module("scoring.handler").handler
    event = rest_event(HttpRequest.post("/v1/score/batch", {"demandes": batch}))

    def call(_: int) -> None:
        answer = handler(event, None)
        if answer["statusCode"] != 200 or json.loads(answer["body"])["compte"]["evaluees"] != len(batch):  # noqa: PLR2004
            raise RuntimeError(f"the handler did not score the batch: {answer['body'][:500]}")

    # The check is not the handler's work: once is enough.
    call(0)
    return lambda _: handler(event, None)


def _graph(bundle: Bundle, batch: list[dict[str, Any]]) -> Contender:
    session = open_session(bundle.content[MODEL_FILE])
    rows = InputEncoder(bundle.contract.inputs).encode(batch)
    return lambda _: session.run(OUTPUTS, {INPUT: rows})
