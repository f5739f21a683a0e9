"""Bring one source file within reach of SQL: Parquet where it lies, CSV converted once under declared types."""

from __future__ import annotations

import csv
import errno
import gzip
import re
import shutil
import zipfile
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import duckdb

from features.quoting import identifier, literal
from training.errors import DataError
from training.sources.faults import empty, header_hint, not_text, unreadable
from training.sources.files import TEST_FILE
from training.sources.spreadsheet import rewrite

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path, PurePath

    from features.tables import Column, Table
    from training.sources.files import SourceFile
    from training.sources.spreadsheet import Dialect

TARGET = "TARGET"
SHOWN_COLUMNS = 5
# RuntimeError is what zipfile raises for a password or a method it does not know.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, UnicodeDecodeError, csv.Error, OSError, RuntimeError)


@dataclass(frozen=True)
class RawTable:
    """A source file as SQL sees it, not yet checked.

    `relation` goes after FROM, `stored_types` are the types in the file by declared column, `extra` the undeclared
    columns.
    """

    name: str
    path: PurePath
    relation: str
    table: Table
    columns: tuple[Column, ...]
    stored_types: dict[str, str]
    extra: tuple[str, ...]


def read_raw(
    database: duckdb.DuckDBPyConnection,
    source: SourceFile,
    table: Table,
    workspace: Path,
    *,
    dialect: Dialect = "plain",
) -> RawTable:
    """Make the rows of one source file available to SQL.

    Raises
    ------
    DataError
        ``TRN104`` when the file cannot be read, ``TRN106`` when a declared column is missing or there twice, ``TRN123``
        when a spreadsheet's number does not keep to the convention of its file.
    """
    columns = expected_columns(source.name, table)
    if source.path.name.lower().endswith(".parquet"):
        relation, header = f"read_parquet({literal(str(source.path.resolve()))})", None
    else:
        relation, header = _converted(database, source, columns, workspace, dialect)
    stored = _describe(database, relation, source.path)
    names = header or tuple(stored)
    check_header(source.name, names, columns)
    extra = tuple(name for name in names if name not in {column.name for column in columns})
    return RawTable(source.name, source.path, relation, table, columns, stored, extra)


def expected_columns(name: str, table: Table) -> tuple[Column, ...]:
    """Return the declared columns that a file must have: the test applications carry no outcome."""
    return tuple(column for column in table.columns if not (name == TEST_FILE and column.name == TARGET))


def check_header(name: str, header: tuple[str, ...], columns: Sequence[Column]) -> None:
    """Refuse a header without a declared column, or with one of them twice.

    Raises
    ------
    DataError
        ``TRN106``, with the columns and why they may not be found.
    """
    missing = [column.name for column in columns if column.name not in header]
    if missing:
        advice = "give the file with every column of the Home Credit layout, comma-separated, or use --dialect excel"
        hint = header_hint(header, missing)
        raise DataError("TRN106", f"{name}: {_missing(missing)}{f', as {hint}' if hint else ''}; {advice}")
    twice = [column.name for column in columns if header.count(column.name) > 1]
    if twice:
        raise DataError("TRN106", f"{name}: column {twice[0]} is there twice; keep one of them")


def _missing(names: list[str]) -> str:
    """Name the missing columns, the first few of them where the whole header is wrong.

    >>> _missing(["AMT_CREDIT"])
    'column AMT_CREDIT is missing'
    """
    if len(names) == 1:
        return f"column {names[0]} is missing"
    shown = ", ".join(names[:SHOWN_COLUMNS]) + (", …" if len(names) > SHOWN_COLUMNS else "")
    return f"{len(names)} columns are missing ({shown})"


def _converted(
    database: duckdb.DuckDBPyConnection,
    source: SourceFile,
    columns: tuple[Column, ...],
    workspace: Path,
    dialect: Dialect,
) -> tuple[str, tuple[str, ...]]:
    """Convert a CSV file to Parquet; return its relation and its header."""
    target = workspace / f"{source.name}.parquet"
    extracted, rewritten = workspace / f"{source.name}.csv", workspace / f"{source.name}.plain.csv"
    try:
        path = _unpacked(source, extracted)
        if dialect == "excel":
            rewrite(path, {column.name for column in columns if column.type != "category"}, rewritten)
            path = rewritten
        header = _header(path)
        if not header:
            raise empty(source.name, has_header=False)
        check_header(source.name, header, columns)
        _convert(database, path, header, columns, target)
    except duckdb.OutOfMemoryException:
        raise
    except (*_UNREADABLE, duckdb.Error) as error:
        raise _fault(source.path, error) from error
    finally:
        extracted.unlink(missing_ok=True)
        rewritten.unlink(missing_ok=True)
    return f"read_parquet({literal(str(target))})", header


def _unpacked(source: SourceFile, target: Path) -> Path:
    """Return a file of plain text: itself, or what it packs, unpacked piece by piece so that its size never matters.

    Python unpacks, not the database: every joined part of a gzip is read, padding is passed over, and bytes that belong
    to no part are an error. Header and rows come from what was unpacked.
    """
    with ExitStack() as stack:
        if source.member is not None:
            archive = stack.enter_context(zipfile.ZipFile(source.path))
            packed: IO[bytes] | gzip.GzipFile = stack.enter_context(archive.open(source.member))
        elif source.path.name.lower().endswith(".gz"):
            packed = stack.enter_context(gzip.open(source.path))
        else:
            return source.path
        shutil.copyfileobj(packed, stack.enter_context(target.open("wb")), 1 << 20)
    return target


def _header(path: Path) -> tuple[str, ...]:
    """Return the column names of a CSV file, without the byte-order mark."""
    with path.open(encoding="utf-8-sig", newline="") as text:
        return tuple(next(csv.reader(text), ()))


def _convert(
    database: duckdb.DuckDBPyConnection, path: Path, header: tuple[str, ...], columns: tuple[Column, ...], target: Path
) -> None:
    """Write the declared columns of a CSV file as Parquet.

    The declared types are tried first, as that is the fast way. Where a value does not fit, the columns are kept as
    text and the checks name the culprit: DuckDB's own message would show the whole line, applicant's values included.
    """
    typed = {column.name: "VARCHAR" if column.type == "category" else "DOUBLE" for column in columns}
    try:
        database.execute(_copy_csv(path, header, typed, target))
    except duckdb.ConversionException:
        database.execute(_copy_csv(path, header, dict.fromkeys(typed, "VARCHAR"), target))


def _copy_csv(path: Path, header: tuple[str, ...], types: dict[str, str], target: Path) -> str:
    # Undeclared columns are read under a name of their own: two of them may differ only in case.
    names = [name if name in types else f"undeclared {position}" for position, name in enumerate(header)]
    struct = ", ".join(f"{literal(name)}: {literal(types.get(name, 'VARCHAR'))}" for name in names)
    return (
        f"COPY (SELECT {_listed(types)} FROM read_csv({literal(str(path))}, auto_detect = false, header = true, "
        f"delim = ',', quote = '\"', escape = '\"', compression = 'none', columns = {{{struct}}})) "
        f"TO {literal(str(target))} (FORMAT parquet)"
    )


def _fault(path: Path, error: Exception) -> DataError:
    """Return the error for a file that could not be converted."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DataError("TRN118", f"no room on disk to unpack {path.name}; free space or set TMPDIR to a larger disk")
    if isinstance(error, UnicodeDecodeError) or "not utf-8 encoded" in str(error):
        return not_text(path)
    return unreadable(path, _line(error))


def _line(error: Exception) -> str:
    """Return the line at which DuckDB stopped; the rest of its message shows the applicant's values."""
    found = re.search(r"CSV Error on Line: (\d+)", str(error))
    return f" at line {found[1]}" if found else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(identifier(name) for name in names)


def _describe(database: duckdb.DuckDBPyConnection, relation: str, path: Path) -> dict[str, str]:
    """Return the stored type of each column of a relation."""
    try:
        rows = database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as error:
        raise unreadable(path) from error
    return {str(row[0]): str(row[1]) for row in rows}
