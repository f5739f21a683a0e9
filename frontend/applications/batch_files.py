"""Applications as a CSV file: the template, what was uploaded, and the results."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from frontend.api.answers import Assessment
from frontend.api.batches import ASSESSED, NOT_ASSESSED
from frontend.wording.numerals import FRENCH, read_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from frontend.api.batches import RowAnswer
    from frontend.applications.form import Form, FormField, Value

IDENTIFIER = "identifiant"
_IDENTIFIERS = (IDENTIFIER, "SK_ID_CURR")
_DELIMITERS = ",;\t"
# What the applications share a request with: braces, commas, the name of the list.
_ENVELOPE_BYTES = 200


class UnreadableFileError(Exception):
    """The file is no table of applications; `reason` is a key of the locales."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


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
    """

    identifiers: tuple[str, ...]
    applications: tuple[Mapping[str, Value], ...]
    ignored: tuple[str, ...]
    absent: tuple[FormField, ...]


def template(form: Form, examples: Mapping[str, Mapping[str, Value]]) -> bytes:
    """Return a CSV file with every input as a column, in the contract's units, and an example a row."""
    names = [field.name for field in form.fields]
    rows = ([key, *(application.get(name) for name in names)] for key, application in examples.items())
    return _written([[IDENTIFIER, *names], *rows])


def read_batch_file(content: bytes, form: Form) -> BatchFile:
    """Return the applications of a CSV file, in its order; values that are no numbers are left for the API to refuse.

    Raises
    ------
    UnreadableFileError
        When it is no UTF-8 text, has no header the contract knows, or no row.
    """
    rows = _rows(content)
    header = [name.strip() for name in next(rows, [])]
    field_at = [form.field(name) for name in header]
    if not any(field_at):
        raise UnreadableFileError("batch.no_header")
    filled = [(line, row) for line, row in enumerate(rows, start=2) if any(cell.strip() for cell in row)]
    if not filled:
        raise UnreadableFileError("batch.no_row")
    own = next((header.index(name) for name in _IDENTIFIERS if name in header), None)
    return BatchFile(
        identifiers=tuple(_identifier(row, own, line) for line, row in filled),
        applications=tuple(_application(row, field_at) for _, row in filled),
        ignored=tuple(
            name for name, field in zip(header, field_at, strict=True) if field is None and name not in _IDENTIFIERS
        ),
        absent=tuple(field for field in form.fields if field.required and field.name not in header),
    )


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


def results(identifiers: Sequence[str], rows: Sequence[RowAnswer]) -> bytes:
    """Return the answers as a CSV file, one line a row of the upload, under the API's own names."""
    header = [IDENTIFIER, "statut", "probabilite_de_defaut", "classe", "couverture", "revue_humaine", "problemes"]
    lines = (_result(identifier, row) for identifier, row in zip(identifiers, rows, strict=True))
    return _written([header, *lines])


def _result(identifier: str, row: RowAnswer) -> list[object]:
    if isinstance(row, Assessment):
        review = " ".join(row.review)
        return [identifier, ASSESSED, row.default_probability, row.decision.value, row.coverage, review, ""]
    told = " ".join(f"{one.field} ({one.code}) : {one.detail}" for one in row.problems)
    return [identifier, NOT_ASSESSED, "", "", "", "", told]


def _rows(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError("batch.not_utf8") from error
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _identifier(row: Sequence[str], own: int | None, line: int) -> str:
    given = row[own].strip() if own is not None and own < len(row) else ""
    return given or str(line)


def _application(row: Sequence[str], field_at: Sequence[FormField | None]) -> dict[str, Value]:
    """Return the application of a line: an empty cell declares that there is none, a column not there is unknown.

    What is required and empty is left out, so that the API asks for it.
    """
    read = [(field, _value(field, cell.strip())) for field, cell in zip(field_at, row, strict=False) if field]
    return {field.name: value for field, value in read if value is not None or not field.required}


def _value(field: FormField, cell: str) -> Value:
    if not cell:
        return None
    if field.kind == "category":
        return cell
    number = read_number(cell, FRENCH)
    if number is None:
        return cell
    return int(number) if field.kind == "flag" and number.is_integer() else number


def _written(rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file that spreadsheets open as UTF-8, and that starts no formula."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows([_inert(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _inert(cell: object) -> object:
    """Keep a text that an uploader wrote from being a formula in the spreadsheet that opens the results."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
