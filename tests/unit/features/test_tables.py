"""The declarations of the raw tables."""

from __future__ import annotations

import pyarrow.parquet as pq
import pytest

from features.tables import TABLE_NAMES, load_table
from tests.builders.sample import home_credit_sample


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_columns_are_declared_once_and_whole(name: str) -> None:
    """Each column has one row, a vocabulary if and only if it is a category, and bounds in order."""
    columns = load_table(name).columns

    assert len({column.name for column in columns}) == len(columns)
    for column in columns:
        assert (column.type == "category") == bool(column.categories), column.name
        assert len(set(column.categories)) == len(column.categories), column.name
        if column.minimum is not None and column.maximum is not None:
            assert column.minimum < column.maximum, column.name


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_links_are_columns(name: str) -> None:
    """Keys and dates named by the links are columns of the table, and parents come first in the list."""
    table = load_table(name)
    columns = {column.name for column in table.columns}

    assert columns.issuperset(table.key_columns)
    assert table.links.dated_by is None or table.links.dated_by in columns
    if table.links.parent is not None:
        assert TABLE_NAMES.index(table.links.parent) < TABLE_NAMES.index(name)


@pytest.mark.parametrize("name", TABLE_NAMES)
def test_declaration_matches_the_real_files(name: str) -> None:
    """The real files have exactly the declared columns, in the declared order."""
    file = "application_train" if name == "application" else name
    schema = pq.read_schema(home_credit_sample() / f"{file}.parquet")

    assert [column.name for column in load_table(name).columns] == schema.names


def test_unknown_table_has_no_declaration() -> None:
    """Asking for a table that does not exist is an error of the program."""
    with pytest.raises(KeyError, match="applications"):
        load_table("applications")
