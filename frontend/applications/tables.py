"""Uploaded tables as rows of cells: CSV as spreadsheets of either habit save it, and Excel workbooks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frontend.applications.workbooks import is_workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frontend.applications.workbooks import Scalar

_DELIMITERS: Final = ";,\t|"
# The first line of a file that Excel wrote for Excel.
_DIRECTIVE: Final = "sep="
# As spreadsheets save: UTF-8 with a mark or without one, UTF-16 with its mark, else the ANSI of Western Europe.
_MARKS: Final = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_ANSI: Final = "cp1252"
MOST_NAMED: Final = 5


class UnreadableFileError(Exception):
    """The file is no table of applications; `reason` is a key of the locales, `detail` says where."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its columns, and its lines with their number in the file.

    Attributes
    ----------
    lines
        Empty ones left out; every line has as many cells as there are columns.
    """

    columns: tuple[str, ...]
    lines: tuple[tuple[int, tuple[Scalar, ...]], ...]


def read_table(content: bytes) -> Table:
    """Return the table of a CSV file or of the first sheet of a workbook.

    Raises
    ------
    UnreadableFileError
        When it is neither, a column comes twice, or a line has more or fewer cells than the header.
    """
    numbered = read_workbook(content) if is_workbook(content) else _csv_rows(content)
    if numbered is None:
        raise UnreadableFileError("batch.not_a_table")
    filled = [(line, row) for line, row in numbered if any(not _is_empty(cell) for cell in row)]
    if not filled:
        raise UnreadableFileError("batch.no_header")
    (_, header), *lines = filled
    columns = tuple(str(name or "").strip() for name in header)
    _check(columns, lines)
    return Table(columns, tuple((line, tuple(row)) for line, row in lines))


def _check(columns: Sequence[str], lines: Sequence[tuple[int, Sequence[Scalar]]]) -> None:
    twice = [name for name in dict.fromkeys(columns) if name and columns.count(name) > 1]
    if twice:
        raise UnreadableFileError("batch.doubled", ", ".join(twice[:MOST_NAMED]))
    ragged = [str(line) for line, row in lines if len(row) != len(columns)]
    if ragged:
        more = "…" if len(ragged) > MOST_NAMED else ""
        raise UnreadableFileError("batch.ragged", ", ".join(ragged[:MOST_NAMED]) + more)


def _csv_rows(content: bytes) -> list[tuple[int, Sequence[Scalar]]] | None:
    text = _decoded(content)
    if text is None:
        return None
    first, _, rest = text.partition("\n")
    start = 1
    if first.strip().casefold().startswith(_DIRECTIVE):
        delimiter = first.strip()[len(_DIRECTIVE) :][:1] or ","
        text, start = rest, 2
    else:
        delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [(start + reader.line_num - 1, row) for row in reader]
    except csv.Error:
        return None


def _decoded(content: bytes) -> str | None:
    encoding = next((name for mark, name in _MARKS.items() if content.startswith(mark)), "utf-8")
    for one in (encoding, _ANSI):
        try:
            text = content.decode(one)
        except UnicodeDecodeError:
            continue
        return None if "\0" in text else text
    return None


def _is_empty(cell: Scalar) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
