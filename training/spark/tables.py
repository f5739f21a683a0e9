"""The raw tables, checked by Spark: found, read, refused or put right in the words of one machine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from features.sql import no_rows_sql, tables_behind
from training.sources.checks import check_table
from training.sources.history import asked_tables
from training.sources.judging import chosen_files, judge, make_view
from training.spark.database import SparkDatabase
from training.spark.reading import find_sources, read_raw
from training.spark.storage import Storage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from training.sources.checks import CheckedTable
    from training.spark.storage import Place


@dataclass(frozen=True)
class ClusterTables:
    """Checked raw tables in a Spark session, each kept one a view under its name.

    Attributes
    ----------
    kept
        Names of the kept tables, ``application`` first.
    checked
        What was read, by file.
    notes
        What was found and done.
    """

    database: SparkDatabase
    storage: Storage
    kept: tuple[str, ...]
    checked: Mapping[str, CheckedTable]
    notes: tuple[str, ...]


def load_tables(
    session: Any,
    place: Place,
    *,
    tables: Sequence[str] | None = None,
    labelled: bool = True,
    progress: bool = False,
) -> ClusterTables:
    """Load and check the Home Credit tables of a folder or a URL.

    Parameters
    ----------
    session
        Open Spark session.
    place
        Holds each table as a Parquet or CSV file, or as a folder of them, partitioned or not.
    tables, labelled, progress
        As `training.sources.load_sources` takes them.

    Raises
    ------
    DataError
        What `training.sources.load_sources` raises, and ``TRN127`` for parts with different schemas.
    """
    asked = asked_tables(tables)
    database, storage = SparkDatabase(session), Storage(session)
    found, similar = find_sources(storage, place)
    sources = chosen_files(found, place, asked, similar, labelled=labelled)
    checked = {}
    with tqdm(sources.items(), desc="sources", unit="table", disable=None if progress else True) as bar:
        for name, source in bar:
            bar.set_postfix_str(name)
            checked[name] = check_table(database, read_raw(database, source))
    judgement = judge(database, checked, asked, similar, labelled=labelled)
    beside = {name: no_rows_sql(name) for table in judgement.queries for name in tables_behind(table)}
    for name, query in {**beside, **judgement.queries}.items():
        make_view(database, name, query)
    return ClusterTables(database, storage, tuple(judgement.queries), checked, tuple(judgement.notes))
