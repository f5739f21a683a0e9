"""Command line of the delivery room: ``python -m delivery <command> --help``."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from delivery.errors import DeliveryError
from delivery.events import write_events
from delivery.package import MEBIBYTE, build_package, unzipped_size
from delivery.paths import BUNDLE, EVENTS

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one line on stderr when the input is at fault."""
    args = _parser().parse_args(arguments)
    try:
        args.run(args)
    except DeliveryError as error:
        print(f"error {error}", file=sys.stderr)
        return BAD_INPUT
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m delivery", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    build = commands.add_parser("build", help="fill a folder with the function's package; called by sam build")
    build.add_argument("--out", type=Path, required=True, help="empty folder")
    build.set_defaults(run=_build)
    events = commands.add_parser("events", help="write sample API Gateway events from a bundle's golden applications")
    events.add_argument("--bundle", type=Path, default=BUNDLE)
    events.add_argument("--out", type=Path, default=EVENTS)
    events.set_defaults(run=_events)
    return parser


def _build(args: argparse.Namespace) -> None:
    build_package(args.out)
    print(f"package: {unzipped_size(args.out) / MEBIBYTE:.1f} MiB in {args.out}")


def _events(args: argparse.Namespace) -> None:
    for path in write_events(args.bundle, args.out):
        print(path)


if __name__ == "__main__":
    sys.exit(main())
