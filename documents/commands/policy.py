"""Write docs/politique-donnees.md: what is asked of an applicant, on what ground, and what never is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import BUNDLE
from documents.pages import DOCS, write_page
from documents.reference.policy import policy_page
from training.bundle.opening import open_bundle

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="folder of a sealed bundle")
    parser.add_argument("--out", type=Path, default=DOCS / "politique-donnees.md", help="Markdown file to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    write_page(args.out, policy_page(open_bundle(args.bundle).contract))
    print(args.out)
    return 0
