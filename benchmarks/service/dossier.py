"""One raw dossier through the handler, reasons included, beside the same history in pandas; on real histories.

The contenders take turns on the same dossiers, which are spread evenly over the applicants by their number of records:

- the handler of the function for dossiers, as API Gateway calls it;
- its engine on the inputs of the contract, and on every feature there is, without HTTP and without the model;
- the oracle of the tests: frames of the same records, and every feature in pandas.

Of the real sample, instalments are scattered single payments: its other histories are complete.
"""

from __future__ import annotations

import json
import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from benchmarks.learning.models import REAL_SAMPLE
from benchmarks.service.turns import alternate, quiet
from delivery.events import HttpRequest, rest_event
from delivery.paths import BUNDLE
from features.dossier import read_dossier
from features.engine import FeatureEngine
from features.sql import KEY
from features.tables import HISTORY_TABLES, load_table
from scoring.bundle import Bundle
from tests.oracle import PANDAS_FEATURES
from training.bundle.dossier_parity import engine_of
from training.schema import load_inputs
from training.sources import load_sources
from training.sources.dossiers import dossiers_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.service.turns import Contender

    type Dossier = dict[str, Any]

DOSSIERS = 400
CALLS_A_TURN = 5
_MOST_RECORDS = 5_000
# Instalments are scattered: who has nothing else has no history.
_COMPLETE = [name for name in HISTORY_TABLES if name != "installments_payments"]


def measure_dossier(
    bundle: Path = BUNDLE, data: Path = REAL_SAMPLE, *, dossiers: int = DOSSIERS
) -> dict[str, Any] | None:
    """Time each contender on real dossiers; milliseconds at the median and at the 99th percentile of their sizes."""
    if not data.is_dir():
        return None
    chosen = _chosen(data, dossiers)
    engines = {"engine": engine_of(Bundle.open(bundle).contract.inputs), "engine_all": FeatureEngine(_every_feature())}
    contenders = {
        "handler": _handler(bundle, chosen),
        **{name: _engine(engine, chosen) for name, engine in engines.items()},
        "pandas": _oracle(chosen),
    }
    with quiet(), threadpool_limits(1):
        times = alternate(contenders, n_turns=len(chosen) // CALLS_A_TURN, calls_a_turn=CALLS_A_TURN)
    quantiles = {name: _quantiles(values) for name, values in times.items()}
    return {
        "dossiers": len(chosen),
        "records": _quantiles([_n_records(dossier) for dossier in chosen]),
        **{f"{name}_ms": found for name, found in quantiles.items()},
        "times_faster_than_pandas": quantiles["pandas"]["p50"] / quantiles["handler"]["p50"],
        "times_faster_than_pandas_all_features": quantiles["pandas"]["p50"] / quantiles["engine_all"]["p50"],
    }


def _chosen(data: Path, count: int) -> list[Dossier]:
    """Return real dossiers with what the contract requires, spread evenly by length and mixed."""
    sources = load_sources(data, tables=HISTORY_TABLES, labelled=False)
    required = [entry.name for entry in load_inputs() if entry.required]
    every = [
        dossier
        for _, dossier in dossiers_of(sources, with_history_alone=True)
        if any(dossier[name] for name in _COMPLETE) and None not in [dossier["application"][name] for name in required]
    ]
    every.sort(key=_n_records)
    spread = [every[place] for place in np.linspace(0, len(every) - 1, count).astype(int)]
    return [spread[place] for place in np.random.default_rng(0).permutation(count)]


def _quantiles(values: Sequence[float]) -> dict[str, float]:
    return {"p50": float(np.percentile(values, 50)), "p99": float(np.percentile(values, 99))}


def _n_records(dossier: Dossier) -> int:
    return sum(len(dossier[name]) for name in HISTORY_TABLES)


def _every_feature() -> dict[str, list[str]]:
    tables = {entry.table for entry in load_inputs()}
    return {table: [entry.name for entry in load_inputs() if entry.table == table] for table in tables}


def _handler(bundle: Path, dossiers: list[Dossier]) -> Contender:
    os.environ["BUNDLE_DIR"] = str(bundle)  # the handler reads its settings when it is imported, as on Lambda
    handler = import_module("scoring.dossier_handler").handler
    events = [rest_event(HttpRequest.post("/v1/dossier", dossier)) for dossier in dossiers]

    def answer(index: int) -> dict[str, Any]:
        reply: dict[str, Any] = handler(events[index % len(events)], None)
        if reply["statusCode"] != 200:  # noqa: PLR2004  the HTTP status
            codes = sorted({one["code"] for one in json.loads(reply["body"])["problemes"]})
            raise RuntimeError(f"a real dossier is refused: {codes}")
        return reply

    return answer


def _engine(engine: FeatureEngine, dossiers: list[Dossier]) -> Contender:
    read = [read_dossier(dossier, most_records=_MOST_RECORDS).columns for dossier in dossiers]
    return lambda index: engine.compute(read[index % len(read)])


def _oracle(dossiers: list[Dossier]) -> Contender:
    def answer(index: int) -> dict[str, pd.DataFrame]:
        dossier = dossiers[index % len(dossiers)]
        owner = dossier["application"][KEY]
        frames = {name: _frame(name, dossier[name], owner) for name in HISTORY_TABLES if dossier[name]}
        return {
            name: pd.DataFrame(compute(*(frames[source] for source in sources)))
            for name, (compute, sources) in PANDAS_FEATURES.items()
            if frames.keys() >= set(sources)
        }

    return answer


def _frame(name: str, records: list[dict[str, Any]], owner: int) -> pd.DataFrame:
    """Return records as a table is read: every column, sentinels missing."""
    columns = load_table(name).columns
    frame = pd.DataFrame(records, columns=[column.name for column in columns])
    if KEY in frame:
        frame[KEY] = owner
    for column in columns:
        if column.sentinel is not None:
            frame[column.name] = frame[column.name].mask(frame[column.name] == column.sentinel)
    return frame
