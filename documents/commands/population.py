"""Write docs/population.md: the sample population beside real tables, as it was measured (`make population`)."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import read_figures
from documents.pages import write_page
from documents.reference.population import PAGE, population_page

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, default=PAGE, help="page to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    write_page(args.out, population_page(read_figures()))
    print(args.out)
    return 0
