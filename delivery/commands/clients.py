"""Write the demo clients of the page from a bundle's golden dossiers."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.clients import write_clients
from delivery.paths import BUNDLE, CLIENTS

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--bundle", type=Path, default=BUNDLE)
    parser.add_argument("--out", type=Path, default=CLIENTS)


def run(args: argparse.Namespace) -> int:
    """Write the files and say how many."""
    print(f"{len(write_clients(args.bundle, args.out))} clients in {args.out}")
    return 0
