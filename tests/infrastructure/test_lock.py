"""What `make lock` writes: a lock that is up to date and names no address, requirement files, a version."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import scoring
from delivery.paths import ROOT

LOCK = ROOT / "uv.lock"
UV = Path(sys.executable).with_name("uv")


def test_lock_answers_what_the_groups_ask_for() -> None:
    """Who changes pyproject.toml without `make lock` is told; no index is asked, and no setting of the machine."""
    check = (UV, "lock", "--check", "--offline", "--no-config", "--python", sys.executable)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("UV_")}
    done = subprocess.run(check, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, f"run `make lock`: {done.stderr}"


def test_lock_names_no_address() -> None:
    """Where packages come from is a matter of the machine that installs them."""
    assert "://" not in LOCK.read_text(encoding="utf-8")


@pytest.mark.parametrize("room", ["lambda", "frontend"])
def test_requirement_file_is_what_the_lock_holds(room: str) -> None:
    """The function and the page on Streamlit's cloud get the versions that everything else is tested with."""
    script = ROOT / "scripts" / "requirements"
    exported = subprocess.run([script, room], capture_output=True, text=True, check=True).stdout

    assert exported == (ROOT / room / "requirements.txt").read_text(encoding="utf-8")


def test_function_tells_the_version_of_the_project() -> None:
    """The number of a release is typed once, in pyproject.toml; the function, which has no such file, knows it too."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert scoring.__version__ == project["version"]
