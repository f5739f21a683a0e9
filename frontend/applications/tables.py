"""Uploaded tables as rows of cells: CSV as spreadsheets of either habit save it, and Excel workbooks."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frontend.applications.workbooks import WorkbookError, is_workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

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


def read_table(content: bytes, names: Collection[str]) -> Table:
    """Return the table of a CSV file, or of the sheet of a workbook that has columns of these names.

    Raises
    ------
    UnreadableFileError
        When it is neither, a column comes twice, a line has more or fewer cells than the header, or a workbook has
        cells without a value of their own.
    """
    try:
        numbered = read_workbook(content, names) if is_workbook(content) else _csv_rows(content)
    except WorkbookError as error:
        raise UnreadableFileError(error.reason, error.detail) from error
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
    lines = io.StringIO(text, newline="")
    n_blank, first = next(((n, line) for n, line in enumerate(lines) if line.strip()), (0, ""))
    delimiter = _directed(first)
    rest = [*lines] if delimiter else [first, *lines]
    reader = csv.reader(rest, delimiter=delimiter or max(_DELIMITERS, key=first.count))
    n_before = n_blank + (delimiter is not None)
    try:
        return [(n_before + reader.line_num, row) for row in reader]
    except csv.Error:
        return None


def _directed(first: str) -> str | None:
    """Return the delimiter that the first line names, None where it is no such line.

    >>> _directed("sep=;"), _directed('"SEP=|";;'), _directed("AMT_CREDIT;EXT_SOURCE_1")
    (';', '|', None)
    """
    directive = first.strip().strip('"').casefold()
    if not directive.startswith(_DIRECTIVE):
        return None
    return directive.removeprefix(_DIRECTIVE)[:1] or ","


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
