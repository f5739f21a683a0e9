"""JSON lines as they come back from CloudWatch, Firehose or a terminal: gzipped or not, wrapped or not, cut or not."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, cast

from monitoring.errors import MonitoringError
from scoring.log_lines import MOMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

# Firehose and exports of CloudWatch name their objects without any suffix; the console exports tables.
LOG_SUFFIXES = (".jsonl", ".json", ".log", ".gz", ".txt", ".csv", "")
# What CloudWatch writes into a bucket to see whether it may.
_WRITE_TEST = "aws-logs-write-test"
GZIP = b"\x1f\x8b"
_TABLE_HEADS = ("timestamp,message", "@timestamp,@message")
_ENVELOPES = ("logEvents", "events")
DECODER = json.JSONDecoder()

type Line = dict[str, Any]


@dataclass(slots=True)
class LineTally:
    """What was met on the way.

    Attributes
    ----------
    unreadable
        Lines without a JSON object, and objects that are not whole: what other programs print, and half-written ones.
    with_other_text
        Lines that hold other text beside their objects: the time and stream that a terminal puts before, a message in
        between.
    cut_files
        Files that end before their gzip stream does, or are no gzip at all; what they hold before that is read.
    """

    files: int = 0
    unreadable: int = 0
    with_other_text: int = 0
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
        inside = sorted(one for one in path.rglob("*") if _is_log_file(one))
        files = inside if path.is_dir() else [path] if path.is_file() else []
        if not files:
            raise MonitoringError("MON902", f"{path} holds no file of JSON lines; give a folder or a .jsonl, .gz file")
        found += files
    return found


def _is_log_file(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name == _WRITE_TEST
    return path.is_file() and not hidden and path.suffix in LOG_SUFFIXES


def read_lines(paths: Iterable[Path], tally: LineTally) -> Iterator[Line]:
    """Yield every JSON object of some files; what CloudWatch wrapped is unwrapped, with the time it was written."""
    for path in log_files(paths):
        tally.files += 1
        for text in _texts(path, tally):
            yield from _objects(text, tally)


def _texts(path: Path, tally: LineTally) -> Iterator[str]:
    """Yield the lines of a file, whatever it is packed in; of a table the messages."""
    try:
        with path.open("rb") as packed:
            stream = io.TextIOWrapper(_unpacked(packed), encoding="utf-8-sig", errors="replace")
            first = next(stream, "")
            if is_table(first):
                yield from (row[1] for row in csv.reader(stream) if len(row) > 1)
                return
            yield first
            yield from stream
    except (EOFError, gzip.BadGzipFile, zlib.error, csv.Error):
        tally.cut_files.append(path.name)


def _unpacked(stream: IO[bytes]) -> IO[bytes]:
    """Return a stream without its gzip, once, twice or not at all: what carries a gzipped line may zip it again."""
    buffered = io.BufferedReader(cast("io.RawIOBase", stream))
    if buffered.peek(len(GZIP))[: len(GZIP)] != GZIP:
        return buffered
    return _unpacked(cast("IO[bytes]", gzip.GzipFile(fileobj=buffered, mode="rb")))


def _objects(text: str, tally: LineTally) -> Iterator[Line]:
    """Yield the objects of a line, several side by side or with text before, between and behind them."""
    place, met, other = 0, False, False
    while (start := text.find("{", place)) >= 0:
        other = other or (not text[place:start].isspace() and start > place)
        try:
            value, place = DECODER.raw_decode(text, start)
        except ValueError:
            tally.unreadable += 1
            met, place = True, start + 1
            continue
        met = True
        yield from _unwrapped(value, tally)
    rest = bool(text[place:].strip())
    if not met:
        tally.unreadable += rest
    elif other or rest:
        tally.with_other_text += 1


def is_table(first: str) -> bool:
    """Say whether a file whose first line this is is a table of moments and messages, as the console exports it."""
    return first.strip().lower().startswith(_TABLE_HEADS)


def envelope_of(value: Line) -> tuple[str, list[Any]] | None:
    """Return the events that CloudWatch wrapped, with the name they stand under; None where it is a line itself."""
    return next(((name, value[name]) for name in _ENVELOPES if isinstance(value.get(name), list)), None)


def _unwrapped(value: Line, tally: LineTally) -> Iterator[Line]:
    envelope = envelope_of(value)
    if envelope is None:
        yield value
        return
    for event in (one for one in envelope[1] if isinstance(one, dict)):
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
    metrics = line.get("_aws")
    stamp = (metrics.get("Timestamp") if isinstance(metrics, dict) else None) or line.get("_ecrit")
    try:
        return datetime.fromtimestamp(stamp / 1000, UTC) if isinstance(stamp, int | float) else None
    except (ValueError, OverflowError, OSError):  # a number that is no moment
        return None


def said_moment(told: str) -> datetime | None:
    """Return a moment in UTC; None where it cannot be read, or does not say its time zone."""
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None
