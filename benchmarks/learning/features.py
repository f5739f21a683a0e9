"""The feature table at full size: time and memory, beside the same aggregations in pandas, at three sizes.

Each run is a process of its own, whose peak is that of the run. Sample populations are drawn once and kept, as drawing
the largest takes longer than measuring on it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.programs import PEAK_MEMORY_MIB, figures_said, run_program
from delivery.paths import BUNDLE, ROOT
from training.population.drawing.generate import REAL_TRAIN

PARTS = {"1x": 4, "2x": 2, "4x": 1}
SAMPLES = ROOT / "build" / "bench"
_SQL = f"""
import json, sys, time
from pathlib import Path
from training.features import build_features
from training.sources import load_sources
started = time.perf_counter()
sources = load_sources(Path(sys.argv[1]))
loaded = time.perf_counter()
table = build_features(sources, Path(sys.argv[2]))
built = time.perf_counter()
print(json.dumps({{
    "applications": table.rows, "columns": len(table.columns), "raw_rows": sum(f.rows for f in sources.manifest.files),
    "load_seconds": loaded - started, "build_seconds": built - loaded, "peak_memory_mib": {PEAK_MEMORY_MIB},
}}))
"""
_PANDAS = f"""
import json, sys, time
from pathlib import Path
from tests.oracle import feature_frame
started = time.perf_counter()
frame = feature_frame(Path(sys.argv[1]))
print(json.dumps({{
    "applications": len(frame), "columns": len(frame.columns),
    "seconds": time.perf_counter() - started, "peak_memory_mib": {PEAK_MEMORY_MIB},
}}))
"""
_SCORE = f"""
import json, sys, time
from training.__main__ import main
started = time.perf_counter()
status = main(["score", "--bundle", sys.argv[1], "--data", sys.argv[2], "--out", sys.argv[3], "--cache", sys.argv[4]])
print(json.dumps({{"status": status, "seconds": time.perf_counter() - started, "peak_memory_mib": {PEAK_MEMORY_MIB}}}))
"""


def measure_features(full_size: int = REAL_TRAIN, *, samples: Path = SAMPLES, bundle: Path = BUNDLE) -> dict[str, Any]:
    """Build features at a quarter, half and all of the full size; compute them in pandas too; score all of it.

    Raises
    ------
    DeliveryError
        When a run fails, with the last line it said.
    """
    folders = {name: _drawn(full_size // part, samples) for name, part in PARTS.items()}
    with tempfile.TemporaryDirectory() as work:
        sizes = {name: _run(_SQL, folder, Path(work) / f"{name}.parquet") for name, folder in folders.items()}
        in_pandas = _run(_PANDAS, folders["1x"])
        score = _run(_SCORE, bundle, folders["4x"], Path(work) / "scores.parquet", Path(work) / "cache")
    seconds = {name: one["load_seconds"] + one["build_seconds"] for name, one in sizes.items()}
    return {
        "full_size": sizes["4x"],
        "seconds_by_size": seconds,
        "applications_by_size": {name: one["applications"] for name, one in sizes.items()},
        "peak_memory_mib_by_size": {name: one["peak_memory_mib"] for name, one in sizes.items()},
        "cost_of_4x_over_4_times_1x": seconds["4x"] / (4 * seconds["1x"]),
        "pandas_at_1x": in_pandas,
        "times_faster_than_pandas": in_pandas["seconds"] / seconds["1x"],
        "score": score | {"applications_per_second": sizes["4x"]["applications"] / score["seconds"]},
    }


def _drawn(applications: int, samples: Path) -> Path:
    """Return the folder of a sample population, drawn where it is not there yet."""
    folder = samples / f"sample-{applications}"
    if not folder.is_dir():
        arguments = ["sample", "--applications", str(applications), "--out", str(folder)]
        run_program([sys.executable, "-m", "training", *arguments])
    return folder


def _run(program: str, *arguments: Path) -> dict[str, Any]:
    """Run a program in a process of its own; return the figures of its last line."""
    return figures_said(run_program([sys.executable, "-c", program, *map(str, arguments)]).stdout)
