"""Promises of the command line: three exit statuses, one line for a failed run, help for every command."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from monitoring.__main__ import main
from monitoring.commands import COMMANDS, report
from monitoring.config import Level
from monitoring.windows.parquet import WindowSource

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench


def arguments(bench: Bench, out: Path) -> list[str]:
    """Return a command that compares the reference with itself."""
    window = str(bench.reference.path)
    return ["report", "--bundle", str(bench.bundle), "--reference", window, "--current", window, "--out", str(out)]


@pytest.mark.parametrize(("level", "status"), [(Level.STABLE, 0), (Level.WATCH, 0), (Level.ALERT, 1)])
def test_only_an_alert_is_an_alarm(
    level: Level, status: int, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 1 stands for an alert and for nothing else."""
    window = SimpleNamespace(source="w.parquet", n_applications=1_000)
    made = SimpleNamespace(level=level, checks=(), drift=SimpleNamespace(reference=window, current=window))
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


def test_the_options_name_windows_and_their_answers(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A selector and a score file both reach the report."""
    seen: list[object] = []
    window = SimpleNamespace(source="w.parquet", n_applications=1)
    made = SimpleNamespace(level=Level.STABLE, checks=(), drift=SimpleNamespace(reference=window, current=window))
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
