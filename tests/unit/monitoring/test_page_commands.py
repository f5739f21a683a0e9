"""The report commands of docs/monitoring.md, copied as they stand, give the report they promise."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from delivery.paths import ROOT
from monitoring.__main__ import main
from scoring.bundle import Bundle
from scoring.log_lines import AUDITED_SHARE, EVENT, SEAL, Event
from tests.docs.command_blocks import commands_of
from tests.unit.monitoring.builders import THRESHOLD, default_probability, draw_window, write_scores, write_window
from tests.unit.monitoring.windows.test_from_audit import a_record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.unit.monitoring.builders import Columns
    from tests.unit.monitoring.conftest import Bench

PAGE = (ROOT / "docs" / "monitoring.md").read_text(encoding="utf-8")
ON_TABLES, ON_RECORDS = (one for one in commands_of(PAGE) if one.startswith("python -m monitoring report --bundle"))
N_EACH = 1_200
N_RECORDED = 60
DATE = re.compile(r"\d{4}-\d\d-\d\d")


@pytest.fixture
def place(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that holds the files the page names, and stay there."""
    columns = draw_window(2 * N_EACH, seed=5)
    population = np.repeat(np.array(["train", "test"], dtype=object), N_EACH)
    write_window(tmp_path / "features.parquet", {**columns, "POPULATION": population})
    write_scores(tmp_path / "scores.parquet", columns)
    for name in ("build/demo", "lambda", "reports"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "build" / "demo" / "bundle").symlink_to(bench.bundle)
    (tmp_path / "lambda" / "bundle").symlink_to(bench.bundle)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write_records(place: Path, bench: Bench) -> None:
    """Write audit records, the log they stand in, and some outcomes."""
    columns = draw_window(N_RECORDED, seed=9)
    seal = Bundle.open(bench.bundle).seal
    lines: list[dict[str, object]] = [{EVENT: Event.START, SEAL: seal, AUDITED_SHARE: 1.0}]
    lines += [_record(columns, row, bench, seal) for row in range(N_RECORDED)]
    for name in ("audit", "journaux"):
        (place / name).mkdir()
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (place / name / "a.jsonl").write_text(text, encoding="utf-8")
    pq.write_table(pa.table({"id_requete": ["3", "4"], "TARGET": [1, 0]}), place / "issues.parquet")


def _record(columns: Columns, row: int, bench: Bench, seal: str) -> dict[str, object]:
    probability = float(default_probability(columns)[row])
    names = [item.name for item in bench.contract.inputs]
    values = {name: columns[name][row] for name in names}
    return a_record(
        str(row),
        horodatage=(datetime.now(UTC) - timedelta(hours=1)).isoformat(),
        empreinte=seal,
        demande={name: None if value != value else value for name, value in values.items()},  # noqa: PLR0124  NaN
        seuil=THRESHOLD,
        probabilite_de_defaut=probability,
        classe="refuse" if probability >= THRESHOLD else "accepte",
    )


def words_of(command: str) -> list[str]:
    """Return the arguments of a command of the page."""
    return shlex.split(command.removeprefix("python -m monitoring "))


def test_command_on_tables_writes_the_three_files(place: Path) -> None:
    """The command for two populations of a feature table ends without alarm and leaves its report."""
    status = main(words_of(ON_TABLES))

    assert status == 0
    assert {path.name for path in (place / "reports" / "drift").iterdir()} == {
        "report.html",
        "report.json",
        "resume.md",
    }


def test_command_on_records_counts_them_and_keeps_the_history(
    place: Path, bench: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command for audit records reads those of the period, their outcomes and log, and adds to the history."""
    write_records(place, bench)
    days = iter((datetime.now(UTC) + timedelta(days=shift)).date().isoformat() for shift in (-20, 2))
    status = main(words_of(DATE.sub(lambda _: next(days), ON_RECORDS)))

    assert status in (0, 1)
    assert f"audit ({N_RECORDED} demandes)" in capsys.readouterr().out
    assert len((place / "reports" / "history.csv").read_text(encoding="utf-8").splitlines()) > 1
