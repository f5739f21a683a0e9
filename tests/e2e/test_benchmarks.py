"""The benchmarks of delivery run, on few repetitions: `make bench` does not find them broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.service.batch import measure_batch
from benchmarks.service.cold_start import measure_cold_start, measure_dossier_cold_start
from benchmarks.service.cold_start_steps import measure_cold_start_steps
from benchmarks.service.memory import measure_dossier_memory
from benchmarks.service.package_size import measure_package_size
from benchmarks.service.request import measure_request
from benchmarks.service.serving import measure_serving
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.e2e


def test_cold_start_is_measured_beside_its_floor(package: Path) -> None:
    """The first answer takes longer than importing the libraries, and both are timed."""
    figures = measure_cold_start(package, runs=1)

    assert figures["first_answer_ms"]["p50"] > 0
    assert figures["libraries_alone_ms"]["p50"] > 0
    assert 0 < figures["peak_memory_mib"] < 200


def test_the_function_for_dossiers_is_measured_too(dossier_package: Path) -> None:
    """Its first answer, which plans the feature SQL, beside its libraries; and its memory over all kinds."""
    start = measure_dossier_cold_start(dossier_package, runs=1)
    memory = measure_dossier_memory(dossier_package, requests=100)

    assert start["first_answer_ms"]["p50"] > start["libraries_alone_ms"]["p50"] > 0
    assert memory["statuses"] == [200, 422]
    assert memory["peak_mib"] >= memory["resident_mib"]["end"] > 0


@pytest.mark.usefixtures("lambda_loop")
def test_request_is_measured_beside_its_contenders() -> None:
    """Handler, bare session, empty route and the usual way are all timed."""
    figures = measure_request(calls=20)

    assert {"handler_ms", "bare_session_ms", "empty_route_ms", "usual_way_ms"} <= figures.keys()
    # Budgets, as ratios within one run; measured: below 4 and above 20.
    assert figures["ratio_to_session_and_empty_route"] < 10
    assert figures["times_faster_than_usual_way"] > 4


@pytest.mark.usefixtures("lambda_loop")
def test_batches_are_measured_beside_the_graph() -> None:
    """What HTTP, checks and replies add to the graph stays a multiple of it: what can be done at once is."""
    figures = measure_batch(calls=5)

    # In processor time; measured: 8 to 9 times a graph that takes 7 millionths of a second a row.
    assert figures["graph_alone_a_processor_second"] / figures["handler_a_processor_second"] < 20


def test_cold_start_keeps_its_budget_step_by_step(package: Path) -> None:
    """In processor time, the first answer takes at most half again as long as importing the libraries alone."""
    figures = measure_cold_start_steps(package, runs=2)
    variants = figures["variants_ms"]

    assert variants["as deployed"] < 1.5 * variants["numpy, onnxruntime and fastapi alone"]
    assert variants["as deployed"] < variants["without bytecode"] / 1.5
    assert figures["steps_ms"]["fastapi"] > 0
    assert figures["graph"].keys() == {"all", "basic", "none", "saved optimised"}


def test_services_are_measured_beside_each_other() -> None:
    """The same model behind this API, MLflow's and the usual way: same answers, and this one is the fastest."""
    figures = measure_serving(applications=2_000, calls=20)

    # Budgets; measured: above 5 and above 10.
    assert figures["times_faster_than_mlflow"] > 1.5
    assert figures["times_faster_than_usual_way"] > 2
    assert figures["ours"]["resident_mib"] < figures["mlflow"]["resident_mib"]


def test_package_size_names_what_takes_the_room(package: Path) -> None:
    """The parts are listed, largest first."""
    parts = measure_package_size(package)["largest_parts_mib"]

    assert sorted(parts.values(), reverse=True) == list(parts.values())


def test_absent_package_is_named(tmp_path: Path) -> None:
    """Without a package there is no figure, and the message says how to get one."""
    with pytest.raises(DeliveryError, match="make package"):
        measure_package_size(tmp_path / "absent")
