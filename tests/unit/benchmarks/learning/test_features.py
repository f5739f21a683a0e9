"""The benchmark of the features runs, on few applicants: `make bench` does not find it broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.learning.features import measure_features
from delivery.errors import DeliveryError
from documents.results.feature_table import feature_table_section
from tests.oracle import feature_frame
from training.features import build_features
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.schema import load_inputs
from training.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path


def test_features_are_measured_at_three_sizes_beside_pandas(tmp_path: Path, bundle_dir: Path) -> None:
    """Time and memory are there for each size, for pandas and for scoring, and the page says them."""
    figures = measure_features(1_200, samples=tmp_path, bundle=bundle_dir)

    assert figures["seconds_by_size"].keys() == {"1x", "2x", "4x"}
    assert figures["full_size"]["columns"] == 3 + len(load_inputs())
    assert figures["score"]["applications_per_second"] > 0
    assert f"{figures['full_size']['raw_rows']:,} raw rows" in feature_table_section(figures)


def test_pandas_computes_as_many_features(tmp_path: Path) -> None:
    """What is timed in pandas is the whole table: the same applications and columns as the SQL gives."""
    generate(load_profile(), Plan(400, 0), tmp_path, "parquet")
    table = build_features(load_sources(tmp_path), tmp_path / "features")
    frame = feature_frame(tmp_path)

    # SK_ID_CURR is the index there, and nobody says the population.
    assert set(table.columns) - set(frame.columns) == {"SK_ID_CURR", "POPULATION"}
    assert sorted(frame.index) == pd.read_parquet(table.path)["SK_ID_CURR"].tolist()


def test_failed_run_is_said(tmp_path: Path, bundle_dir: Path) -> None:
    """A sample that is too small to be drawn ends the measure with the command's own line."""
    with pytest.raises(DeliveryError, match="TRN152"):
        measure_features(400, samples=tmp_path, bundle=bundle_dir)
