"""Score every application of a folder of tables with a bundle; outcomes are not needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tqdm import tqdm

from training.bundle.batch_scoring import history_tables, score_table, unread_notes
from training.bundle.opening import open_bundle
from training.commands.arguments import add_cache, add_data, add_memory_limit, add_tables, is_on_spark
from training.features import build_features
from training.sources import load_sources
from training.spark.scoring import score_tables
from training.spark.session import spark_session
from training.spark.storage import place_of
from training.spark.tables import load_tables

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from scoring.bundle import Bundle
    from training.bundle.batch_scoring import Tally


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, required=True, metavar="DIR", help="folder of a sealed bundle")
    add_data(parser, on_spark=True)
    parser.add_argument(
        "--out",
        type=place_of,
        required=True,
        metavar="FILE.parquet",
        help="file of the answers, one row per application; with --engine spark a folder or a URL, written in parts",
    )
    add_tables(
        parser,
        told="histories to read, 'none' for no history; those that the bundle's inputs come from by default",
    )
    add_cache(parser)
    add_memory_limit(parser)


def run(args: argparse.Namespace) -> int:
    """Compute the features, score them in batches and write the answers."""
    bundle = open_bundle(args.bundle)
    inputs = bundle.contract.inputs
    # A history the model was trained on may cover few of these applications: it is read all the same.
    tables = history_tables(inputs) if args.tables is None else args.tables
    if is_on_spark(args):
        return _run_on_spark(args, bundle, tables)
    sources = load_sources(
        args.data, tables=tables, labelled=False, dialect=args.dialect, memory_limit=args.memory_limit, progress=True
    )
    table = build_features(sources, args.cache, progress=True)
    for note in (*table.notes, *unread_notes(inputs, table.columns)):
        print(f"note: {note}")
    with tqdm(desc="scoring", unit="application", disable=None) as bar:
        tally = score_table(bundle, table.path, args.out, advance=bar.update)
    _tell(tally, bundle, args)
    return 0


def _run_on_spark(args: argparse.Namespace, bundle: Bundle, tables: Sequence[str]) -> int:
    with spark_session() as session:
        loaded = load_tables(session, args.data, tables=tables, labelled=False, progress=True)
        tally, unread = score_tables(loaded, bundle, args.out, progress=True)
    for note in (*loaded.notes, *unread):
        print(f"note: {note}")
    _tell(tally, bundle, args)
    return 0


def _tell(tally: Tally, bundle: Bundle, args: argparse.Namespace) -> None:
    for note in tally.notes(bundle.contract.rules):
        print(f"note: {note}")
    print(f"{args.out}: {tally.applications:,} applications")
