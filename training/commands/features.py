"""Compute the feature table: one row per application, from the raw tables of a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.arguments import table_names
from training.database import DEFAULT_MEMORY_LIMIT
from training.features import build_features
from training.sources import load_sources

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="folder with the Kaggle files")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="FILE.parquet", help="file to write, or a folder that keeps results"
    )
    parser.add_argument(
        "--tables",
        type=table_names,
        metavar="a,b,c",
        help="histories to use beside the applications; by default those that cover enough of them",
    )
    parser.add_argument(
        "--memory-limit",
        default=DEFAULT_MEMORY_LIMIT,
        metavar="SIZE",
        help="memory before spilling (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Load, check, compute, and say what was found."""
    sources = load_sources(args.data, tables=args.tables, labelled=False, memory_limit=args.memory_limit, progress=True)
    for note in sources.notes:
        print(f"note: {note}")
    table = build_features(sources, args.out, progress=True)
    verb = "already there" if table.reused else "written"
    print(f"{table.path}: {table.rows:,} applications, {len(table.columns):,} columns, {verb}")
    print(f"tables: {', '.join(sources.tables)}; fingerprint {table.fingerprint[:16]}")
    return 0
