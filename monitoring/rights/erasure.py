"""Erase the lines of a person from files of lines: each file is written anew whole, and keeps every other byte it can.

A file is unpacked, cut and packed again as it was. What cannot be read (a half-written object, a file that ends in the
middle) is left as it is; where it names the person all the same, that is told.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from monitoring.report.files import written_bytes
from monitoring.windows.log_lines import DECODER, GZIP, envelope_of, is_table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from monitoring.rights.person import Person


@dataclass(slots=True)
class Erasure:
    """What an erasure came to.

    Attributes
    ----------
    erased
        Lines of the person that are gone, by file.
    remaining
        Files that still name the person where no reader understands them.
    cut
        Files that cannot be unpacked to their end, and are left as they are.
    """

    erased: dict[Path, int] = field(default_factory=dict)
    remaining: list[Path] = field(default_factory=list)
    cut: list[Path] = field(default_factory=list)


def erase(person: Person, paths: Iterable[Path]) -> Erasure:
    """Erase a person's lines from some files, each of them at once or not at all.

    Raises
    ------
    MonitoringError
        ``MON910`` when a file cannot be written; the files before it are done, and it is as it was.
    """
    done = Erasure()
    for path in paths:
        packed = path.read_bytes()
        try:
            content, layers = _unpacked(packed)
        except (EOFError, gzip.BadGzipFile, zlib.error):
            done.cut.append(path)
            continue
        cutter = _Cutter(person)
        left = cutter.file(content.decode("utf-8", "surrogateescape"))
        if cutter.erased:
            written_bytes(path, _packed(left.encode("utf-8", "surrogateescape"), layers))
            done.erased[path] = cutter.erased
        if person.may_be_in(left):
            done.remaining.append(path)
    return done


def _unpacked(content: bytes) -> tuple[bytes, int]:
    layers = 0
    while content.startswith(GZIP):
        content, layers = gzip.decompress(content), layers + 1
    return content, layers


def _packed(content: bytes, layers: int) -> bytes:
    for _ in range(layers):
        content = gzip.compress(content, mtime=0)
    return content


@dataclass(slots=True)
class _Cutter:
    """Cuts a person's objects out of text, and counts them."""

    person: Person
    erased: int = 0

    def file(self, text: str) -> str:
        if is_table(text.removeprefix("\ufeff").partition("\n")[0]):
            return self._table(text)
        return "".join(map(self._line, _lines(text)))

    def _line(self, text: str) -> str:
        """Return a line without the person's objects; nothing where nothing else was in it."""
        left = self._text(text)
        return "" if left != text and not left.strip() else left

    def _text(self, text: str) -> str:
        """Return a text without the person's objects, all else in its place."""
        parts: list[str] = []
        place = kept = 0
        while (start := text.find("{", place)) >= 0:
            try:
                value, place = DECODER.raw_decode(text, start)
            except ValueError:
                place = start + 1
                continue
            if (instead := self._object(value)) is not None:
                parts += (text[kept:start], instead)
                kept = place
        return "".join([*parts, text[kept:]])

    def _object(self, value: dict[str, Any]) -> str | None:
        """Return what stands in the place of an object; None where it stays."""
        events = envelope_of(value)
        if events is None:
            if not self.person.is_named_in(value):
                return None
            self.erased += 1
            return ""
        name, wrapped = events
        before = self.erased
        left = [one for one in map(self._event, wrapped) if one is not None]
        if self.erased == before:
            return None
        return json.dumps({**value, name: left}, ensure_ascii=False, separators=(",", ":"))

    def _event(self, event: Any) -> Any:  # noqa: ANN401  what an envelope holds is an object, or else stays
        """Return an event with what is left of its message; None where nothing is."""
        if not isinstance(event, dict) or not isinstance(event.get("message"), str):
            return event
        left = self._line(event["message"])
        return event if left == event["message"] else {**event, "message": left} if left else None

    def _table(self, text: str) -> str:
        """Return a table of the console without the rows whose messages are the person's."""
        written = io.StringIO()
        rows = csv.writer(written, lineterminator="\r\n" if "\r\n" in text else "\n")
        for row in csv.reader(io.StringIO(text, newline="")):
            left = self._line(row[1]) if len(row) > 1 else ""
            if len(row) < 2 or left == row[1]:  # noqa: PLR2004  moment and message
                rows.writerow(row)
            elif left:
                rows.writerow([row[0], left, *row[2:]])
        return written.getvalue() if self.erased else text


def _lines(text: str) -> list[str]:
    """Return lines with their ends; `str.splitlines` takes characters within a value for ends."""
    return [f"{line}\n" for line in text.split("\n")[:-1]] + [text.rpartition("\n")[2]]
