"""Files that grow chunk by chunk."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Literal, Self

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from training.population.drawing.tables import TRUTH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pyarrow as pa

type Format = Literal["parquet", "csv"]


class TableWriters:
    """One open file per table; closed together.

    Parameters
    ----------
    folder
        Where the files go.
    schemas
        Schema of each table by name.
    form
        ``parquet``, or ``csv`` as Kaggle writes it. The truth is always Parquet.
    """

    def __init__(self, folder: Path, schemas: Mapping[str, pa.Schema], form: Format) -> None:
        self.n_rows = dict.fromkeys(schemas, 0)
        self._stack = ExitStack()
        self._writers = {
            table: self._stack.enter_context(_writer(folder, table, schema, form)) for table, schema in schemas.items()
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._stack.close()

    def write(self, table: str, rows: pa.Table) -> None:
        """Append rows to a table."""
        self._writers[table].write_table(rows)
        self.n_rows[table] += rows.num_rows


def _writer(folder: Path, table: str, schema: pa.Schema, form: Format) -> pq.ParquetWriter | pa_csv.CSVWriter:
    if form == "parquet" or table == TRUTH:
        return pq.ParquetWriter(folder / f"{table}.parquet", schema, compression="zstd")
    options = pa_csv.WriteOptions(quoting_style="needed")
    return pa_csv.CSVWriter(folder / f"{table}.csv", schema, write_options=options)
