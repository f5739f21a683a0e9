"""Compute the feature table: one row per application, from the raw tables of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.arguments import add_data, add_memory_limit, add_tables
from training.features import build_features
from training.features.engines import ENGINES
from training.sources import load_sources

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add_data(parser)
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE.parquet",
        help="file to write; without .parquet at its end, a folder that keeps tables and uses them again",
    )
    add_tables(parser)
    add_memory_limit(parser)
    parser.add_argument(
        "--engine",
        choices=ENGINES,
        default="duckdb",
        help="who runs the SQL: duckdb on this machine (default), or spark, which needs .venv-spark and Java",
    )


def run(args: argparse.Namespace) -> int:
    """Load, check, compute, and say what was found."""
    sources = load_sources(
        args.data,
        tables=args.tables,
        labelled=False,
        dialect=args.dialect,
        memory_limit=args.memory_limit,
        progress=True,
    )
    for note in sources.notes:
        print(f"note: {note}")
    table = build_features(sources, args.out, engine=args.engine, progress=True)
    verb = "already there" if table.reused else "written"
    print(f"{table.path}: {table.rows:,} applications, {len(table.columns):,} columns, {verb}")
    print(f"tables: {', '.join(sources.tables)}; fingerprint {table.fingerprint[:16]}")
    return 0
