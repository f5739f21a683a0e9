"""The libraries of this room, which the main environment does not have."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from training.errors import DataError


def library(name: str) -> Any:
    """Import a module of PySpark or sqlglot.

    Raises
    ------
    DataError
        ``TRN121`` where it is not installed.
    """
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        advice = "run `make .venv-spark/.ready` and call .venv-spark/bin/python, or stay with --engine duckdb"
        raise DataError("TRN121", f"the Spark engine is not in this environment; {advice}") from error
