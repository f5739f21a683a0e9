"""Text as spreadsheets save it, written anew as the plain text that is read: one convention a file, settled first."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from training.errors import DataError
from training.sources.faults import unreadable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

Dialect = Literal["plain", "excel"]
DIALECTS: tuple[Dialect, ...] = ("plain", "excel")
Decimal = Literal[",", "."]

_PIECE = 1 << 20
_MARK = "sep="
_DELIMITERS = ";\t,"
# What a semicolon or a comma between cells says of the numbers in them; a tab says nothing.
_DECIMAL_BESIDE: dict[str, Decimal] = {";": ",", ",": "."}
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f", " "))
_TAIL = r"(?:[eE][+-]?\d+)?"
_NUMBER: dict[Decimal, re.Pattern[str]] = {
    ",": re.compile(rf"[+-]?(?:\d+|[1-9]\d{{0,2}}(?:([ .'])\d{{3}})(?:\1\d{{3}})*)(?:,\d+)?{_TAIL}"),
    ".": re.compile(rf"[+-]?(?:\d+|[1-9]\d{{0,2}}(?:([ ,'])\d{{3}})(?:\1\d{{3}})*)(?:\.\d+)?{_TAIL}"),
}
# What may stand between thousands.
_SEPARATORS: dict[Decimal, set[str]] = {",": set(" .'"), ".": set(" ,'")}


@dataclass(frozen=True)
class Convention:
    """How one file is written: encoding, what stands between cells, and the mark of decimals.

    `is_marked` tells that the first line only names the delimiter.
    """

    encoding: str
    delimiter: str
    decimal: Decimal
    is_marked: bool


def rewrite(path: Path, numbers: Collection[str], target: Path) -> None:
    """Write a spreadsheet's text as comma-separated UTF-8 with decimal points.

    Parameters
    ----------
    path
        Unpacked text: semicolons, commas or tabs between cells; UTF-8 or UTF-16 with its mark, or Windows-1252.
    numbers
        Columns that hold numbers; the others are taken as they are.

    Raises
    ------
    DataError
        ``TRN104`` for a line with another number of cells than the header, ``TRN123`` for a cell that is no number by
        the convention of its file, or a file whose numbers could be read in two ways.
    """
    convention = _settled(path, numbers)
    rows = _rows(path, convention)
    _, header = next(rows, (0, []))
    places = _places(header, numbers)
    separators: set[str] = set()
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        for line, cells in rows:
            for place, column in places:
                cells[place] = _plain(
                    cells[place], convention.decimal, separators, f"{path.name} line {line}, {column}"
                )
            writer.writerow(cells)


def plain_number(cell: str, decimal: Decimal) -> str | None:
    """Return a number with a decimal point and no thousands separator; ``None`` where the cell is none.

    A thousands separator stands before every group of three digits, and only there.

    Examples
    --------
    >>> plain_number("1 234,5", ","), plain_number("1.234", ","), plain_number("1.234", ".")
    ('1234.5', '1234', '1.234')
    >>> plain_number("1234.5", ",") is None, plain_number("0.123", ",") is None
    (True, True)
    """
    found = _NUMBER[decimal].fullmatch(cell)
    if found is None:
        return None
    digits = cell if found[1] is None else cell.replace(found[1], "")
    return digits.replace(decimal, ".")


def _plain(cell: str, decimal: Decimal, separators: set[str], where: str) -> str:
    """Return a cell as a plain number, an empty one as it is; remember the thousands separator of the file."""
    text = cell.translate(_SPACES).strip()
    if not text:
        return ""
    number = plain_number(text, decimal)
    if number is not None:
        separators.update(set(text) & _SEPARATORS[decimal])
    if number is None or len(separators) > 1:
        said = f"{decimal!r} before decimals, one sign or none between thousands"
        raise DataError(
            "TRN123", f"{where}: no number by the convention of the file ({said}); write it like the others"
        )
    return number


def _settled(path: Path, numbers: Collection[str]) -> Convention:
    """Settle the convention of a file before a cell is read."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        first = file.readline().rstrip("\r\n")
    is_marked = first.lower().startswith(_MARK) and len(first) == len(_MARK) + 1
    delimiter = first[-1] if is_marked else max(_DELIMITERS, key=first.count)
    decimal = _DECIMAL_BESIDE.get(delimiter)
    if decimal is None:
        decimal = _decimal_by_evidence(path, Convention(encoding, delimiter, ",", is_marked), numbers)
    return Convention(encoding, delimiter, decimal, is_marked)


def _encoding(path: Path) -> str:
    """Return the encoding that the file's mark names, UTF-8 where all of it is that, Windows-1252 otherwise."""
    with path.open("rb") as file:
        start = file.read(2)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while piece := file.read(_PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _decimal_by_evidence(path: Path, convention: Convention, numbers: Collection[str]) -> Decimal:
    """Return the mark of decimals that some cell shows; refuse a file in which each could be either."""
    rows = _rows(path, convention)
    _, header = next(rows, (0, []))
    places = _places(header, numbers)
    doubtful = ""
    for line, cells in rows:
        for place, column in places:
            text = cells[place].translate(_SPACES).strip()
            by_comma, by_point = plain_number(text, ","), plain_number(text, ".")
            if (by_comma is None) != (by_point is None):
                return "." if by_comma is None else ","
            if by_comma != by_point:
                doubtful = doubtful or f"{path.name} line {line}, {column}"
    if doubtful:
        raise DataError("TRN123", f"{doubtful}: can be read in two ways; save the file with ';' or ',' between cells")
    return ","


def _places(header: list[str], numbers: Collection[str]) -> list[tuple[int, str]]:
    return [(place, column) for place, column in enumerate(header) if column in numbers]


def _rows(path: Path, convention: Convention) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number, header first; lines without any content are passed over."""
    with path.open(encoding=convention.encoding, newline="") as file:
        reader = csv.reader(file, delimiter=convention.delimiter)
        if convention.is_marked:
            next(reader, None)
        width = None
        for cells in reader:
            if width is not None and not any(cells):
                continue
            width = len(cells) if width is None else width
            if len(cells) != width:
                raise unreadable(path, f" at line {reader.line_num}")
            yield reader.line_num, cells
