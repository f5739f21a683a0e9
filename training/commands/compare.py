"""Compare the staged version with the bundle that is served, on the same applications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from training.files import ROOT, written_file
from training.registry import aliases, store
from training.registry.challenger import measure_side_by_side, side_by_side_page

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--version", help="registry version; the staged one by default")
    parser.add_argument(
        "--bundle", type=Path, default=ROOT / "lambda" / "bundle", help="what is served (lambda/bundle)"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE.md")


def run(args: argparse.Namespace) -> int:
    """Measure both, and write the page."""
    client = store.open_store(create=False)
    version = args.version or aliases.require_version(client, aliases.STAGING)
    both = measure_side_by_side(client, version, args.bundle)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    with written_file(args.out) as temporary:
        temporary.write_text(side_by_side_page(both), encoding="utf-8")
    print(f"{args.out}: version {version} beside {args.bundle}")
    return 0
