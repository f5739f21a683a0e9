"""The command takes what is asked for, and says in one line what is missing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from benchmarks import measures
from benchmarks.__main__ import main
from benchmarks.measures import measure
from delivery.errors import DeliveryError
from scoring.errors import ContractError

if TYPE_CHECKING:
    from pathlib import Path


def test_absent_package_ends_with_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A measure that cannot be taken ends the command with status 2 and the remedy, not with a hang."""
    monkeypatch.setattr("benchmarks.__main__._in_fresh_process", lambda _: measure("absent"))
    monkeypatch.setitem(measures.MEASURES, "absent", "tests.none:none")
    monkeypatch.setattr(measures, "import_module", _broken_bundle)
    status = main(["--only", "absent", "--out", str(tmp_path / "bench.json")])

    assert status == 2
    assert re.search(r"^error absent: SCR203: broken$", capsys.readouterr().err, flags=re.MULTILINE)


def test_measure_carries_the_errors_of_other_rooms_across_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """An error with a code cannot be rebuilt from its text in another process: it travels as one of this kind."""
    monkeypatch.setattr(measures, "import_module", _broken_bundle)

    with pytest.raises(DeliveryError, match="SCR203: broken"):
        measure("request")


@pytest.mark.e2e
def test_figures_are_written_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One measure, in a process of its own, ends in the file and in the table."""
    path = tmp_path / "bench.json"
    status = main(["--only", "package_size", "--out", str(path)])

    assert status == 0
    assert json.loads(path.read_text(encoding="utf-8"))["measures"]["package_size"]["figures"]["unzipped_mib"] > 0
    assert "unzipped_mib" in capsys.readouterr().out


def _broken_bundle(_: str) -> object:
    raise ContractError("SCR203", "broken")
