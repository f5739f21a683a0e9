"""A report appears complete or not at all."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from commandline import files
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HTML_FILE = "report.html"
JSON_FILE = "report.json"
SUMMARY_FILE = "resume.md"
REPORT_FILES = frozenset({HTML_FILE, JSON_FILE, SUMMARY_FILE})
_REFUSED = partial(MonitoringError, "MON910")


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
    with _told(path), files.written_folder(path, refused=_REFUSED) as folder:
        yield folder


def written_bytes(path: Path, content: bytes) -> None:
    """Write a file whole, or leave what was there.

    Raises
    ------
    MonitoringError
        ``MON910`` when it cannot be written.
    """
    with _told(path), files.written_file(path, refused=_REFUSED) as temporary:
        temporary.write_bytes(content)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell a disk that is full on the way as well: nothing but the report is written here."""
    try:
        yield
    except OSError as error:
        raise _REFUSED(f"{path} cannot be written ({error.strerror}); free space or name another with --out") from error
