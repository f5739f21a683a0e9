"""Arguments that several commands read the same way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.errors import DataError
from training.files import ROOT
from training.sources.database import DEFAULT_MEMORY_LIMIT
from training.sources.spreadsheet import DIALECTS
from training.spark.storage import place_of

if TYPE_CHECKING:
    import argparse

ENGINES = ("duckdb", "spark")
DEFAULT_CACHE = ROOT / "build" / "features"
_USES_HISTORIES = "histories to use, 'none' for no history; by default those that cover enough of the applications"
_KEEPS_FEATURES = "folder that keeps feature tables, to be used again for the same data"
# What the libraries that draw take.
HIGHEST_SEED = 2**32 - 1


def add_data(parser: argparse.ArgumentParser, *, on_spark: bool = False) -> None:
    """Declare the folder of the raw tables, how its text is written, and where Spark can do it who does."""
    parser.add_argument(
        "--data",
        type=place_of if on_spark else Path,
        required=True,
        metavar="DIR",
        help="folder with the Kaggle files (CSV, zip, gzip or Parquet)"
        + ("; with --engine spark also a URL, and tables in parts or partitions" if on_spark else ""),
    )
    if on_spark:
        parser.add_argument(
            "--engine",
            choices=ENGINES,
            default=ENGINES[0],
            help="who reads, checks and computes: duckdb on this machine (default), or spark, which needs .venv-spark "
            "and Java, on this machine or on the cluster that Spark's settings name",
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


def is_on_spark(args: argparse.Namespace) -> bool:
    """Tell whether a command is to run on Spark, and refuse what the engine that it names cannot read.

    Raises
    ------
    DataError
        ``TRN101`` for a URL without Spark, ``TRN123`` for a spreadsheet with it.
    """
    if args.engine == "spark":
        if args.dialect != "plain":
            raise DataError("TRN123", "--dialect excel is for one machine; save the tables as CSV or Parquet for Spark")
        return True
    for place in (args.data, getattr(args, "out", None)):
        if isinstance(place, str):
            raise DataError(
                "TRN101", f"{place} is a URL, which --engine spark reads and writes; give a folder without it"
            )
    return False


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
