"""Applications as a file: the template, what was uploaded, and the results."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from frontend.api.batches import ASSESSED, NOT_ASSESSED, RowProblems
from frontend.applications.conventions import Cell, ConventionError, convention_of
from frontend.applications.requests import NO_DATE
from frontend.applications.tables import UnreadableFileError, read_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from frontend.api.answers import Origin
    from frontend.api.batches import RowAnswer
    from frontend.applications.conventions import Convention
    from frontend.applications.form import Form, FormField, Value
    from frontend.applications.tables import Table
    from frontend.applications.workbooks import Scalar

IDENTIFIER = "identifiant"
_IDENTIFIERS = (IDENTIFIER, "SK_ID_CURR")
# Kaggle's words for a category that does not apply or is not told.
_NO_CATEGORY = {"XNA", "XAP"}
_DAYS = "DAYS_"
# What spreadsheets leave where a formula failed, in English and in French: #N/A, #DIV/0!, #VALUE!, #NOM?.
_FAILED_FORMULA: Final = re.compile(r"#(?:N/A|[A-Z0-9/]+[!?])")
RESULT_COLUMNS = (
    IDENTIFIER,
    "statut",
    "probabilite_de_defaut",
    "seuil",
    "classe",
    "proposition",
    "couverture",
    "revue_humaine",
    "motifs",
    "raisons",
    "problemes",
    "version_modele",
    "empreinte",
    "horodatage",
    "id_requete",
)
# The columns of an answer, which a row that was not assessed leaves empty.
N_ASSESSED = RESULT_COLUMNS.index("problemes") - RESULT_COLUMNS.index("probabilite_de_defaut")
# What the applications share a request with: braces, commas, the name of the list.
_ENVELOPE_BYTES = 200


@dataclass(frozen=True, slots=True)
class Country:
    """How the spreadsheets of a country write a CSV file."""

    delimiter: str
    decimal: str

    def cell(self, value: object) -> object:
        """Return a value as a cell: decimals in the country's way, texts that start no formula.

        >>> COUNTRIES["fr"].cell(0.5), COUNTRIES["fr"].cell("=1+1"), COUNTRIES["fr"].cell(None)
        ('0,5', "'=1+1", '')
        """
        if value is None:
            return ""
        if isinstance(value, float):
            return repr(value).replace(".", self.decimal)
        return _inert(value) if isinstance(value, str) else value


# By the language of the page.
COUNTRIES: Final[dict[str, Country]] = {"fr": Country(";", ","), "en": Country(",", ".")}


@dataclass(frozen=True, slots=True)
class AnsweredRow:
    """What became of a row, against which threshold, and in which request."""

    row: RowAnswer
    threshold: float
    origin: Origin


@dataclass(frozen=True, slots=True)
class BatchFile:
    """What was uploaded.

    Attributes
    ----------
    identifiers
        The row's own name where the file has one, else its line in the file.
    ignored
        Columns that the contract does not know.
    absent
        Required inputs without a column: no row can be scored.
    unknown
        Optional inputs without a column, those that weigh most first: unknown for every row.
    """

    identifiers: tuple[str, ...]
    applications: tuple[Mapping[str, Value], ...]
    ignored: tuple[str, ...]
    absent: tuple[FormField, ...]
    unknown: tuple[FormField, ...]


def template(form: Form, examples: Mapping[str, Mapping[str, Value]], country: Country) -> bytes:
    """Return a CSV file with every input as a column, in the contract's units, and an example a row."""
    names = [field.name for field in form.fields]
    rows = ([key, *(application.get(name) for name in names)] for key, application in examples.items())
    return _written([[IDENTIFIER, *names], *rows], country)


def read_batch_file(content: bytes, form: Form) -> BatchFile:
    """Return the applications of a CSV file or a workbook, in its order.

    Text among numbers is left for the API to refuse, by row and field.

    Raises
    ------
    UnreadableFileError
        When it is no table, has no header that the contract knows, or no row; by column or line where columns come
        twice, lines have too many or too few cells, numbers are not all written in one way, or a cell holds what is
        neither number nor text.
    """
    table = read_table(content, {field.name for field in form.fields})
    field_at = [form.field(name) for name in table.columns]
    if not any(field_at):
        raise UnreadableFileError("batch.no_header")
    if not table.lines:
        raise UnreadableFileError("batch.no_row")
    convention = _convention(table, field_at)
    _refuse_cells(table, field_at, convention)
    own = next((table.columns.index(name) for name in _IDENTIFIERS if name in table.columns), None)
    lacking = [field for field in form.fields if field.name not in table.columns]
    return BatchFile(
        identifiers=tuple(_identifier(row, own, line) for line, row in table.lines),
        applications=tuple(_application(row, field_at, convention) for _, row in table.lines),
        ignored=tuple(_ignored(table, field_at)),
        absent=tuple(field for field in lacking if field.required),
        unknown=tuple(sorted((field for field in lacking if not field.required), key=lambda one: -one.importance)),
    )


def _ignored(table: Table, field_at: Sequence[FormField | None]) -> Iterator[str]:
    """Yield the columns that nothing reads; one without a name by its place, if there is anything in it."""
    for place, (name, field) in enumerate(zip(table.columns, field_at, strict=True)):
        if field or name in _IDENTIFIERS:
            continue
        if name:
            yield name
        elif any(row[place] not in (None, "") for _, row in table.lines):
            yield f"n° {place + 1}"


def _refuse_cells(table: Table, field_at: Sequence[FormField | None], convention: Convention) -> None:
    """Refuse the first cell that nobody can have meant, by line and column."""
    for line, row in table.lines:
        for field, cell in zip(field_at, row, strict=True):
            fault = _fault(field, cell, convention) if field else None
            if field and fault:
                raise UnreadableFileError(fault, f"{line}, {field.name}")


def _fault(field: FormField, cell: Scalar, convention: Convention) -> str | None:
    """Return why a cell is neither number nor text, as a key of the locales."""
    if isinstance(cell, bool):
        return None if field.kind == "flag" else "batch.boolean"
    if isinstance(cell, str):
        if _FAILED_FORMULA.fullmatch(cell.strip()):
            return "batch.failed_formula"
        number = None if field.kind == "category" else convention.read(cell.strip())
    else:
        number = cell
    return None if number is None or math.isfinite(number) else "batch.infinite"


def _convention(table: Table, field_at: Sequence[FormField | None]) -> Convention:
    """Return how the numbers of a table are written; a workbook has numbers of its own, which need none."""
    cells = (
        Cell(line, field.name, cell.strip())
        for line, row in table.lines
        for field, cell in zip(field_at, row, strict=True)
        if field and field.kind != "category" and isinstance(cell, str)
    )
    try:
        return convention_of(cells)
    except ConventionError as error:
        raise UnreadableFileError(error.reason, f"{error.cell.line}, {error.cell.column}") from error


def chunks(
    applications: Sequence[Mapping[str, Value]], *, most_rows: int, most_bytes: int
) -> Iterator[tuple[Mapping[str, Value], ...]]:
    """Cut a batch into requests that the API takes, in order."""
    chunk: list[Mapping[str, Value]] = []
    size = _ENVELOPE_BYTES
    for application in applications:
        length = len(json.dumps(application).encode()) + 1
        if chunk and (len(chunk) == most_rows or size + length > most_bytes):
            yield tuple(chunk)
            chunk, size = [], _ENVELOPE_BYTES
        chunk.append(application)
        size += length
    if chunk:
        yield tuple(chunk)


def results(identifiers: Sequence[str], answered: Sequence[AnsweredRow], country: Country) -> bytes:
    """Return the answers as a CSV file, one line a row of the upload, under the API's own names."""
    lines = (_result(identifier, one) for identifier, one in zip(identifiers, answered, strict=True))
    return _written([RESULT_COLUMNS, *lines], country)


def _result(identifier: str, answered: AnsweredRow) -> list[object]:
    row, origin = answered.row, answered.origin
    source = [origin.version, origin.seal, origin.answered_at, origin.request_id]
    if isinstance(row, RowProblems):
        told = " ".join(f"{one.field} ({one.code}) : {one.detail}" for one in row.problems)
        return [identifier, NOT_ASSESSED, *[""] * N_ASSESSED, told, *source]
    reasons = [one for one in row.reasons if one.contribution > 0] if row.refused else list(row.reasons)
    return [
        identifier,
        ASSESSED,
        row.default_probability,
        answered.threshold,
        row.decision.value,
        row.proposal.value,
        row.coverage,
        " ".join(row.review),
        " ".join(one.code for one in reasons),
        " ".join(one.sentence for one in reasons),
        "",
        *source,
    ]


def _identifier(row: Sequence[Scalar], own: int | None, line: int) -> str:
    cell = row[own] if own is not None else None
    return _text(cell) or str(line)


def _text(cell: Scalar) -> str:
    """Return a cell as a text; a spreadsheet has 7.0 where a person wrote 7.

    >>> _text(7.0), _text(" 007 "), _text(None)
    ('7', '007', '')
    """
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell).strip()


def _application(
    row: Sequence[Scalar], field_at: Sequence[FormField | None], convention: Convention
) -> dict[str, Value]:
    """Return the application of a line: an empty cell declares that there is none, a column not there is unknown.

    What is required and empty is left out, so that the API asks for it.
    """
    read = [(field, _value(field, cell, convention)) for field, cell in zip(field_at, row, strict=True) if field]
    return {field.name: value for field, value in read if value is not None or not field.required}


def _value(field: FormField, cell: Scalar, convention: Convention) -> Value:
    """Return a cell as the API reads it; what Kaggle writes for "none" is none."""
    if isinstance(cell, str):
        cell = cell.strip()
    if cell is None or cell == "":
        return None
    if field.kind == "category":
        return None if cell in _NO_CATEGORY and cell not in field.category_labels else _text(cell)
    number = convention.read(cell) if isinstance(cell, str) else float(cell)
    if number is None:
        return cell
    if number == NO_DATE and field.name.startswith(_DAYS):
        return None
    return int(number) if field.kind == "flag" and number.is_integer() else number


def _written(rows: Iterable[Sequence[object]], country: Country) -> bytes:
    """Return a CSV file as the spreadsheet of a country opens it by a double click, and that starts no formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n", delimiter=country.delimiter)
    writer.writerows([country.cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: str) -> str:
    """Keep a text that an uploader wrote from being a formula in the spreadsheet that opens the results."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t")) else cell
