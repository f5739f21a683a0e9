"""The feature table as numbers: the same encoding a request gets, for all rows at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.schema import InputEntry


@dataclass(frozen=True, slots=True)
class Dataset:
    """Applications, encoded.

    Attributes
    ----------
    ids
        ``SK_ID_CURR``, shape ``(n_applications,)``.
    rows
        Raw values, categories as codes, NaN for missing; float64, shape ``(n_applications, n_inputs)``.
    input_names
        Columns of `rows`.
    """

    ids: np.ndarray
    rows: np.ndarray
    input_names: tuple[str, ...]

    def columns(self, names: Sequence[str]) -> np.ndarray:
        """Return the columns of some inputs, in the order asked for."""
        place = {name: index for index, name in enumerate(self.input_names)}
        return np.ascontiguousarray(self.rows[:, [place[name] for name in names]])


def joined(first: Dataset, second: Dataset) -> Dataset:
    """Return the applications of two data sets with the same inputs."""
    ids, rows = np.concatenate([first.ids, second.ids]), np.concatenate([first.rows, second.rows])
    return Dataset(ids, rows, first.input_names)


@dataclass(frozen=True, slots=True)
class LabelledDataset(Dataset):
    """Applications whose outcome is known: what is learned from, and what judges.

    Attributes
    ----------
    default
        1 for a default, 0 for a credit that was repaid; shape ``(n_applications,)``.
    """

    default: np.ndarray

    def at(self, places: np.ndarray) -> LabelledDataset:
        """Return some of the applications, by row number."""
        return LabelledDataset(self.ids[places], self.rows[places], self.input_names, self.default[places])


def read_dataset(table: Path, inputs: Sequence[InputEntry], *, population: str) -> Dataset:
    """Read the applications of one population of a feature table.

    Parameters
    ----------
    table
        Parquet file written by ``training features``.
    inputs
        Columns to read; one the table does not hold (a history that was left out) is missing throughout.
    population
        ``train`` or ``test``.
    """
    return _encoded(_content_of(table, inputs, population), inputs)


def read_labelled_dataset(table: Path, inputs: Sequence[InputEntry]) -> LabelledDataset:
    """Read the applications of a feature table that have an outcome; parameters as in `read_dataset`."""
    content = _content_of(table, inputs, "train")
    data = _encoded(content, inputs)
    default = content.column("TARGET").to_numpy().astype(np.int64)
    return LabelledDataset(data.ids, data.rows, data.input_names, default)


def _content_of(table: Path, inputs: Sequence[InputEntry], population: str) -> pa.Table:
    stored = set(pq.read_schema(table).names)
    columns = ["SK_ID_CURR", "TARGET", *(entry.name for entry in inputs if entry.name in stored)]
    return pq.read_table(table, columns=columns, filters=[("POPULATION", "=", population)])


def _encoded(content: pa.Table, inputs: Sequence[InputEntry]) -> Dataset:
    rows = np.full((content.num_rows, len(inputs)), np.nan)
    for index, entry in enumerate(inputs):
        if entry.name in content.column_names:
            categories = entry.categories if entry.kind == "category" else ()
            rows[:, index] = encode_column(content.column(entry.name), entry.name, categories)
    return Dataset(content.column("SK_ID_CURR").to_numpy(), rows, tuple(entry.name for entry in inputs))


def encode_column(column: pa.ChunkedArray | pa.Array, name: str, categories: Sequence[str]) -> np.ndarray:
    """Return numbers as they are and categories as their place in the vocabulary; NaN for missing.

    Raises
    ------
    DataError
        ``TRN160`` when a value is not in the vocabulary.
    """
    if not categories:
        return np.asarray(column.to_numpy(zero_copy_only=False), np.float64)
    whole = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    dictionary = whole.dictionary_encode()
    code_of = {category: float(code) for code, category in enumerate(categories)}
    found = dictionary.dictionary.to_pylist()
    unknown = [value for value in found if value not in code_of]
    if unknown:
        raise DataError("TRN160", f"{name} has values outside its vocabulary: {', '.join(map(str, unknown))}")
    codes = np.array([*(code_of[value] for value in found), np.nan])
    indices = dictionary.indices.fill_null(len(found)).to_numpy(zero_copy_only=False)
    return np.asarray(codes[indices])
