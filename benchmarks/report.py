"""The report of the benchmarks: a file for programs and a table for people."""

from __future__ import annotations

import json
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from delivery.paths import ROOT
from training.files import written_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

type Report = dict[str, Any]
type Figures = dict[str, Any]

REPORT = ROOT / "reports" / "bench.json"

LIBRARIES = ("numpy", "onnxruntime", "fastapi", "pydantic", "mangum", "lightgbm")
NOT_AT_HAND = "its data is not at hand"


def read_report(path: Path) -> Report:
    """Return the report that a file holds, an empty one when there is none."""
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {"measures": {}}


def read_figures(path: Path = REPORT) -> dict[str, Figures]:
    """Return by measure what was measured; a measure that was not taken, or had no data, is not there."""
    return {name: one["figures"] for name, one in read_report(path)["measures"].items() if one["figures"]}


def with_figures(report: Report, name: str, figures: Figures | None, *, seconds: float) -> Report:
    """Return the report with the figures of one measure, taken now on this machine."""
    taken = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds, 1)}
    entry = {**taken, "machine": _machine(), "figures": figures}
    return {**report, "measures": {**report["measures"], name: entry}}


def _machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
    }


def write_report(report: Report, path: Path) -> None:
    """Write the report; it appears complete or not at all."""
    with written_file(path) as temporary:
        temporary.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def say_table(report: Report) -> str:
    """Return one line a figure.

    >>> print(say_table({"measures": {"size": {"figures": {"zipped_mib": 30.8046, "parts": {"numpy": 19.79}}}}}))
    size  zipped_mib   30.8
    size  parts.numpy  19.79
    """
    rows = [(name, *row) for name, entry in report["measures"].items() for row in _rows(entry["figures"])]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)] if rows else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _rows(figures: Figures | None) -> Iterator[tuple[str, str]]:
    if figures is None:
        yield "", NOT_AT_HAND
        return
    for name, value in figures.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{below}", text) for below, text in _rows(value))
        elif isinstance(value, int | float | str):
            yield name, f"{value:.4g}" if isinstance(value, float) else str(value)
        # Lists, such as the curve of inputs, are for programs: they are in the file.
