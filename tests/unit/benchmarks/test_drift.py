"""The drift measures on a small population: each measures, and each says when there is nothing to measure."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from benchmarks.drift.api import measure_drift_api
from benchmarks.drift.power import Quiet, Sizes, measure_drift_power
from benchmarks.drift.real import measure_drift_real
from benchmarks.drift.size import measure_drift_size
from documents.results.drift import power_region, real_region
from monitoring.checks.catalogue import CHECKS
from scoring.bundle import Bundle
from tests.builders.judged import as_table
from training.bundle.batch_scoring import score_table

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.dataset import Dataset
    from training.features.feature_space import FeatureSpace

N_TEST = 1_500


@pytest.fixture(scope="module")
def demo(
    bundle_dir: Path, small_dataset: Dataset, small_space: FeatureSpace, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a folder as ``make report`` leaves it, its last applications being the test population."""
    folder = tmp_path_factory.mktemp("demo")
    (folder / "bundle").symlink_to(bundle_dir)
    n_train = len(small_dataset.ids) - N_TEST
    table = as_table(small_dataset, small_space, POPULATION=["train"] * n_train + ["test"] * N_TEST)
    pq.write_table(table.drop_columns(["TARGET"]), folder / "features.parquet")
    score_table(Bundle.open(bundle_dir), folder / "features.parquet", folder / "scores.parquet")
    return folder


def test_nothing_is_measured_before_the_windows_are_made(tmp_path: Path) -> None:
    """Without ``make report`` each measure says that its data is not at hand."""
    measures = (measure_drift_power, measure_drift_size, measure_drift_api, measure_drift_real)

    assert [measure(tmp_path) for measure in measures] == [None] * 4


def test_power_tells_silence_from_drift(demo: Path) -> None:
    """No alarm on one population; the strongest of a lost feed, of cents for euros and of a shift always alarms."""
    figures = measure_drift_power(
        demo, Sizes((Quiet((2_000, 1_000), 2), Quiet((10**6, 1), 1)), rows=(2_000, 1_000), reports=1)
    )

    assert figures is not None
    (quiet,) = figures["quiet"]
    assert (quiet["reports"], quiet["false_alarms"]) == (2, 0)
    drifts = figures["drifts"]
    loud = [drifts[key][strength] for key, strength in (("flux_perdu", "1"), ("centimes", "1"), ("population", "0.8"))]
    assert [one["alarmed"] for one in loud] == [1.0] * 3
    assert drifts["flux_perdu"]["0.02"]["alarmed"] == 0.0
    assert "| 2\u00a0000 ; 1\u00a0000 | 2 | 0 (0,0\u00a0%) |" in power_region(figures)


@pytest.mark.e2e
def test_size_is_that_of_the_rows_asked_for(demo: Path) -> None:
    """Seconds, memory and the three files of a report on drawn rows."""
    figures = measure_drift_size(demo, (1_500, 1_100))

    assert figures is not None
    assert (figures["reference_rows"], figures["current_rows"]) == (1_500, 1_100)
    assert figures["peak_memory_mib"] > 50
    assert set(figures["file_mib"]) == {"report.html", "report.json", "resume.md"}
    assert figures["file_mib"]["report.html"] > 1


@pytest.mark.e2e
@pytest.mark.usefixtures("lambda_loop")
def test_the_api_is_called_and_judged_week_by_week(demo: Path) -> None:
    """Every week has audited requests of its own; in a process of its own, as the handler starts from environment."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        figures = pool.submit(measure_drift_api, demo, requests=40, weeks=2).result()

    assert figures is not None
    assert figures["requests"] == 2 * 40
    assert set(figures["audited"]) == {"week 1", "week 2"}
    assert all(20 <= audited <= 40 for audited in figures["audited"].values())
    # Forty requests of one population show no drift.
    assert "alert" not in figures["level"].values()


def test_the_real_tables_are_judged_test_against_train(demo: Path) -> None:
    """Every check has its level; two halves of one population are no alert."""
    figures = measure_drift_real(demo)

    assert figures is not None
    assert (figures["reference_rows"], figures["current_rows"]) == (2_500, N_TEST)
    assert set(figures["checks"]) == {check.code for check in CHECKS}
    assert "alert" not in {one["level"] for one in figures["checks"].values()}
    assert real_region(figures).count("| `") >= len(figures["inputs"])
