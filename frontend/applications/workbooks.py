"""Excel workbooks: the only place that reads them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

if TYPE_CHECKING:
    from collections.abc import Sequence

type Scalar = str | float | int | bool | None

_ARCHIVE: Final = b"PK\x03\x04"


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is an archive, as workbooks are."""
    return content.startswith(_ARCHIVE)


def read_workbook(content: bytes) -> list[tuple[int, Sequence[Scalar]]] | None:
    """Return the rows of the first sheet with their number, None when it is no workbook.

    Formulas count as what they last came to; a date is its text, for the API to refuse where a number is wanted.
    """
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError):
        return None
    try:
        sheet = book.worksheets[0]
        rows = [[_scalar(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    finally:
        book.close()
    width = max((_width(row) for row in rows), default=0)
    # A sheet has no ragged rows: what is right of the last cell is empty.
    return [(line, [*row[:width], *[None] * (width - len(row))]) for line, row in enumerate(rows, start=1)]


def _width(row: Sequence[Scalar]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell is not None), default=0)


def _scalar(cell: object) -> Scalar:
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)
