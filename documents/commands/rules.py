"""Write docs/regles.md: the rules across fields, and how many applications break them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.report import read_figures
from delivery.paths import BUNDLE
from documents.pages import write_page
from documents.reference.rules import PAGE, rules_page
from scoring.bundle import Bundle

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, default=PAGE, help="page to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    write_page(args.out, rules_page(Bundle.open(BUNDLE).contract, read_figures()))
    print(args.out)
    return 0
