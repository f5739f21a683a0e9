"""Write the catalogue of reasons for people, from the contract of a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import BUNDLE
from documents.pages import DOCS, write_page
from documents.reference.motives import motives_page
from training.bundle.opening import open_bundle

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="folder of a sealed bundle")
    parser.add_argument("--out", type=Path, default=DOCS / "motifs.md", help="Markdown file to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    write_page(args.out, motives_page(open_bundle(args.bundle).contract))
    print(args.out)
    return 0
