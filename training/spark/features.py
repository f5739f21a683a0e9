"""The feature table, made and joined by Spark: the SQL of one machine, a part at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tqdm import tqdm

from features.quoting import identifier
from features.sql import feature_sql, joined_sql
from training.features.one_row import check_part, check_whole
from training.spark.storage import written_place

if TYPE_CHECKING:
    from training.spark.storage import Place
    from training.spark.tables import ClusterTables

FEATURES = "features_of_all"


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A folder of Parquet parts with one row per application, in the order of ``SK_ID_CURR``."""

    place: Place
    rows: int
    columns: tuple[str, ...]


def make_features(tables: ClusterTables, *, progress: bool = False) -> str:
    """Describe the feature table as a view, and return its name; the aggregates of each history are made at once.

    Raises
    ------
    DataError
        ``TRN119`` when a table does not give one row per application.
    """
    database = tables.database
    parts = []
    with tqdm(tables.kept, desc="features", unit="table", disable=None if progress else True) as bar:
        for table in bar:
            bar.set_postfix_str(table)
            part = f"features_of_{table}"
            # The applications are read by the join alone; what is aggregated is made once and kept by the executors.
            what = "VIEW" if table == "application" else "TABLE"
            database.execute(f"CREATE TEMP {what} {identifier(part)} AS {feature_sql(table)}")
            check_part(database, table, part)
            parts.append(part)
    own, *histories = parts
    joined = joined_sql(own, {part: database.columns(part) for part in histories})
    database.execute(f"CREATE TEMP VIEW {FEATURES} AS {joined}")
    return FEATURES


def write_features(tables: ClusterTables, out: Place, *, progress: bool = False) -> WrittenTable:
    """Write the feature table of the tables as a folder of Parquet parts.

    Raises
    ------
    DataError
        ``TRN119`` when it would not be one row per application, ``TRN161`` when `out` cannot be written.
    """
    database = tables.database
    view = make_features(tables, progress=progress)
    with written_place(tables.storage, out) as temporary:
        database.session.table(view).write.parquet(temporary)
        database.session.read.parquet(temporary).createOrReplaceTempView("features_written")
        rows = check_whole(database, "features_written")
    return WrittenTable(out, rows, tuple(database.columns(view)))
