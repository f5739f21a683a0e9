"""Write the presentation of the served version."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.paths import ROOT
from documents.facts import read_facts
from documents.pages import DOCS
from documents.presentation import pictures
from documents.presentation.deck import build_deck, save_deck

if TYPE_CHECKING:
    import argparse

PRESENTATION = ROOT / "build" / "soutenance.pptx"
# Committed: the slides of the last release, not those of the day.
RELEASED_PRESENTATION = DOCS / "soutenance" / "soutenance.pptx"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    place = parser.add_mutually_exclusive_group()
    place.add_argument("--out", type=Path, default=PRESENTATION, help="file to write")
    place.add_argument(
        "--release",
        dest="out",
        action="store_const",
        const=RELEASED_PRESENTATION,
        help="write the one that is committed with a release; every picture must have been taken",
    )


def run(args: argparse.Namespace) -> int:
    """Write the slides.

    Raises
    ------
    ValueError
        When a picture of the released presentation was not taken.
    """
    if absent := pictures.absent():
        told = f"{', '.join(absent)} not in {pictures.SLIDE_PICTURES}; `make demo pictures` takes them (needs Chromium)"
        if args.out == RELEASED_PRESENTATION:
            raise ValueError(told)
        print(f"slides without pictures: {told}", file=sys.stderr)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    save_deck(build_deck(read_facts()), args.out)
    print(args.out)
    return 0
