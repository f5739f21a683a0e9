"""Drawing the sample population: one draw for the measures beside it, and what drawing all of it costs."""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.population.parquet import n_rows
from benchmarks.programs import PEAK_MEMORY_MIB, figures_said, run_program
from training.population.drawing.generate import REAL_TRAIN, Plan, generate
from training.population.drawing.profile import load_profile
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Size and seed of the draw that is compared.
APPLICATIONS, SEED = 60_000, 1
# Of the real size.
MULTIPLES = (1, 2)
_PROGRAM = f"""
import json, sys
from training.__main__ import main
status = main(["sample", *sys.argv[1:]])
print(json.dumps({{"peak_memory_mib": {PEAK_MEMORY_MIB}}}))
sys.exit(status)
"""


@contextmanager
def drawn_sample(applications: int, seed: int) -> Iterator[Path]:
    """Yield a folder with the tables of a draw, which goes when it was read."""
    with tempfile.TemporaryDirectory() as folder:
        generate(load_profile(), Plan(applications, seed), Path(folder), "parquet")
        yield Path(folder)


def measure_population_drawing(multiples: Sequence[int] = MULTIPLES, *, seed: int = SEED) -> dict[str, Any]:
    """Draw the population at multiples of the real size, each in a process of its own; time, memory, size and rows."""
    return {f"{multiple}x": _drawn_in_full(multiple, seed) for multiple in multiples}


def _drawn_in_full(multiple: int, seed: int) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work) / "sample"
        arguments = ["--applications", str(multiple * REAL_TRAIN), "--seed", str(seed), "--out", str(folder)]
        started = time.perf_counter()
        done = run_program([sys.executable, "-c", _PROGRAM, *arguments])
        return {
            "multiple": multiple,
            "seconds": time.perf_counter() - started,
            **figures_said(done.stdout),
            "file_bytes": sum(path.stat().st_size for path in folder.iterdir()),
            "rows": {table: n_rows(folder, table) for table in TABLES},
        }
