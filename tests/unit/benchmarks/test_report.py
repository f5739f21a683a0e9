"""The report keeps what was measured, and the table says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.measures import MEASURES, OPTIONAL_MEASURES
from benchmarks.report import NOT_AT_HAND, read_report, say_table, with_figures, write_report
from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_report_is_read_as_it_was_written(tmp_path: Path) -> None:
    """A figure survives the file, and so do those of measures that were not taken again."""
    path = tmp_path / "reports" / "bench.json"
    first = with_figures(read_report(path), "size", {"zipped_mib": 30.8}, seconds=1.0)
    write_report(first, path)
    second = with_figures(read_report(path), "request", {"p50": 0.7}, seconds=2.0)

    assert second["measures"]["size"]["figures"] == {"zipped_mib": 30.8}
    assert second["measures"]["request"]["figures"] == {"p50": 0.7}


def test_figures_say_when_and_where_they_were_measured(tmp_path: Path) -> None:
    """A figure without its machine and versions cannot be compared with another."""
    report = with_figures(read_report(tmp_path / "none.json"), "size", {}, seconds=1.0)

    assert {"measured_at", "seconds", "machine", "figures"} == report["measures"]["size"].keys()
    assert {"cores", "python", "onnxruntime"} <= report["measures"]["size"]["machine"].keys()


def test_table_says_what_could_not_be_measured(tmp_path: Path) -> None:
    """A measure without its data is a line of the table, not a gap."""
    report = with_figures(read_report(tmp_path / "none.json"), "real_sample", None, seconds=0.0)

    assert NOT_AT_HAND in say_table(report)


def test_every_measure_exists() -> None:
    """Each name leads to a function of a module, found without importing it."""
    for place in (MEASURES | OPTIONAL_MEASURES).values():
        module, _, function = place.partition(":")
        source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")

        assert f"def {function}(" in source
