"""Applications of the sample population, as a client would send them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from features.tables import HISTORY_TABLES
from training.features import build_features
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

    from scoring.contract import Contract
    from scoring.features import Value


def sample_applications(contract: Contract, folder: Path, *, n_applications: int, seed: int) -> list[dict[str, Value]]:
    """Draw applicants with their histories and return what the inputs of a contract are for each of them."""
    generate(load_profile(), Plan(n_applications, seed), folder, "parquet")
    table = build_features(load_sources(folder, tables=HISTORY_TABLES, labelled=False), folder / "features.parquet")
    return pq.read_table(table.path, columns=[item.name for item in contract.inputs]).to_pylist()
