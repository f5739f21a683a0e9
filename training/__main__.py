"""Command line of the training room: ``python -m training <command> --help``."""

from __future__ import annotations

import argparse
import sys
import traceback
from typing import TYPE_CHECKING

from training.commands import COMMANDS
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one line on stderr when the input is at fault."""
    args = _parser().parse_args(arguments)
    try:
        return int(args.run(args))
    except TrainingError as error:
        if args.traceback:
            traceback.print_exc()
        print(f"error {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("interrupted; nothing half-written was kept", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for command in COMMANDS:
        name = command.__name__.rpartition(".")[2]
        summary = (command.__doc__ or "").splitlines()[0]
        sub = commands.add_parser(name, help=summary, description=command.__doc__)
        sub.add_argument("--traceback", action="store_true", help="show the Python traceback of an error")
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


if __name__ == "__main__":
    sys.exit(main())
