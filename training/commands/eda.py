"""Write the exploration report: one HTML page in French, plots inside, for whoever meets the data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.commands.arguments import add_cache, add_data, add_memory_limit, add_tables
from training.eda import eda_page
from training.features import build_features
from training.files import written_file
from training.sources import load_sources

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_data(parser)
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("reports/eda.html"),
        metavar="FILE.html",
        help="page to write (default: %(default)s)",
    )
    add_tables(
        parser,
        told="histories to look at, 'none' for no history; by default those that cover enough applications",
    )
    add_cache(parser)
    add_memory_limit(parser)


def run(args: argparse.Namespace) -> int:
    """Load, compute and write the page."""
    sources = load_sources(
        args.data, tables=args.tables, dialect=args.dialect, memory_limit=args.memory_limit, progress=True
    )
    table = build_features(sources, args.cache, progress=True)
    for note in table.notes:
        print(f"note: {note}")
    page = eda_page(sources, table)
    with written_file(args.out) as temporary:
        temporary.write_text(page, encoding="utf-8")
    print(f"{args.out}: {len(page) / 1e6:.1f} MB; open it in a browser")
    return 0
