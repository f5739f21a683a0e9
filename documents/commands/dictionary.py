"""Write the feature dictionary for people: every input and derivation, and its weight in a bundle."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import BUNDLE
from documents.pages import DOCS, write_page
from documents.reference.features import feature_page
from scoring.bundle import load_contract
from scoring.errors import ContractError
from training.errors import DataError

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE, help="folder of a sealed bundle")
    parser.add_argument("--out", type=Path, default=DOCS / "features.md", help="Markdown file to write")


def run(args: argparse.Namespace) -> int:
    """Write the page."""
    try:
        contract = load_contract(args.bundle)
    except ContractError as error:
        raise DataError("TRN171", f"the bundle cannot be used: {error}") from error
    write_page(args.out, feature_page(contract))
    print(args.out)
    return 0
