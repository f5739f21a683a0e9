"""Excel workbooks: the only place that reads them."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from openpyxl import Workbook

type Scalar = str | float | int | bool | None
type Row = list[Scalar]

_ARCHIVE: Final = b"PK\x03\x04"
_SHEETS: Final = "xl/worksheets/"
_VISIBLE: Final = "visible"
_UNREADABLE: Final = (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError)


class WorkbookError(Exception):
    """A workbook cannot be read without guessing; `reason` is a key of the locales, `detail` says where."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


def is_workbook(content: bytes) -> bool:
    """Tell whether a file is an archive, as workbooks are."""
    return content.startswith(_ARCHIVE)


def read_workbook(content: bytes, names: Collection[str]) -> list[tuple[int, Sequence[Scalar]]] | None:
    """Return the rows of the sheet whose first row has one of `names`, with their number; None when it is no workbook.

    Formulas count as what they last came to; a date is its text, for the API to refuse where a number is wanted. Rows
    are as long as the first, or longer where something stands beside it. Without such a sheet it is the first that a
    reader sees.

    Raises
    ------
    WorkbookError
        ``batch.sheets`` when several visible sheets have such a row, ``batch.merged`` when cells are merged, of which
        only one has the value, ``batch.formula`` when a formula was never computed.
    """
    try:
        book = _opened(content)
    except _UNREADABLE:
        return None
    try:
        title = _sheet_with(names, book)
        rows = _rows(book, title)
    finally:
        book.close()
    _refuse_merged(content, title)
    _refuse_never_computed(content, title, rows)
    trimmed = [row[: _width(row)] for row in rows]
    width = next((len(row) for row in trimmed if row), 0)
    return [(line, [*row, *[None] * (width - len(row))]) for line, row in enumerate(trimmed, start=1)]


def _opened(content: bytes, *, computed: bool = True) -> Workbook:
    return load_workbook(io.BytesIO(content), read_only=True, data_only=computed)


def _sheet_with(names: Collection[str], book: Workbook) -> str:
    """Return the title of the sheet that has the applications, among those that a reader sees."""
    visible = [sheet.title for sheet in book.worksheets if sheet.sheet_state == _VISIBLE]
    fitting = [title for title in visible if set(names) & set(map(_name, _first_row(book, title)))]
    if len(fitting) > 1:
        raise WorkbookError("batch.sheets", ", ".join(fitting))
    return (fitting or visible)[0]


def _first_row(book: Workbook, title: str) -> Row:
    return next((row for row in map(_read, book[title].iter_rows(values_only=True)) if _width(row)), [])


def _rows(book: Workbook, title: str) -> list[Row]:
    sheet = book[title]
    # Some programs write a size of the sheet that leaves cells out.
    sheet.reset_dimensions()
    return [_read(row) for row in sheet.iter_rows(values_only=True)]


def _refuse_merged(content: bytes, title: str) -> None:
    """Refuse merged cells: all but one of them look empty, and empty declares that there is none."""
    # Merged cells are told by a reader that keeps the whole workbook in memory: only for a workbook that has some.
    if not _mentions(content, b"<mergeCell "):
        return
    merged = [str(one) for one in load_workbook(io.BytesIO(content))[title].merged_cells.ranges]
    if merged:
        raise WorkbookError("batch.merged", ", ".join(sorted(merged)))


def _refuse_never_computed(content: bytes, title: str, rows: Sequence[Row]) -> None:
    """Refuse formulas without a saved result, as programs other than a spreadsheet write them: they look empty."""
    if not _mentions(content, b"<f"):
        return
    book = _opened(content, computed=False)
    try:
        formulas = _rows(book, title)
    finally:
        book.close()
    for line, (values, written) in enumerate(zip(rows, formulas, strict=True), start=1):
        for place, (value, formula) in enumerate(zip(values, written, strict=True), start=1):
            if value is None and formula is not None:
                raise WorkbookError("batch.formula", f"{get_column_letter(place)}{line}")


def _mentions(content: bytes, tag: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(tag in archive.read(name) for name in archive.namelist() if name.startswith(_SHEETS))


def _read(row: Sequence[object]) -> Row:
    return [_scalar(cell) for cell in row]


def _width(row: Sequence[Scalar]) -> int:
    return max((place for place, cell in enumerate(row, start=1) if cell is not None), default=0)


def _name(cell: Scalar) -> str:
    return str(cell or "").strip()


def _scalar(cell: object) -> Scalar:
    if cell is None or isinstance(cell, str | bool | int | float):
        return cell
    return cell.isoformat() if isinstance(cell, date | datetime | time) else str(cell)
