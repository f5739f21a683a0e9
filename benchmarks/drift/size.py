"""What a report costs at full size: 300,000 applications against 50,000, every input of the contract.

``python -m benchmarks.drift.size`` draws the rows with replacement from a table of the sample population (a row may
occur several times, under another key), makes the report in a process of its own and prints seconds, peak memory and
file sizes. All figures are measured on all rows; Evidently and the classifier look at drawn ones, as configured.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.drift.windows import SAMPLE_POPULATION, DriftWindows, windows_in
from delivery.paths import BUNDLE
from monitoring.report.make import make_report
from monitoring.windows.columns import KEY
from monitoring.windows.parquet import WindowSource
from scoring.bundle import Bundle

if TYPE_CHECKING:
    from collections.abc import Sequence

REFERENCE_ROWS = 300_000
CURRENT_ROWS = 50_000
KIB_A_MIB = 1024
BYTES_A_MIB = 2**20


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, report, print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.drift.size", description=__doc__)
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--features", type=Path, required=True, help="Parquet file of the sample population")
    parser.add_argument("--scores", type=Path, required=True, help="answers of the bundle over it")
    parser.add_argument("--rows", type=int, nargs=2, default=(REFERENCE_ROWS, CURRENT_ROWS))
    args = parser.parse_args(arguments)
    figures = _report_on(DriftWindows(args.bundle, args.features, args.scores), args.rows)
    print(json.dumps(figures, indent=1))  # noqa: T201  a command
    return 0


def measure_drift_size(
    folder: Path = SAMPLE_POPULATION, rows: Sequence[int] = (REFERENCE_ROWS, CURRENT_ROWS)
) -> dict[str, Any] | None:
    """Measure a full report on rows drawn from `folder`; ``None`` when ``make report`` has not been there."""
    windows = windows_in(folder)
    return None if windows is None else _report_on(windows, rows)


def _report_on(windows: DriftWindows, rows: Sequence[int]) -> dict[str, Any]:
    """Draw both windows and make the report in a process of its own."""
    with tempfile.TemporaryDirectory() as workspace:
        drawn = [
            _drawn(windows, Path(workspace) / name, n=n, seed=n)
            for name, n in zip(("reference", "current"), rows, strict=True)
        ]
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
            figures = pool.submit(_measured, windows.bundle, drawn, Path(workspace) / "report").result()
    return {**figures, "reference_rows": rows[0], "current_rows": rows[1]}


def _drawn(windows: DriftWindows, folder: Path, *, n: int, seed: int) -> WindowSource:
    """Write `n` applications drawn with replacement, under keys of their own, and their answers."""
    inputs = [item.name for item in Bundle.open(windows.bundle).contract.inputs]
    scores = pq.read_table(windows.scores).sort_by(KEY)
    features = pq.read_table(windows.features, columns=[KEY, *inputs]).sort_by(KEY)
    places = np.random.default_rng(seed).integers(0, len(features), n)
    folder.mkdir()
    for name, table in (("features", features), ("scores", scores)):
        drawn = table.take(pa.array(places))
        keys = pa.array(np.arange(n))
        pq.write_table(drawn.set_column(drawn.schema.get_field_index(KEY), KEY, keys), folder / f"{name}.parquet")
    return WindowSource(folder / "features.parquet", scores=folder / "scores.parquet")


def _measured(bundle: Path, windows: list[WindowSource], out: Path) -> dict[str, Any]:
    wall, processor = time.perf_counter(), time.process_time()
    reference, current = windows
    make_report(bundle, reference, current, out)
    return {
        "wall_seconds": time.perf_counter() - wall,
        "processor_seconds": time.process_time() - processor,
        "peak_memory_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_A_MIB,
        "file_mib": {path.name: path.stat().st_size / BYTES_A_MIB for path in sorted(out.iterdir())},
    }


if __name__ == "__main__":
    sys.exit(main())
