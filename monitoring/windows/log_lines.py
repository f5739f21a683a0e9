"""JSON lines as they come back from CloudWatch, Firehose or a terminal: gzipped or not, wrapped or not, cut or not."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from monitoring.errors import MonitoringError
from scoring.log_lines import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

LOG_SUFFIXES = (".jsonl", ".json", ".log", ".gz")
_DECODER = json.JSONDecoder()

type Line = dict[str, Any]


@dataclass(slots=True)
class LineTally:
    """What was met on the way.

    Attributes
    ----------
    unreadable
        Lines that are no whole JSON object: half-written ones, and what other programs print.
    cut_files
        Files that end before their gzip stream does, or are no gzip at all; what they hold before that is read.
    """

    files: int = 0
    unreadable: int = 0
    cut_files: list[str] = field(default_factory=list)


def is_log(path: Path) -> bool:
    """Tell whether a path is a folder or a file of JSON lines, rather than a table."""
    return path.is_dir() or path.suffix in LOG_SUFFIXES


def log_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files of JSON lines under some paths, in the order of their names.

    Raises
    ------
    MonitoringError
        ``MON902`` when a path does not exist, or there is no such file in it.
    """
    found: list[Path] = []
    for path in paths:
        inside = sorted(one for one in path.rglob("*") if one.is_file() and one.suffix in LOG_SUFFIXES)
        files = inside if path.is_dir() else [path] if path.is_file() else []
        if not files:
            raise MonitoringError("MON902", f"{path} holds no file of JSON lines; give a folder or a .jsonl, .gz file")
        found += files
    return found


def read_lines(paths: Iterable[Path], tally: LineTally) -> Iterator[Line]:
    """Yield every JSON object of some files; what CloudWatch wrapped is unwrapped, with the time it was written."""
    for path in log_files(paths):
        tally.files += 1
        for text in _texts(path, tally):
            yield from _objects(text, tally)


def _texts(path: Path, tally: LineTally) -> Iterator[str]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8", errors="replace")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8", errors="replace") as stream
        ):
            yield from stream
    except (EOFError, gzip.BadGzipFile, zlib.error):
        tally.cut_files.append(path.name)


def _objects(text: str, tally: LineTally) -> Iterator[Line]:
    """Yield the objects of a line: Firehose writes several side by side."""
    text, place = text.strip(), 0
    while place < len(text):
        try:
            value, place = _DECODER.raw_decode(text, place)
        except ValueError:
            tally.unreadable += 1
            return
        if isinstance(value, dict):
            yield from _unwrapped(value, tally)
        else:
            tally.unreadable += 1
        while place < len(text) and text[place].isspace():
            place += 1


def _unwrapped(value: Line, tally: LineTally) -> Iterator[Line]:
    events = value.get("logEvents")
    if not isinstance(events, list):
        yield value
        return
    for event in events:
        for line in _objects(str(event.get("message", "")), tally):
            yield {"_ecrit": event.get("timestamp")} | line


def moment_of(line: Line) -> datetime | None:
    """Return when a line was written, in UTC: what it says itself, else what its metrics or CloudWatch say.

    >>> moment_of({"horodatage": "2026-11-21T09:00:00+01:00"}).isoformat()
    '2026-11-21T08:00:00+00:00'
    """
    told = line.get(MOMENT) or line.get("time")
    if isinstance(told, str):
        return said_moment(told)
    stamp = (line.get("_aws") or {}).get("Timestamp") or line.get("_ecrit")
    return datetime.fromtimestamp(stamp / 1000, UTC) if isinstance(stamp, int | float) else None


def said_moment(told: str) -> datetime | None:
    """Return a moment in UTC; None where it cannot be read, or does not say its time zone."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
