"""A contract, its bundle and a reference window, made once for all tests of the room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pytest

from monitoring.config import MonitoringConfig
from monitoring.drift.measure import Drift, measure_drift
from monitoring.windows.parquet import WindowSource, open_window
from tests.unit.monitoring.builders import (
    Columns,
    a_contract,
    draw_window,
    write_bundle,
    write_scores,
    write_window,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scoring.contract import Contract

N_REFERENCE = 8_000
N_CURRENT = 4_000


@dataclass(frozen=True)
class Bench:
    """A reference window on disk, and measurements against it."""

    folder: Path
    contract: Contract
    bundle: Path
    reference: WindowSource
    database: duckdb.DuckDBPyConnection

    def write(self, columns: Columns, name: str, *, scored: bool = True) -> WindowSource:
        """Write a window and, unless told otherwise, its predictions."""
        scores = write_scores(self.folder / f"{name}-scores.parquet", columns) if scored else None
        return WindowSource(write_window(self.folder / f"{name}.parquet", columns), scores=scores)

    def measure(self, columns: Columns, name: str, *, scored: bool = True) -> Drift:
        """Measure a window against the reference."""
        current = open_window(self.database, self.write(columns, name, scored=scored), self.contract)
        reference = open_window(self.database, self.reference, self.contract)
        return measure_drift(self.contract, reference, current, MonitoringConfig())


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Return the bench over a reference that has not drifted."""
    folder = tmp_path_factory.mktemp("bench")
    columns = draw_window(N_REFERENCE, seed=1)
    contract = a_contract(columns)
    scores = write_scores(folder / "reference-scores.parquet", columns)
    reference = WindowSource(write_window(folder / "reference.parquet", columns), scores=scores)
    with duckdb.connect() as database:
        yield Bench(folder, contract, write_bundle(folder / "bundle", contract), reference, database)


@pytest.fixture
def current() -> Columns:
    """Return a current window of the same population, to change at will."""
    return draw_window(N_CURRENT, seed=2)
