"""Tables of a folder as Parquet files: real ones, or those of a draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq

from training.errors import DataError
from training.population.drawing.tables import TABLES

if TYPE_CHECKING:
    from pathlib import Path


def read_tables(folder: Path) -> dict[str, pd.DataFrame]:
    """Return all tables of a folder.

    Raises
    ------
    DataError
        ``TRN155`` when one is absent.
    """
    return {table: read_table(folder, table) for table in TABLES}


def read_table(folder: Path, table: str) -> pd.DataFrame:
    """Return a table of a folder.

    Raises
    ------
    DataError
        ``TRN155`` when it is absent.
    """
    return pd.read_parquet(_file(folder, table))


def n_rows(folder: Path, table: str) -> int:
    """Return the number of rows of a table, which is not read.

    Raises
    ------
    DataError
        ``TRN155`` when it is absent.
    """
    return int(pq.read_metadata(_file(folder, table)).num_rows)


def _file(folder: Path, table: str) -> Path:
    path = folder / f"{table}.parquet"
    if not path.exists():
        raise DataError("TRN155", f"{path} does not exist; the sample is compared with tables stored as Parquet")
    return path
