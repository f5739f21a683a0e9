"""The benchmarks of delivery run, on few repetitions: `make bench` does not find them broken."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.cold_start import measure_cold_start
from benchmarks.package_size import measure_package_size
from benchmarks.request import measure_request
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


# Mangum asks for the current event loop when it is made; Python warns that there was none, and gives it one.
@pytest.mark.filterwarnings("ignore:There is no current event loop:DeprecationWarning")
def test_request_is_measured_beside_its_contenders() -> None:
    """Handler, bare session, empty route and the usual way are all timed."""
    figures = measure_request(calls=20)

    assert {"handler_ms", "bare_session_ms", "empty_route_ms", "usual_way_ms"} <= figures.keys()
    assert figures["times_faster_than_usual_way"] > 1


def test_package_size_names_what_takes_the_room(package: Path) -> None:
    """The parts are listed, largest first."""
    parts = measure_package_size(package)["largest_parts_mib"]

    assert sorted(parts.values(), reverse=True) == list(parts.values())


def test_absent_package_is_named(tmp_path: Path) -> None:
    """Without a package there is no figure, and the message says how to get one."""
    with pytest.raises(DeliveryError, match="make package"):
        measure_package_size(tmp_path / "absent")
