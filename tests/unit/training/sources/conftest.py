"""A folder of made-up tables that each test may spoil in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.home_credit import small_tables, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd


@pytest.fixture
def tables() -> dict[str, pd.DataFrame]:
    """Return the eight tables of a small, faultless folder."""
    return small_tables()


@pytest.fixture
def folder_of(tmp_path: Path) -> Callable[..., Path]:
    """Write tables as CSV into a folder: all of them, or the applications and the histories that are named."""

    def write(tables: dict[str, pd.DataFrame], *histories: str) -> Path:
        chosen = {name for name in tables if not histories or name.startswith("application_")}.union(histories)
        return write_tables(tmp_path / "data", {name: tables[name] for name in tables if name in chosen})

    return write
