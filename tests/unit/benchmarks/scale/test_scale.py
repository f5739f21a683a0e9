"""The measure of scale: processes are measured from outside, builds stand apart, and the page says what was found."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks.scale.builds import Build, Run, measured, side_by_side
from benchmarks.scale.drift_report import measure_drift_report
from benchmarks.scale.folders import as_csv, as_zipped_csv, drawn
from benchmarks.scale.plain_pandas import main as prepare_in_pandas
from delivery.errors import DeliveryError
from documents.results.scale import scale_section
from tests.builders.home_credit import small_tables, write_tables
from training.features import build_features
from training.sources import load_sources

if TYPE_CHECKING:
    from pathlib import Path

RUN = {"wall_seconds": 2.0, "processor_seconds": 3.0, "peak_memory_gib": 1.0}


def test_a_process_is_measured_from_outside(tmp_path: Path) -> None:
    """Its own memory and time, whatever the process that started it holds."""
    program = "held = bytearray(200 << 20); held[::4096] = b'x' * len(held[::4096]); import time; time.sleep(0.3)"
    run = measured([sys.executable, "-c", program], folder=tmp_path, environment=dict(os.environ))

    assert 0.2 < run.peak_memory_gib < 0.35
    assert run.wall_seconds > 0.3


def test_a_failed_process_is_said(tmp_path: Path) -> None:
    """The last line it said is the error."""
    with pytest.raises(DeliveryError, match="no such table"):
        measured([sys.executable, "-c", "raise SystemExit('no such table')"], folder=tmp_path, environment={})


def test_an_absent_commit_is_said(tmp_path: Path) -> None:
    """A shallow clone does not hold the earlier build."""
    with pytest.raises(DeliveryError, match="fetch the whole history"):
        Build.of_commit("0" * 40, tmp_path)


def test_contenders_take_turns() -> None:
    """Medians of each, and the last over the first."""
    times = iter([4.0, 1.0, 6.0, 3.0, 5.0, 2.0])
    figures = side_by_side({name: lambda: Run(next(times), 1.0, 1.0) for name in ("earlier", "present")}, 3)

    assert (figures["earlier"]["wall_seconds"], figures["present"]["wall_seconds"]) == (5.0, 2.0)
    assert figures["ratio"]["wall_seconds"] == pytest.approx(0.4)


def test_every_form_of_the_tables_holds_the_same(tmp_path: Path) -> None:
    """Features of CSV and of zipped CSV are those of Parquet."""
    tables = write_tables(tmp_path / "tables", small_tables())
    csv = tables if list(tables.glob("*.csv")) else as_csv(tables)
    found = [
        pd.read_parquet(build_features(load_sources(folder), tmp_path / f"{number}.parquet").path)
        for number, folder in enumerate((csv, as_zipped_csv(csv)))
    ]

    pd.testing.assert_frame_equal(*found)


def test_plain_pandas_prepares_every_applicant(tmp_path: Path) -> None:
    """One row an application, with aggregates of every history."""
    csv = write_tables(tmp_path / "tables", small_tables())
    prepare_in_pandas(csv, tmp_path / "prepared.parquet")
    prepared = pd.read_parquet(tmp_path / "prepared.parquet")

    assert prepared["SK_ID_CURR"].is_unique
    assert {"BUREAU_AMT_CREDIT_SUM_MEAN", "INSTALLMENTS_PAYMENTS_AMT_PAYMENT_SUM"} <= set(prepared.columns)


def test_reports_are_made_by_the_command_of_each_build(tmp_path: Path) -> None:
    """Features, answers and report of the tables, each by a process of its own; an alarm is no failure."""
    figures = measure_drift_report({"present": Build.present()}, drawn(800, tmp_path), tmp_path, 1)

    assert figures["present"]["peak_memory_gib"] > 0.05
    assert (tmp_path / "windows-present" / "report" / "report.html").is_file()


def test_page_says_what_was_measured_alone() -> None:
    """A part that was not taken leaves no trace; nothing measured, no section."""
    contest = {"earlier": RUN, "present": RUN, "ratio": {"wall_seconds": 0.2, "peak_memory_gib": 0.25}}
    section = scale_section({"earlier_commit": "abc", "train": {"applications": 1000, "runs": 3, **contest}})

    assert "| train --effort quick | 1,000 | 3 | 2.0 s, 1.0 GiB | 2.0 s, 1.0 GiB | 0.20× | 0.25× |" in section
    assert "features" not in section
    assert scale_section({}) == ""
