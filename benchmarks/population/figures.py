"""The figures of ``docs/population.md``: how like the real sample a draw is, and what it costs to draw."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from benchmarks.population.comparison import default_rates, missing_together, records_per_applicant, set_shift
from benchmarks.population.likeness import column_distances, pair_distances, tell_apart
from training.errors import DataError
from training.population.drawing.generate import REAL_TRAIN
from training.population.drawing.profile import PROFILE_PATH
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

type Tables = Mapping[str, pd.DataFrame]

# Rows of the whole data set, as its publisher gives them.
REAL_ROWS = {
    "application_train": 307_511,
    "application_test": 48_744,
    "bureau": 1_716_428,
    "bureau_balance": 27_299_925,
    "previous_application": 1_670_214,
    "POS_CASH_balance": 10_001_358,
    "installments_payments": 13_605_401,
    "credit_card_balance": 3_840_312,
}
# Tables with an applicant in each row and complete histories in the real sample.
_HISTORIES = ("bureau", "previous_application", "POS_CASH_balance", "credit_card_balance")
_N_GIVEAWAYS = 5
_KEYS = ("SK_ID_CURR", "SK_ID_PREV", "SK_ID_BUREAU")


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the tables of a folder of Parquet files.

    Raises
    ------
    DataError
        TRN155 when one is absent.
    """
    absent = [table for table in TABLES if not (folder / f"{table}.parquet").exists()]
    if absent:
        raise DataError("TRN155", f"{folder} lacks {absent[0]}.parquet; the comparison reads all tables as Parquet")
    return {table: pd.read_parquet(folder / f"{table}.parquet") for table in TABLES}


def likeness_figures(real: Tables, sample: Tables) -> dict[str, Any]:
    """Compare two sets of tables; everything returned is an aggregate."""
    trains = real["application_train"], sample["application_train"]
    missing = missing_together(*trains)
    ids = [linked_applicants(real), _all_applicants(sample)]
    return {
        "tables": {table: _table_figures(real[table], sample[table]) for table in TABLES},
        "missing": _rows(missing.head(8)),
        "missing_mean": float(missing["difference"].mean()),
        "pairs": {table: _pair_figures(real[table], sample[table]) for table in TABLES if table != "application_test"},
        "default_rates": _rows(default_rates(*trains)),
        "records": {
            table: [records_per_applicant(side[table], own) for side, own in zip((real, sample), ids, strict=True)]
            for table in _HISTORIES
        },
        "shift": _rows(set_shift(*([s["application_train"], s["application_test"]] for s in (real, sample)))),
    }


def linked_applicants(tables: Tables) -> NDArray[np.int64]:
    """Return the applicants whose histories are complete: the first ids of each set, up to the last with a history."""
    has_history = set(tables["previous_application"]["SK_ID_CURR"])
    parts = []
    for part in ("application_train", "application_test"):
        ids = tables[part]["SK_ID_CURR"].to_numpy()
        last = max(i for i in ids if i in has_history)
        parts.append(ids[ids <= last])
    return np.concatenate(parts)


def _all_applicants(tables: Tables) -> NDArray[np.int64]:
    return np.concatenate([tables[f"application_{part}"]["SK_ID_CURR"].to_numpy() for part in ("train", "test")])


def _table_figures(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    found = tell_apart(real, sample)
    return {
        "auc": found.auc,
        "giveaways": found.giveaways.head(_N_GIVEAWAYS).to_dict(),
        "columns": _rows(column_distances(real, sample)),
    }


def _pair_figures(real: pd.DataFrame, sample: pd.DataFrame) -> dict[str, Any]:
    """Return how far rank correlations differ, over all pairs of numeric columns that vary."""
    names = [str(n) for n in real if pd.api.types.is_numeric_dtype(real[n]) and n not in _KEYS and n in sample]
    names = [n for n in names if all(side[n].min() < side[n].max() for side in (real, sample))]
    table = pair_distances(real.head(60_000), sample.head(60_000), names).dropna()
    difference = table["difference"]
    return {
        "n": len(table),
        "mean": float(difference.mean()),
        "q95": float(difference.quantile(0.95)),
        "worst": _rows(table.head(5)),
    }


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def drawing_figures(multiples: Sequence[int], seed: int) -> list[dict[str, Any]]:
    """Draw the population at multiples of the real size, each in a process of its own; time, memory and rows."""
    return [_drawn_in_a_process(multiple, seed) for multiple in multiples]


def _drawn_in_a_process(multiple: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        started = time.perf_counter()
        arguments = ["--applications", str(multiple * REAL_TRAIN), "--seed", str(seed), "--out", f"{work}/sample"]
        code = (
            "import resource, sys; from training.__main__ import main; status = main(sys.argv[1:]); "
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss); sys.exit(status)"
        )
        ended = subprocess.run(  # noqa: S603 - our own interpreter and command
            [sys.executable, "-c", code, "sample", *arguments], check=True, capture_output=True, text=True
        )
        seconds = time.perf_counter() - started
        rows = {table: _n_rows(Path(work) / "sample" / f"{table}.parquet") for table in TABLES}
        n_bytes = sum(path.stat().st_size for path in (Path(work) / "sample").iterdir())
    return {
        "multiple": multiple,
        "seconds": seconds,
        "peak_bytes": int(ended.stdout.split()[-1]) * 1024,
        "bytes": n_bytes,
        "rows": rows,
    }


def _n_rows(path: Path) -> int:
    return int(pq.read_metadata(path).num_rows)


def compared(real: Path, sample: Path, seed: int) -> dict[str, Any]:
    """Return how like the tables of one folder those of another are."""
    sides = [read_tables(folder) for folder in (real, sample)]
    return {
        "n_real": {table: len(rows) for table, rows in sides[0].items()},
        "n_sample": {table: len(rows) for table, rows in sides[1].items()},
        "n_linked": len(linked_applicants(sides[0])),
        "profile_bytes": PROFILE_PATH.stat().st_size,
        "seed": seed,
        "likeness": likeness_figures(*sides),
    }
