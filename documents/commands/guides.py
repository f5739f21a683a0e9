"""Write the French documents of docs/, every figure computed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from documents.facts import read_facts
from documents.guides.pages import render_guides
from documents.pages import DOCS, write_page

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, default=DOCS, help="folder of the documents")


def run(args: argparse.Namespace) -> int:
    """Write the guides."""
    for name, text in render_guides(read_facts()).items():
        write_page(args.out / name, text)
        print(args.out / name)
    return 0
