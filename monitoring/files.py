"""A report appears complete or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Iterator

HTML_FILE = "report.html"
JSON_FILE = "report.json"
SUMMARY_FILE = "resume.md"
REPORT_FILES = frozenset({HTML_FILE, JSON_FILE, SUMMARY_FILE})


def check_report_folder(path: Path) -> None:
    """Refuse a folder that a report may not take the place of.

    Raises
    ------
    MonitoringError
        ``MON909`` when `path` is a file, or holds anything but an earlier report.
    """
    if not path.exists():
        return
    if not path.is_dir() or {item.name for item in path.iterdir()} - REPORT_FILES:
        raise MonitoringError("MON909", f"{path} is not an empty folder or an earlier report; name another with --out")


@contextmanager
def written_report(path: Path) -> Iterator[Path]:
    """Yield a temporary folder beside `path` that takes its place on success.

    Raises
    ------
    MonitoringError
        ``MON910`` when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workspace:
            fresh = Path(workspace) / "report"
            fresh.mkdir()
            yield fresh
            _take_the_place(fresh, path, aside=Path(workspace) / "earlier")
    except OSError as error:
        raise MonitoringError(
            "MON910", f"{path} cannot be written ({error.strerror}); free space or name another with --out"
        ) from error


def written_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises
    ------
    MonitoringError
        ``MON910`` when it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{path.name}.", dir=path.parent) as workspace:
            fresh = Path(workspace) / path.name
            fresh.write_bytes(content)
            fresh.replace(path)
    except OSError as error:
        raise MonitoringError("MON910", f"{path} cannot be written ({error.strerror}); name another") from error


def _take_the_place(fresh: Path, path: Path, *, aside: Path) -> None:
    """Rename `fresh` to `path`; what stood there goes away with the workspace, or comes back if that fails."""
    if path.exists():
        shutil.move(path, aside)
    try:
        fresh.replace(path)
    except OSError:
        if aside.exists():
            shutil.move(aside, path)
        raise
