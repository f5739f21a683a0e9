"""`make coverage` over one small file of tests: what it measures, and the reports that CI keeps."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING

import pytest
import yaml

from delivery.paths import ROOT

if TYPE_CHECKING:
    from pathlib import Path

MEASURED = "--cov="
ROOM = "lambda/scoring"
TESTS = "tests/unit/scoring/test_decision.py"


@pytest.fixture(scope="module")
def options() -> list[str]:
    """Return the options that the verb gives to pytest."""
    made = [f"--assume-old={path}" for path in (".venv/.ready", ".venv-sam/.ready", "build/ric/.ready")]
    # A make above this test would have this one talk of the folders it enters and leaves.
    apart = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    done = subprocess.run(
        ["make", "--dry-run", *made, "coverage"], cwd=ROOT, env=apart, capture_output=True, text=True, check=True
    )
    command = done.stdout[done.stdout.index("scripts/test") :]
    return shlex.split(command.replace("\\\n", " "))[1:]


@pytest.fixture(scope="module")
def reports(options: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the tests of one module with these options, one room measured, apart from the run this test is part of."""
    folder = tmp_path_factory.mktemp("reports")
    given = [one.replace("reports/", f"{folder}/") for one in options if not one.startswith(MEASURED)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", TESTS, f"{MEASURED}{ROOM}", *given],
        cwd=ROOT,
        env=kept | {"COVERAGE_FILE": str(folder / ".coverage")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    return folder


def test_every_room_is_measured(options: list[str]) -> None:
    """Every package whose types are checked is; only the benchmarks, which measure, are not measured themselves."""
    rooms = {one.removeprefix(MEASURED) for one in options if one.startswith(MEASURED)}
    typed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]["packages"]

    assert {room.removeprefix("lambda/") for room in rooms} == set(typed) - {"benchmarks"}


def test_modules_that_no_test_imports_count_too(reports: Path) -> None:
    """Lines and branches are measured: the module under test is covered, one that nobody imported is at zero."""
    report = ET.parse(reports / "coverage.xml").getroot()  # noqa: S314  coverage wrote it a moment ago
    rates = {f"{one.get('filename')}": float(one.get("line-rate", "nan")) for one in report.iter("class")}

    assert rates.keys() == {path.relative_to(ROOT / ROOM).as_posix() for path in (ROOT / ROOM).rglob("*.py")}
    assert int(report.get("branches-valid", "0")) > 0
    assert (rates["decision.py"], rates["handler.py"]) == (1, 0)


def test_reports_are_those_that_ci_keeps(reports: Path) -> None:
    """The artefact of the workflow names the files that the verb writes, each of them."""
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    (step,) = [one for one in jobs["test"]["steps"] if one.get("with", {}).get("name") == "tests"]
    names = {path.removeprefix("reports/") for path in step["with"]["path"].split()}

    assert names == {path.name for path in reports.iterdir() if not path.name.startswith(".")}
