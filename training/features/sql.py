"""The SQL of the tables, as it lies in the folder: one file for each."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent


def feature_sql(table: str) -> str:
    """Return the SELECT that turns the rows of a raw table into one row per application."""
    return (FOLDER / f"{table.lower()}.sql").read_text(encoding="utf-8").rstrip()
