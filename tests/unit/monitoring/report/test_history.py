"""Promises of the history, of the page drawn from it, and of the alarms counted in it."""

from __future__ import annotations

from dataclasses import fields, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from monitoring.__main__ import main
from monitoring.config import Level, MonitoringConfig
from monitoring.errors import MonitoringError
from monitoring.report.history import HistoryRow, append_history, blind_in_a_row, read_history
from monitoring.report.result import DriftReport, ModelIdentity
from monitoring.report.trend import CURVES, episodes, trend_page, version_spans
from tests.unit.monitoring.builders import draw_window

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.conftest import Bench


def a_row(day: int, level: str = "stable", **changes: str) -> HistoryRow:
    """Return the report of one day of November."""
    empty = dict.fromkeys((item.name for item in fields(HistoryRow)), "")
    row = HistoryRow(**empty | {"period": f"2026-11-{day:02}T00:00:00+00:00", "level": level, "seal": "a"})
    return replace(row, **{"score_psi": "0.01", "share_in_alert": "0"} | changes)


def test_rows_are_read_back_in_the_order_of_their_periods(tmp_path: Path) -> None:
    """A late report does not overturn the order, and nothing is lost in the file."""
    path = tmp_path / "h" / "history.csv"
    for day in (3, 1, 2):
        append_history(path, a_row(day, window="a, b"))

    assert read_history(path) == [a_row(day, window="a, b") for day in (1, 2, 3)]
    assert read_history(tmp_path / "absent.csv") == []


def test_a_history_of_an_earlier_version_gets_the_columns_of_today(tmp_path: Path) -> None:
    """Realised AUC was not kept once; the rows of then stay, and have none."""
    path = tmp_path / "history.csv"
    append_history(path, a_row(1))
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "".join(f"{line.removesuffix(',realised_auc,blind').removesuffix(',,')}\n" for line in lines), "utf-8"
    )

    append_history(path, a_row(2, realised_auc="0.499"))

    assert read_history(path) == [a_row(1), a_row(2, realised_auc="0.499")]


def test_blind_reports_are_counted_in_a_row(bench: Bench, tmp_path: Path) -> None:
    """Weeks with too few requests add up until one sees again."""
    path = tmp_path / "history.csv"
    for day, blind in enumerate(("oui", "", "oui", "oui"), 1):
        append_history(path, a_row(day, blind=blind))
    small = replace(a_report(bench), drift=bench.measure(draw_window(40, seed=1), "blind"))

    assert blind_in_a_row(small, path) == 3
    assert blind_in_a_row(small, None) == 1
    assert blind_in_a_row(a_report(bench), path) == 0


def a_report(bench: Bench) -> DriftReport:
    """Return a report over two windows that are large enough."""
    drift = bench.measure(draw_window(400, seed=1), "seeing")
    model = ModelIdentity("essai", "1", "0", 0.1)
    shown = SimpleNamespace()
    return DriftReport("2026-11-05", model, Level.STABLE, (), {}, drift, shown, MonitoringConfig())  # type: ignore[arg-type]


def test_another_file_is_not_added_to(tmp_path: Path) -> None:
    """A table of something else stays what it is."""
    path = tmp_path / "other.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")

    with pytest.raises(MonitoringError, match="MON918"):
        append_history(path, a_row(1))
    assert path.read_text(encoding="utf-8") == "a,b\n1,2\n"


def test_time_to_react_runs_from_the_first_alarm_to_calm_or_a_new_version() -> None:
    """A new model ends an alarm by deed; an alarm that lasts has no end."""
    rows = [
        a_row(1),
        a_row(2, "alert"),
        a_row(3, "alert"),
        a_row(6),
        a_row(7, "alert"),
        a_row(9, "stable", seal="b"),
        a_row(11, "alert", seal="b"),
        a_row(12, "alert", seal="b"),
    ]

    found = episodes(rows)

    assert [(one.began[8:10], one.ended[8:10], one.days, one.by_new_version) for one in found] == [
        ("02", "06", 4.0, False),
        ("07", "09", 2.0, True),
        ("11", "", 1.0, False),
    ]


def test_the_page_draws_what_there_is() -> None:
    """A curve a known indicator, a point a report, its codes on it; nothing is loaded from elsewhere."""
    page = trend_page([a_row(1), a_row(2, "alert", score_psi="0.4", alerts="MON008")])

    tree = ET.fromstring(page.removeprefix("<!doctype html>").replace('<meta charset="utf-8">', ""))  # noqa: S314  ours
    known = [curve for curve in CURVES if curve.column in {"score_psi", "share_in_alert"}]
    assert len(tree.findall(".//svg")) == len(known)
    assert len(tree.findall(".//circle")) == 2 * len(known)
    assert "MON008" in page
    assert "http" not in page
    assert "en cours" in page


def test_the_command_needs_a_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Without one there is no page and one line that says what to do."""
    status = main(["trend", "--history", str(tmp_path / "absent.csv"), "--out", str(tmp_path / "t.html")])

    assert status == 2
    assert capsys.readouterr().err.startswith("error MON918: ")
    assert not list(tmp_path.iterdir())


def test_versions_stand_side_by_side() -> None:
    """Each version has its span, its means and a mark on the curves where it begins."""
    rows = [
        a_row(1, version="1", seal="a", expected_cost="0.50", n_applications="10"),
        a_row(2, version="1", seal="a", expected_cost="0.60", level="alert", alerts="MON001"),
        a_row(3, version="2", seal="b", expected_cost="0.40"),
    ]
    spans, page = version_spans(rows), trend_page(rows)

    assert [(len(span.rows), span.mean("expected_cost"), span.mean("realised_auc")) for span in spans] == [
        (2, pytest.approx(0.55), None),
        (1, pytest.approx(0.40), None),
    ]
    assert "<td>1 (a)</td><td>2026-11-01</td><td>2026-11-02</td><td>2</td><td>1</td><td>0,550</td>" in page
    assert ">version 2</text>" in page
    assert page.count(">version 1</text>") == 0
