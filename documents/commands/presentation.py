"""Write the presentation of the served version."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from documents.facts import read_facts
from documents.pages import DOCS
from documents.presentation.deck import build_deck, save_deck

if TYPE_CHECKING:
    import argparse

PRESENTATION = DOCS / "soutenance" / "soutenance.pptx"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, default=PRESENTATION, help="file to write")


def run(args: argparse.Namespace) -> int:
    """Write the slides."""
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_deck(build_deck(read_facts()), args.out)
    print(args.out)
    return 0
