"""Tables as they leave the generator: columns in the order and types of the data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from features.tables import HISTORY_TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

TABLES = ("application_train", "application_test", *HISTORY_TABLES)
TRUTH = "true_default_probability"
_TYPES = {"int64": pa.int64(), "double": pa.float64(), "large_string": pa.large_string()}


def arrow_schema(columns: Sequence[tuple[str, str]]) -> pa.Schema:
    """Return the schema of a table."""
    return pa.schema([(name, _TYPES[kind]) for name, kind in columns])


def arrow_table(
    values: Mapping[str, NDArray[np.generic]], schema: pa.Schema, labels: Mapping[str, Sequence[str]]
) -> pa.Table:
    """Return the columns of `schema` taken from `values`; a column of strings holds numbers of `labels`."""
    columns = [_column(values[field.name], field.type, labels.get(field.name, ())) for field in schema]
    return pa.Table.from_arrays(columns, schema=schema)


def _column(values: NDArray[np.generic], kind: pa.DataType, labels: Sequence[str]) -> pa.Array:
    """Return one column; NaN becomes null."""
    if kind == pa.int64():
        return pa.array(values.astype(np.int64))
    if kind == pa.float64():
        return pa.array(values.astype(np.float64), from_pandas=True)
    missing = np.isnan(values) if values.dtype.kind == "f" else None
    numbers = np.nan_to_num(values.astype(np.float32)).astype(np.int8) if missing is not None else values
    indices = pa.array(numbers, mask=missing)
    return pa.array(labels, pa.large_string()).take(indices)
