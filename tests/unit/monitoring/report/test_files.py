"""Promises about outputs: complete or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from monitoring.errors import MonitoringError
from monitoring.report.files import JSON_FILE, check_report_folder, written_report

if TYPE_CHECKING:
    from pathlib import Path


def test_a_report_takes_the_place_of_the_earlier_one(tmp_path: Path) -> None:
    """After success only the new files are there, and nothing is left beside them."""
    out = tmp_path / "deep" / "report"
    for text in ("old", "new"):
        with written_report(out) as folder:
            (folder / JSON_FILE).write_text(text)

    assert (out / JSON_FILE).read_text() == "new"
    assert [out] == list(out.parent.iterdir())


def fail_half_way(out: Path) -> None:
    """Write one file of a report, then fail."""
    with written_report(out) as folder:
        (folder / JSON_FILE).write_text("half")
        raise MonitoringError("MON999", "on the way")


def test_a_failure_keeps_the_earlier_report(tmp_path: Path) -> None:
    """An error on the way leaves the folder as it was."""
    out = tmp_path / "report"
    with written_report(out) as folder:
        (folder / JSON_FILE).write_text("old")

    with pytest.raises(MonitoringError, match="MON999"):
        fail_half_way(out)

    assert (out / JSON_FILE).read_text() == "old"
    assert [out] == list(tmp_path.iterdir())


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """A mistyped --out never wipes somebody's files."""
    (tmp_path / "thesis.tex").touch()

    with pytest.raises(MonitoringError, match="MON909"):
        check_report_folder(tmp_path)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where a folder has to be gives one line."""
    (tmp_path / "file").touch()

    with pytest.raises(MonitoringError, match="MON910"), written_report(tmp_path / "file" / "report"):
        pass
