"""Fill a folder with the package of a function; called by sam build."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from delivery.package import MEBIBYTE, build_package, unzipped_size
from delivery.paths import FUNCTION, FUNCTIONS

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--out", type=Path, required=True, help="empty folder")
    parser.add_argument("--function", choices=FUNCTIONS, default=FUNCTION, help="whose package (default: %(default)s)")


def run(args: argparse.Namespace) -> int:
    """Build, and say what came of it."""
    build_package(args.out, args.function)
    print(f"package: {args.function} {unzipped_size(args.out) / MEBIBYTE:.1f} MiB in {args.out}")
    return 0
