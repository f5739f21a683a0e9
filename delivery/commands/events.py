"""Write sample API Gateway events from a bundle's golden applications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.events import write_events
from delivery.paths import BUNDLE, EVENTS

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--out", type=Path, default=EVENTS)


def run(args: argparse.Namespace) -> int:
    """Write the files and name them."""
    for path in write_events(args.bundle, args.out):
        print(path)
    return 0
