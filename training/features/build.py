"""Run the SQL of each kept table and join the results one-to-one on the application."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
from tqdm import tqdm

from features.quoting import literal
from features.sql import KEY, feature_sql, joined_sql
from features.tables import SCHEMA_FOLDER
from training.errors import DataError
from training.features.one_row import check_part, check_whole
from training.files import written_file
from training.provenance import code_fingerprint
from training.sources.database import Workspace, within_limits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from training.sources import Sources

_FINGERPRINT = "fingerprint"
# Packing a file that the join reads once, at once, costs more than its size on disk.
_READ_ONCE = ", COMPRESSION uncompressed, DICTIONARY_SIZE_LIMIT 1"
# Few enough for two groups of five hundred columns to be held, one computed while the other is packed.
_ROWS_A_GROUP = 24_576


@dataclass(frozen=True)
class FeatureTable:
    """A Parquet file with one row per application, in the order of ``SK_ID_CURR``.

    `columns` are ``SK_ID_CURR``, ``POPULATION``, ``TARGET``, the columns of the application, then the aggregates of
    the kept tables. `fingerprint` stands for the contents of the sources, the SQL and the schema; `reused` says that
    the file was there already.
    """

    path: Path
    fingerprint: str
    columns: tuple[str, ...]
    rows: int
    notes: tuple[str, ...]
    reused: bool = False


def build_features(sources: Sources, out: Path, *, progress: bool = False) -> FeatureTable:
    """Write the feature table of the sources.

    Parameters
    ----------
    sources
        Checked tables; those left out give no columns.
    out
        A ``.parquet`` file, written anew; or a cache folder, where files are named after the fingerprint and reused.
    progress
        Show a progress bar over the tables.

    Raises
    ------
    DataError
        ``TRN118`` when memory does not suffice, ``TRN119`` when a table does not give one row per application,
        ``TRN120`` when the disk is full, ``TRN161`` when `out` cannot be written.
    """
    fingerprint = features_fingerprint(sources)
    if out.suffix != ".parquet":
        path = out / f"features-{fingerprint[:16]}.parquet"
        if _stored_fingerprint(path) == fingerprint:
            return _described(path, sources, fingerprint, reused=True)
        out = path
    try:
        with written_file(out) as temporary, within_limits(sources.memory_limit):
            _write(sources, temporary, fingerprint, progress=progress)
    except (OSError, duckdb.IOException) as error:
        raise DataError("TRN120", f"the features cannot be written to {out}; check the folder and its space") from error
    return _described(out, sources, fingerprint, reused=False)


def features_fingerprint(sources: Sources) -> str:
    """Return the sha256 over all that decides the features: contents, dialect, code, SQL and schema."""
    digest = hashlib.sha256(f"{duckdb.__version__} {sources.manifest.fingerprint}".encode())
    # What reads, checks and joins the tables writes SQL too.
    digest.update(code_fingerprint(__name__).encode())
    if sources.dialect != "plain":
        digest.update(sources.dialect.encode())
    for table in sources.tables:
        digest.update(f"\n-- {table}\n{feature_sql(table)}".encode())
        digest.update((SCHEMA_FOLDER / f"{table}.csv").read_bytes())
    return digest.hexdigest()


def _write(sources: Sources, path: Path, fingerprint: str, *, progress: bool) -> None:
    """Aggregate each history to a file of its own, then join the files to the applications."""
    workspace = Workspace()
    with sources.connect() as database:
        parts = []
        with tqdm(sources.tables, desc="features", unit="table", disable=None if progress else True) as bar:
            for table in bar:
                bar.set_postfix_str(table)
                part = _aggregated(database, table, workspace.path)
                check_part(database, table, part)
                parts.append(part)
        own, *histories = parts
        joined = joined_sql(own, {relation: _columns(database, relation) for relation in histories})
        _write_rows(database.sql(joined).to_arrow_reader(_ROWS_A_GROUP), path, fingerprint)
        check_whole(database, f"read_parquet({literal(str(path))})")


def _aggregated(database: duckdb.DuckDBPyConnection, table: str, folder: Path) -> str:
    """Run the SQL of a table; return the relation of its rows per application."""
    rows = f"({feature_sql(table)})"
    if table == "application":
        # The widest table is read once, by the join.
        return rows
    path = literal(str(folder / f"{table}.features.parquet"))
    database.execute(f"COPY (FROM {rows}) TO {path} (FORMAT parquet{_READ_ONCE})")
    return f"read_parquet({path})"


def _write_rows(rows: pa.RecordBatchReader, path: Path, fingerprint: str) -> None:
    """Write rows in their order, each group of them while the next is computed.

    DuckDB's own COPY packs rows that have an order on one core, after it has computed them.
    """
    texts = [column.name for column in rows.schema if not pa.types.is_primitive(column.type)]
    with (
        # Statistics of PyArrow leave NaN out, and DuckDB would answer isnan from them.
        pq.ParquetWriter(path, rows.schema, use_dictionary=texts, write_statistics=[KEY], store_schema=False) as writer,
        ThreadPoolExecutor(1) as pool,
    ):
        writer.add_key_value_metadata({_FINGERPRINT: fingerprint})
        packed = pool.submit(int)
        for batch in _told_as_the_database(rows):
            packed.result()
            packed = pool.submit(writer.write_batch, batch)
        packed.result()


def _told_as_the_database(rows: pa.RecordBatchReader) -> Iterator[pa.RecordBatch]:
    """Yield batches; where memory ends between two of them, PyArrow would not say so in a type of its own."""
    try:
        yield from rows
    except (OSError, pa.ArrowException) as error:
        if "Out of Memory" in str(error):
            raise duckdb.OutOfMemoryException(str(error)) from error
        raise


def _columns(database: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [str(row[0]) for row in database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def _stored_fingerprint(path: Path) -> str | None:
    """Return the fingerprint inside a feature file, or None when there is no such file that can be read."""
    if not path.is_file():
        return None
    query = f"SELECT value FROM parquet_kv_metadata({literal(str(path))}) WHERE key = '{_FINGERPRINT}'"
    with duckdb.connect() as database:
        try:
            found = database.execute(query).fetchall()
        except duckdb.Error:
            return None
    return bytes(found[0][0]).decode() if found else None


def _described(path: Path, sources: Sources, fingerprint: str, *, reused: bool) -> FeatureTable:
    with duckdb.connect() as database:
        relation = f"read_parquet({literal(str(path))})"
        ((rows,),) = database.execute(f"SELECT count(*) FROM {relation}").fetchall()
        columns = tuple(_columns(database, relation))
    return FeatureTable(path, fingerprint, columns, rows, sources.notes, reused)
