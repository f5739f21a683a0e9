"""Arguments that several commands read the same way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import DataError
from training.files import ROOT
from training.sources.database import DEFAULT_MEMORY_LIMIT
from training.sources.spreadsheet import DIALECTS

if TYPE_CHECKING:
    import argparse

DEFAULT_CACHE = ROOT / "build" / "features"
_USES_HISTORIES = "histories to use, 'none' for no history; by default those that cover enough of the applications"
_KEEPS_FEATURES = "folder that keeps feature tables, to be used again for the same data"
# What the libraries that draw take.
HIGHEST_SEED = 2**32 - 1


def add_data(parser: argparse.ArgumentParser) -> None:
    """Declare the folder of the raw tables and how its text is written."""
    parser.add_argument(
        "--data",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder with the Kaggle files (CSV, zip, gzip or Parquet)",
    )
    parser.add_argument(
        "--dialect",
        choices=DIALECTS,
        default="plain",
        help="how text files are written: plain (UTF-8, commas, decimal points) or excel, as spreadsheets save them: "
        "semicolons or tabs, decimal commas, thousands separators, UTF-16 or Windows-1252 (default: %(default)s)",
    )


def add_tables(parser: argparse.ArgumentParser, *, told: str = _USES_HISTORIES) -> None:
    """Declare the choice of histories; `told` says what for, and which are chosen by default."""
    parser.add_argument("--tables", type=table_names, metavar="a,b,c", help=told)


def add_memory_limit(parser: argparse.ArgumentParser) -> None:
    """Declare what the database may use; the advice of ``TRN118`` is to raise it."""
    parser.add_argument(
        "--memory-limit",
        default=DEFAULT_MEMORY_LIMIT,
        metavar="SIZE",
        help="memory of the database before it spills to disk (default: %(default)s)",
    )


def add_cache(parser: argparse.ArgumentParser, *, told: str = _KEEPS_FEATURES) -> None:
    """Declare the folder of the feature tables, which may keep more; `told` says what."""
    parser.add_argument(
        "--cache",
        type=Path,
        default=DEFAULT_CACHE,
        metavar="DIR",
        help=f"{told} (default: build/features)",
    )


def table_names(text: str) -> tuple[str, ...]:
    """Split a list of table names; ``none`` names no table.

    Examples
    --------
    >>> table_names("bureau, bureau_balance"), table_names("none")
    (('bureau', 'bureau_balance'), ())
    """
    return () if text == "none" else tuple(name.strip() for name in text.split(",") if name.strip())


def check_seed(seed: int) -> None:
    """Refuse a seed that nothing can be drawn from.

    Raises
    ------
    DataError
        ``TRN153`` when it is negative or too large.
    """
    if not 0 <= seed <= HIGHEST_SEED:
        raise DataError("TRN153", f"--seed is {seed}; give a whole number between 0 and {HIGHEST_SEED}")
