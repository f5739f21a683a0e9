"""Spark beside DuckDB: the same SQL files, the same features. PySpark is installed only where Java is."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from delivery.paths import ROOT
from tests.builders.home_credit import small_tables, write_tables
from training.errors import DataError
from training.features import build_features
from training.features.build import features_fingerprint
from training.features.spark import to_spark_sql
from training.population.drawing.generate import Plan, generate
from training.population.drawing.profile import load_profile
from training.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

ENVIRONMENT = ".venv-spark"
# The last digits of a double: the engines add up in another order where a sum is not exact.
RELATIVE, ABSOLUTE = 1e-9, 1e-9


@pytest.fixture(scope="module")
def python_with_spark() -> str:
    """Return the interpreter that has PySpark, made on the way; skip where there is no Java to run it."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not on this machine; the SQL is checked on DuckDB alone")
    subprocess.run(["make", "--silent", f"{ENVIRONMENT}/.ready"], cwd=ROOT, check=True, timeout=900)
    return str(ROOT / ENVIRONMENT / "bin" / "python")


@pytest.mark.e2e
def test_spark_gives_the_features_of_duckdb(python_with_spark: str, tmp_path: Path) -> None:
    """Every column agrees on a sample: categories and missing values exactly, numbers but for float noise."""
    (tmp_path / "data").mkdir()
    generate(load_profile(), Plan(1_000, 0), tmp_path / "data", "parquet")
    expected = pd.read_parquet(build_features(load_sources(tmp_path / "data"), tmp_path / "duckdb.parquet").path)
    out = tmp_path / "spark.parquet"
    command = [python_with_spark, "-m", "training", "features", "--engine", "spark"]
    done = subprocess.run(
        [*command, "--data", str(tmp_path / "data"), "--out", str(out)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr
    found = pd.read_parquet(out)

    assert list(found.columns) == list(expected.columns)
    for name in expected:
        if expected[name].dtype == object:
            assert expected[name].fillna("").tolist() == found[name].fillna("").tolist(), name
        else:
            np.testing.assert_allclose(found[name], expected[name], rtol=RELATIVE, atol=ABSOLUTE, err_msg=name)


def test_engine_is_part_of_the_fingerprint(tmp_path: Path) -> None:
    """A cached table of one engine is never taken for the other's."""
    sources = load_sources(write_tables(tmp_path, small_tables()))

    assert features_fingerprint(sources, "spark") != features_fingerprint(sources)


def test_absent_spark_is_told_with_the_way_out() -> None:
    """Where the environment has no Spark, one line says how to get it."""
    with pytest.raises(DataError, match=r"TRN121: the Spark engine is not in this environment; run `make \.venv-spark"):
        to_spark_sql("SELECT 1")
