"""The raw tables of a folder or a URL as Spark reads them: single files, folders of parts, and partitions."""

from __future__ import annotations

import csv
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Literal

from features.quoting import identifier
from features.tables import HISTORY_TABLES, load_table
from training.errors import DataError
from training.sources.faults import empty
from training.sources.files import similar_name, table_of
from training.sources.phrases import counted
from training.sources.reading import RawTable, check_header, expected_columns
from training.spark.libraries import library
from training.spark.storage import Storage, url_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from features.tables import Column
    from training.spark.database import SparkDatabase
    from training.spark.storage import Entry, Place

type Form = Literal["parquet", "csv"]

_ENDINGS: Final[dict[str, Form]] = {".parquet": "parquet", ".csv": "csv", ".csv.gz": "csv"}
# Text as it is read on one machine: nothing is guessed, a quote is doubled within quotes. Parts are read in pieces, so
# that no cell holds the end of a line.
_TEXT: Final = {"sep": ",", "quote": '"', "escape": '"', "header": "true", "emptyValue": "", "nullValue": ""}
_MALFORMED: Final = "malformed row"
# What bytes that are not UTF-8 become.
_NOT_TEXT: Final = "\ufffd"
_AT_ONCE: Final = 8
_ALIKE: Final = "write them anew with the same columns of the same types"
# Spark's names of the types, where the checks have another.
_TYPES: Final = {"string": "VARCHAR", "int": "INTEGER"}


@dataclass(frozen=True, slots=True)
class Source:
    """One table where Spark reads it: a file, or a folder of parts."""

    name: str
    url: str
    form: Form
    parts: tuple[str, ...]

    @property
    def title(self) -> str:
        """What messages call it."""
        return self.url.rpartition("/")[2]


def find_sources(storage: Storage, place: Place) -> tuple[dict[str, Source], Callable[[str], str | None]]:
    """Find the tables in a folder; return them by name, and what finds a name like one that is not there.

    Raises
    ------
    DataError
        ``TRN101`` without such a folder, ``TRN103`` when two of its entries hold one table, ``TRN104`` for an archive
        or a folder that is not whole, ``TRN105`` for a folder whose parts are not of one form.
    """
    url = url_of(place)
    if not storage.is_folder(url):
        raise DataError("TRN101", f"there is no data folder {place}; give the folder that holds the Kaggle files")
    entries = storage.entries(url)
    found: dict[str, Source] = {}
    for entry in entries:
        name = table_of(entry.name)
        if name is None:
            continue
        if name in found:
            detail = f"{found[name].title} and {entry.name} both hold {name}; keep one of them"
            raise DataError("TRN103", detail)
        found[name] = _source(storage, name, entry)
    return found, partial(similar_name, [entry.name for entry in entries])


def read_raw(database: SparkDatabase, source: Source) -> RawTable:
    """Make the rows of one source available to SQL.

    Raises
    ------
    DataError
        ``TRN104`` when it cannot be read, ``TRN106`` when a declared column is missing or there twice, ``TRN107``
        without a header, ``TRN127`` when its parts do not have the same columns of the same types.
    """
    table = load_table(source.name if source.name in HISTORY_TABLES else "application")
    columns = expected_columns(source.name, table)
    if source.form == "csv":
        frame, names = _read_text(database.session, source, columns)
    else:
        frame, names = _read_parquet(database.session, source, columns)
    relation = f"raw_{source.name}"
    frame.createOrReplaceTempView(relation)
    if source.form == "csv":
        _check_text(database, source, relation)
    stored = {name: _TYPES.get(kind, kind.upper()) for name, kind in frame.dtypes}
    extra = tuple(name for name in names if name not in {column.name for column in columns})
    return RawTable(source.name, PurePosixPath(source.url), relation, table, columns, stored, extra)


def _source(storage: Storage, name: str, entry: Entry) -> Source:
    parts = storage.files(entry.url) if entry.is_folder else [entry.url]
    forms = {_form(part) for part in parts}
    if not parts:
        raise empty(name, has_header=False)
    (form, *others) = forms
    if form is None or others:
        advice = "unpack archives, and give every part one form: .parquet, .csv or .csv.gz"
        raise DataError("TRN105", f"{entry.name} holds what Spark does not read as one table; {advice}")
    return Source(name, entry.url, form, tuple(parts))


def _form(url: str) -> Form | None:
    return next((form for ending, form in _ENDINGS.items() if url.lower().endswith(ending)), None)


def _read_parquet(session: Any, source: Source, columns: Sequence[Column]) -> tuple[Any, tuple[str, ...]]:
    def columns_of(part: str) -> dict[str, str]:
        return dict(session.read.parquet(part).dtypes)

    _check_parts(source, columns, _of_each_part(columns_of, source))
    frame = session.read.parquet(source.url)
    names = tuple(frame.columns)
    check_header(source.name, names, columns)
    return frame.select(*(_quoted(column.name) for column in columns)), names


def _read_text(session: Any, source: Source, columns: Sequence[Column]) -> tuple[Any, tuple[str, ...]]:
    def header_of(part: str) -> tuple[str, ...]:
        first = session.read.text(part).head()
        return tuple(next(csv.reader([first[0].removeprefix("\ufeff")]), ())) if first else ()

    first, *others = headers = _of_each_part(header_of, source)
    if not all(headers):
        raise empty(source.name, has_header=False)
    if any(other != first for other in others):
        _check_parts(source, columns, [dict.fromkeys(header, "text") for header in headers])
        raise DataError("TRN127", f"{source.name}: its parts have their columns in different orders; {_ALIKE}")
    names = [name if first.count(name) == 1 else f"undeclared {place}" for place, name in enumerate(first)]
    fields = ", ".join(f"{_quoted(name)} STRING" for name in (*names, _MALFORMED))
    reader = session.read.schema(fields).options(**_TEXT, mode="PERMISSIVE", columnNameOfCorruptRecord=_MALFORMED)
    frame = reader.csv(source.url)
    partitions = tuple(name for name in frame.columns if name not in {*names, _MALFORMED})
    check_header(source.name, (*first, *partitions), columns)
    chosen = [*(column.name for column in columns), _MALFORMED]
    # Text is read once: every check would else take it apart anew.
    on_disk = frame.select(*map(_quoted, chosen)).persist(library("pyspark").StorageLevel.DISK_ONLY)
    return on_disk, (*first, *partitions)


def _check_text(database: SparkDatabase, source: Source, relation: str) -> None:
    """Refuse rows of another number of cells than the header, and bytes that are not UTF-8."""
    cells = [name for name in database.columns(relation) if name != _MALFORMED]
    strange = " OR ".join(f"contains({identifier(name)}, '{_NOT_TEXT}')" for name in cells)
    query = f"SELECT count({identifier(_MALFORMED)}), count(CASE WHEN {strange} THEN 1 END) FROM {relation}"
    ((malformed, not_text),) = database.execute(query).fetchall()
    if malformed:
        rows = counted(malformed, "row has", "rows have")
        raise DataError(
            "TRN104", f"{source.title} cannot be read: {rows} another number of cells than the header ({source.url})"
        )
    if not_text:
        raise DataError(
            "TRN104", f"{source.title} cannot be read: it is not UTF-8 text; save it as UTF-8 ({source.url})"
        )


def _of_each_part[Found](ask: Callable[[str], Found], source: Source) -> list[Found]:
    """Ask something of each part; a small job each, some of them at once."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return list(pool.map(ask, source.parts))


def _check_parts(source: Source, columns: Sequence[Column], parts: Sequence[Mapping[str, str]]) -> None:
    """Refuse parts that hold a declared column in different types, or not all of them."""
    first, *others = parts
    for column in columns:
        for place, other in enumerate(others, start=1):
            here, there = other.get(column.name), first.get(column.name)
            if here != there:
                names = [source.parts[at].rpartition("/")[2] for at in (place, 0)]
                told = " and ".join(
                    f"{kind or 'absent'} in {name}" for kind, name in zip((here, there), names, strict=True)
                )
                raise DataError("TRN127", f"{source.name}.{column.name} is {told}; {_ALIKE}")


def _quoted(name: str) -> str:
    return f"`{name.replace('`', '``')}`"
