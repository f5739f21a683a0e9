"""Write the feature dictionary for people: every input and derivation, and its weight in a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from documents.pages import write_page
from documents.reference.features import feature_page
from training.bundle.opening import open_bundle

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=Path("lambda/bundle"), help="folder of a sealed bundle")
    parser.add_argument("--out", type=Path, default=Path("docs/features.md"), help="Markdown file to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    write_page(args.out, feature_page(open_bundle(args.bundle).contract))
    print(args.out)
    return 0
