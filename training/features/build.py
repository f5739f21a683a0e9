"""Run the SQL of each kept table and join the results one-to-one on the application."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb
from tqdm import tqdm

from features.quoting import literal
from features.sql import KEY, feature_sql, joined_sql
from features.tables import SCHEMA_FOLDER
from training.errors import DataError
from training.features.engines import open_engine
from training.files import written_file
from training.provenance import code_fingerprint
from training.sources.database import Workspace, within_limits

if TYPE_CHECKING:
    from pathlib import Path

    from training.features.engines import EngineName
    from training.sources import Sources

_FINGERPRINT = "fingerprint"


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


def build_features(
    sources: Sources, out: Path, *, engine: EngineName = "duckdb", progress: bool = False
) -> FeatureTable:
    """Write the feature table of the sources.

    Parameters
    ----------
    sources
        Checked tables; those left out give no columns.
    out
        A ``.parquet`` file, written anew; or a cache folder, where files are named after the fingerprint and reused.
    engine
        Who runs the SQL. Both give the same features but for the last digits of a double.
    progress
        Show a progress bar over the tables.

    Raises
    ------
    DataError
        ``TRN118`` when memory does not suffice, ``TRN119`` when a table does not give one row per application,
        ``TRN120`` when the disk is full, ``TRN121`` or ``TRN122`` when Spark is absent or fails, ``TRN161`` when `out`
        cannot be written.
    """
    fingerprint = features_fingerprint(sources, engine)
    if out.suffix != ".parquet":
        path = out / f"features-{fingerprint[:16]}.parquet"
        if _stored_fingerprint(path) == fingerprint:
            return _described(path, sources, fingerprint, reused=True)
        out = path
    try:
        with written_file(out) as temporary, within_limits(sources.memory_limit):
            _write(sources, temporary, fingerprint, engine, progress=progress)
    except (OSError, duckdb.IOException) as error:
        raise DataError("TRN120", f"the features cannot be written to {out}; check the folder and its space") from error
    return _described(out, sources, fingerprint, reused=False)


def features_fingerprint(sources: Sources, engine: EngineName = "duckdb") -> str:
    """Return the sha256 over all that decides the features: contents, dialect, code, SQL, schema and engine."""
    digest = hashlib.sha256(f"{duckdb.__version__} {sources.manifest.fingerprint}".encode())
    # What reads, checks and joins the tables writes SQL too.
    digest.update(code_fingerprint(__name__).encode())
    for choice in (engine, sources.dialect):
        if choice not in ("duckdb", "plain"):
            digest.update(choice.encode())
    for table in sources.tables:
        digest.update(f"\n-- {table}\n{feature_sql(table)}".encode())
        digest.update((SCHEMA_FOLDER / f"{table}.csv").read_bytes())
    return digest.hexdigest()


def _write(sources: Sources, path: Path, fingerprint: str, engine: EngineName, *, progress: bool) -> None:
    """Aggregate each history to a file of its own, then join the files to the applications."""
    workspace = Workspace()
    with sources.connect() as database, open_engine(engine, database, workspace.path) as runner:
        parts = []
        with tqdm(sources.tables, desc="features", unit="table", disable=None if progress else True) as bar:
            for table in bar:
                bar.set_postfix_str(table)
                parts.append(_checked(database, table, runner.run(table)))
        own, *histories = parts
        joined = joined_sql(own, {relation: _columns(database, relation) for relation in histories})
        database.execute(
            f"COPY ({joined}) TO {literal(str(path))} "
            f"(FORMAT parquet, KV_METADATA {{{_FINGERPRINT}: {literal(fingerprint)}}})"
        )
        _check_one_to_one(database, path)


def _checked(database: duckdb.DuckDBPyConnection, table: str, relation: str) -> str:
    """Return the relation, which has to give each application once."""
    query = f"SELECT count(*), count(DISTINCT {KEY}) FROM {relation}"
    ((rows, applicants),) = database.execute(query).fetchall()
    if rows != applicants:
        raise DataError("TRN119", f"{table}.sql gives {rows:,} rows for {applicants:,} applications; group by {KEY}")
    return relation


def _columns(database: duckdb.DuckDBPyConnection, relation: str) -> list[str]:
    return [str(row[0]) for row in database.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()]


def _check_one_to_one(database: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Check that the joins neither lost nor multiplied an application."""
    ((expected,),) = database.execute("SELECT count(*) FROM application").fetchall()
    query = f"SELECT count(*), count(DISTINCT {KEY}) FROM read_parquet({literal(str(path))})"
    ((rows, applicants),) = database.execute(query).fetchall()
    if not rows == applicants == expected:
        detail = f"{rows:,} rows for {applicants:,} keys, {expected:,} expected"
        raise DataError("TRN119", f"the feature table is not one row per application: {detail}")


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
