"""Programs in processes of their own: what they say is kept, and what goes wrong is one line."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks.programs import PEAK_MEMORY_MIB, figures_said, run_in_package, run_program
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = [sys.executable, "-c"]


def test_program_reads_what_it_is_given(tmp_path: Path) -> None:
    """It stands in its folder, has its environment alone, and reads its input to the end."""
    program = "import os, sys; print(os.getcwd(), os.environ.get('HOME'), os.environ['TOLD'], sys.stdin.read())"
    done = run_program([*PYTHON, program], folder=tmp_path, environment={"TOLD": "yes"}, given="given")

    assert done.stdout.split() == [str(tmp_path), "None", "yes", "given"]


def test_failure_is_the_last_line_that_was_said() -> None:
    """A traceback becomes what was tried and why it failed."""
    with pytest.raises(DeliveryError, match=r"^the handler did not answer: ValueError: no bundle$"):
        run_program([*PYTHON, "raise ValueError('no bundle')"], failure="the handler did not answer")


def test_silent_failure_is_one_too() -> None:
    """A program that says nothing before it fails is not mistaken for one that worked."""
    with pytest.raises(DeliveryError, match=r"^a run of the benchmark failed: $"):
        run_program([*PYTHON, "import sys; sys.exit(3)"])


def test_figures_are_those_of_the_last_line() -> None:
    """Peak memory is that of the program, in MiB: an interpreter takes some, and far from a gigabyte."""
    program = f"print('hello'); import json; print(json.dumps({{'peak': {PEAK_MEMORY_MIB}}}))"

    assert 1 < figures_said(run_program([*PYTHON, program]).stdout)["peak"] < 1000


def test_absent_package_is_named(tmp_path: Path) -> None:
    """Nothing runs without a package, and the message says how to get one."""
    with pytest.raises(DeliveryError, match="absent; run `make package`"):
        run_in_package(tmp_path / "absent", "print(1)", given="")
