"""Write the French documents of docs/, every figure computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from documents.facts import DOCS, read_facts
from documents.guides.pages import write_guides

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of the documents")


def run(args: argparse.Namespace) -> int:
    """Write the guides."""
    for path in write_guides(read_facts(), args.out):
        print(path)
    return 0
