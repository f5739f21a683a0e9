"""The feature table as numbers: the same encoding a request gets, for all rows at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from training.schema import InputEntry


@dataclass(frozen=True, slots=True)
class StoredColumns:
    """The inputs of some applications where they lie: each column is read when it is asked for.

    All of them at once are a gigabyte for three hundred thousand applications, and a model reads forty.

    Attributes
    ----------
    table
        Parquet file written by ``training features``.
    inputs
        What may be read, by name; one the table does not hold (a history that was left out) is missing throughout.
    places
        Row numbers of the applications in the file, shape ``(n_applications,)``.
    """

    table: Path
    inputs: Mapping[str, InputEntry]
    places: np.ndarray

    def read(self, names: Sequence[str]) -> np.ndarray:
        """Return columns as `Dataset.columns` does, none of them held twice on the way."""
        rows = np.full((len(self.places), len(names)), np.nan, order="F")
        with pq.ParquetFile(self.table) as file:
            stored = set(file.schema_arrow.names)
            for index, name in enumerate(names):
                if name in stored:
                    entry = self.inputs[name]
                    categories = entry.categories if entry.kind == "category" else ()
                    column = file.read([name]).column(0)
                    rows[:, index] = encode_column(column, name, categories)[self.places]
        return rows


@dataclass(frozen=True, slots=True)
class Dataset:
    """Applications, encoded.

    Attributes
    ----------
    ids
        ``SK_ID_CURR``, shape ``(n_applications,)``.
    values
        Raw values, categories as codes, NaN for missing: float64 of shape ``(n_applications, n_inputs)``, or where
        they lie.
    input_names
        Columns of `values`.
    """

    ids: np.ndarray
    values: np.ndarray | StoredColumns
    input_names: tuple[str, ...]

    @property
    def rows(self) -> np.ndarray:
        """All columns."""
        return self.columns(self.input_names)

    def columns(self, names: Sequence[str]) -> np.ndarray:
        """Return the columns of some inputs, in the order asked for.

        Returns
        -------
        rows
            float64, in Fortran order; shape ``(n_applications, n_names)``.
        """
        if isinstance(self.values, StoredColumns):
            return self.values.read(names)
        place = {name: index for index, name in enumerate(self.input_names)}
        return np.asfortranarray(self.values[:, [place[name] for name in names]])

    def at(self, places: np.ndarray) -> Self:
        """Return some of the applications, by row number."""
        if isinstance(self.values, StoredColumns):
            return replace(self, ids=self.ids[places], values=replace(self.values, places=self.values.places[places]))
        return replace(self, ids=self.ids[places], values=self.values[places])


@dataclass(frozen=True, slots=True)
class LabelledDataset(Dataset):
    """Applications whose outcome is known: what is learned from, and what judges.

    Attributes
    ----------
    default
        1 for a default, 0 for a credit that was repaid; shape ``(n_applications,)``.
    """

    default: np.ndarray

    def at(self, places: np.ndarray) -> Self:
        """Return some of the applications, by row number."""
        part = Dataset(self.ids, self.values, self.input_names).at(places)
        return replace(self, ids=part.ids, values=part.values, default=self.default[places])


def read_dataset(table: Path, inputs: Sequence[InputEntry], *, population: str | None = None) -> Dataset:
    """Return the applications of a feature table.

    Parameters
    ----------
    table
        Parquet file written by ``training features``.
    inputs
        Columns that may be read; one the table does not hold (a history that was left out) is missing throughout.
    population
        ``train`` or ``test``; both by default.
    """
    content = pq.read_table(table, columns=["SK_ID_CURR", "POPULATION"])
    every = np.arange(content.num_rows)
    places = every if population is None else every[content.column("POPULATION").to_numpy() == population]
    values = StoredColumns(table, {entry.name: entry for entry in inputs}, places)
    return Dataset(content.column("SK_ID_CURR").to_numpy()[places], values, tuple(values.inputs))


def read_labelled_dataset(table: Path, inputs: Sequence[InputEntry]) -> LabelledDataset:
    """Return the applications of a feature table that have an outcome; parameters as in `read_dataset`."""
    content = pq.read_table(table, columns=["TARGET"], filters=[("POPULATION", "=", "train")])
    data = read_dataset(table, inputs, population="train")
    return LabelledDataset(data.ids, data.values, data.input_names, content.column(0).to_numpy().astype(np.int64))


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
