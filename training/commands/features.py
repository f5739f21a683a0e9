"""Compute the feature table: one row per application, from the raw tables of a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.commands.arguments import add_data, add_memory_limit, add_tables, is_on_spark
from training.features import build_features
from training.sources import load_sources
from training.spark.features import write_features
from training.spark.session import spark_session
from training.spark.storage import place_of
from training.spark.tables import load_tables

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    add_data(parser, on_spark=True)
    parser.add_argument(
        "--out",
        type=place_of,
        required=True,
        metavar="FILE.parquet",
        help="file to write; without .parquet at its end, a folder that keeps tables and uses them again; with "
        "--engine spark a folder or a URL, written anew in parts",
    )
    add_tables(parser)
    add_memory_limit(parser)


def run(args: argparse.Namespace) -> int:
    """Load, check, compute, and say what was found."""
    if is_on_spark(args):
        return _run_on_spark(args)
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
    table = build_features(sources, args.out, progress=True)
    verb = "already there" if table.reused else "written"
    print(f"{table.path}: {table.rows:,} applications, {len(table.columns):,} columns, {verb}")
    print(f"tables: {', '.join(sources.tables)}; fingerprint {table.fingerprint[:16]}")
    return 0


def _run_on_spark(args: argparse.Namespace) -> int:
    with spark_session() as session:
        tables = load_tables(session, args.data, tables=args.tables, labelled=False, progress=True)
        for note in tables.notes:
            print(f"note: {note}")
        table = write_features(tables, args.out, progress=True)
        print(f"{table.place}: {table.rows:,} applications, {len(table.columns):,} columns, written")
        print(f"tables: {', '.join(tables.kept)}")
    return 0
