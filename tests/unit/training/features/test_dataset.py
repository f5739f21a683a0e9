"""The feature table as numbers: the encoding that a request gets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from training.errors import DataError
from training.features.dataset import Dataset, LabelledDataset, encode_column, read_dataset, read_labelled_dataset
from training.schema import load_inputs

if TYPE_CHECKING:
    from pathlib import Path

INPUTS = [entry for entry in load_inputs() if entry.name in {"NAME_CONTRACT_TYPE", "AMT_CREDIT", "EXT_SOURCE_1"}]


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Write a feature table of three applications that lacks one input."""
    columns = {
        "SK_ID_CURR": [1, 2, 3],
        "POPULATION": ["train", "test", "train"],
        "TARGET": [1, None, 0],
        "NAME_CONTRACT_TYPE": ["Revolving loans", "Cash loans", None],
        "AMT_CREDIT": [1.5, 2.5, None],
    }
    pq.write_table(pa.table(columns), tmp_path / "features.parquet")
    return tmp_path / "features.parquet"


def test_labelled_applications_come_with_their_outcomes(table: Path) -> None:
    """Only applications whose outcome is known are read, each with its own."""
    data = read_labelled_dataset(table, INPUTS)

    assert data.ids.tolist() == [1, 3]
    assert data.default.tolist() == [1, 0]


def test_applications_without_outcomes_are_of_another_type(table: Path) -> None:
    """Nothing that learns or judges takes them: there is no outcome to be read, nor one made up."""
    data = read_dataset(table, INPUTS, population="test")

    assert data.ids.tolist() == [2]
    assert not isinstance(data, LabelledDataset)
    assert not hasattr(data, "default")


def test_some_applications_keep_what_is_theirs() -> None:
    """Chosen by row number, each keeps its key, its values and its outcome."""
    data = LabelledDataset(np.array([7, 8, 9]), np.array([[1.0], [2.0], [3.0]]), ("A",), np.array([0, 1, 0]))
    chosen = data.at(np.array([2, 1]))

    assert (chosen.ids.tolist(), chosen.rows[:, 0].tolist(), chosen.default.tolist()) == ([9, 8], [3.0, 2.0], [0, 1])


def test_read_dataset_encodes_and_leaves_missing_missing(table: Path) -> None:
    """Categories become codes; absent values and absent columns become NaN."""
    rows = read_dataset(table, INPUTS, population="train").columns(["NAME_CONTRACT_TYPE", "AMT_CREDIT", "EXT_SOURCE_1"])

    np.testing.assert_array_equal(rows, [[1.0, 1.5, np.nan], [np.nan, np.nan, np.nan]])


def test_columns_come_in_the_order_asked_for() -> None:
    """Order comes from the caller's list, never from storage."""
    data = Dataset(np.array([1]), np.array([[1.0, 2.0, 3.0]]), ("A", "B", "C"))

    assert data.columns(["C", "A"]).tolist() == [[3.0, 1.0]]


def test_encode_column_refuses_a_value_outside_the_vocabulary() -> None:
    """An unknown category is named, not silently turned into missing."""
    with pytest.raises(DataError, match="TRN160: COLOUR has values outside its vocabulary: blue"):
        encode_column(pa.array(["red", "blue"]), "COLOUR", ("red", "green"))


def test_encode_column_reads_chunks_as_one() -> None:
    """A column stored in pieces has one set of codes."""
    column = pa.chunked_array([["b"], ["a", None]])

    np.testing.assert_array_equal(encode_column(column, "X", ("a", "b")), [1.0, 0.0, np.nan])
