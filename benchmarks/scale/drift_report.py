"""The drift report of a test set against its training applications, by the command of several builds in turns."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.scale.builds import side_by_side

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from benchmarks.scale.builds import Build, Run

# An alarm is a status of its own.
_REPORTED = (0, 1)


def measure_drift_report(builds: Mapping[str, Build], tables: Path, work: Path, runs: int) -> dict[str, Any]:
    """Take the time and memory of reports that judge every column of all applications.

    Each build reads the features that it makes itself, and the answers of the bundle that it came with.

    Parameters
    ----------
    tables
        Folder of the raw tables of both sets.
    work
        Folder for what is made on the way.
    """
    windows = {name: _scored(build, tables, work, work / f"windows-{name}") for name, build in builds.items()}
    return side_by_side({name: partial(_report, build, windows[name], work) for name, build in builds.items()}, runs)


def _scored(build: Build, tables: Path, work: Path, folder: Path) -> Path:
    """Write features and answers into `folder`, and return it."""
    folder.mkdir()
    build.run(["training", "features", "--data", str(tables), "--out", str(folder / "features.parquet")], work)
    places = ["--data", str(tables), "--out", str(folder / "scores.parquet"), "--cache", str(folder / "cache")]
    build.run(["training", "score", "--bundle", str(_bundle(build)), *places], work)
    return folder


def _report(build: Build, windows: Path, work: Path) -> Run:
    features, scores = windows / "features.parquet", str(windows / "scores.parquet")
    reference = ["--reference", f"{features}:train", "--reference-scores", scores]
    current = ["--current", f"{features}:test", "--current-scores", scores]
    places = ["--bundle", str(_bundle(build)), "--out", str(windows / "report")]
    return build.run(["monitoring", "report", *places, *reference, *current], work, accepted=_REPORTED)


def _bundle(build: Build) -> Path:
    return build.folder / "lambda" / "bundle"
