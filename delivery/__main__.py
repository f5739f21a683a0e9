"""Command line of the delivery room: ``python -m delivery <command> --help``."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from delivery.commands import build, events, parameters, record, rehearse, rollback, smoke, stack
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2
COMMANDS = {
    "build": build,
    "events": events,
    "smoke": smoke,
    "parameters": parameters,
    "stack": stack,
    "record": record,
    "rollback": rollback,
    "rehearse": rehearse,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its status, or 2 with one line on stderr when the input is at fault."""
    args = _parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except DeliveryError as error:
        print(f"error {error}", file=sys.stderr)
        return BAD_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m delivery", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name, command in COMMANDS.items():
        says = command.__doc__ or name
        sub = commands.add_parser(name, help=says.splitlines()[0], description=says)
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
