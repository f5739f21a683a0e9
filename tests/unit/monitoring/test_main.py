"""Promises of the command line: an exit status for each outcome, one line for a failed run, help for every command."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from monitoring.__main__ import main
from monitoring.commands import COMMANDS, report
from monitoring.config import Level, MonitoringConfig
from monitoring.errors import MonitoringError
from monitoring.windows.parquet import WindowSource

if TYPE_CHECKING:
    from pathlib import Path

    from monitoring.report.make import Surroundings
    from tests.unit.monitoring.conftest import Bench


def arguments(bench: Bench, out: Path) -> list[str]:
    """Return a command that compares the reference with itself."""
    window = str(bench.reference.path)
    return ["report", "--bundle", str(bench.bundle), "--reference", window, "--current", window, "--out", str(out)]


@pytest.mark.parametrize(
    ("level", "blind", "status"),
    [(Level.STABLE, 0, 0), (Level.WATCH, 0, 0), (Level.ALERT, 0, 1), (Level.STABLE, 3, 0), (Level.STABLE, 4, 3)],
)
def test_only_an_alert_is_an_alarm(
    level: Level, blind: int, status: int, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1 stands for an alert and for nothing else; weeks in a row without sight have their own."""
    window = SimpleNamespace(source="w.parquet", n_applications=1_000)
    drift = SimpleNamespace(reference=window, current=window)
    made = SimpleNamespace(level=level, checks=(), drift=drift, config=MonitoringConfig(), blind_in_a_row=blind)
    monkeypatch.setattr(report, "make_report", lambda *_, **__: made)

    assert main(arguments(bench, tmp_path / "out")) == status


def test_a_failed_run_is_one_line_and_status_two(
    bench: Bench, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line carries its code and no traceback."""
    given = arguments(bench, tmp_path / "out")
    given[given.index("--current") + 1] = str(tmp_path / "absent.parquet")

    status = main(given)

    assert status == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last.startswith("error MON902: ")


def test_a_fault_of_the_program_is_no_alarm(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Python would end with 1, which means an alert here; the traceback is shown."""

    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(report, "make_report", fail)

    assert main(arguments(bench, tmp_path / "out")) == 4
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_days_are_those_of_the_zone(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A day that is given without a zone begins at midnight there."""
    seen: list[Surroundings] = []

    def stop(*_: object, surroundings: Surroundings, **__: object) -> None:
        seen.append(surroundings)
        raise MonitoringError("MON902", "seen")

    monkeypatch.setattr(report, "make_report", stop)
    main([*arguments(bench, tmp_path / "out"), "--since", "2026-07-01", "--zone", "Europe/Paris"])

    (around,) = seen
    assert around.period.since is not None
    assert around.period.since.isoformat() == "2026-07-01T00:00:00+02:00"


def test_the_options_name_windows_and_their_answers(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A selector and a score file both reach the report."""
    seen: list[object] = []
    window = SimpleNamespace(source="w.parquet", n_applications=1)
    drift = SimpleNamespace(reference=window, current=window)
    made = SimpleNamespace(level=Level.STABLE, checks=(), drift=drift, config=MonitoringConfig(), blind_in_a_row=0)
    monkeypatch.setattr(report, "make_report", lambda *given, **_: seen.extend(given) or made)
    scores = tmp_path / "s.parquet"

    main([*arguments(bench, tmp_path / "out"), "--current", "w.parquet:test", "--current-scores", str(scores)])

    assert WindowSource.parse("w.parquet:test", scores) in seen


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """``--help`` works and says more than the options."""
    with pytest.raises(SystemExit, match="0"):
        main([command, "--help"])

    assert "--out" in capsys.readouterr().out
