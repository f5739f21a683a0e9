"""Command line of the training room: ``python -m training <command> --help``."""

from __future__ import annotations

import argparse
import ast
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from training.commands import COMMANDS
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

BAD_INPUT = 2
INTERRUPTED = 130
_COMMAND_FOLDER = Path(__file__).parent / "commands"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one line on stderr when the input is at fault."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    args = _parser(given).parse_args(given)
    try:
        return int(args.run(args))
    except TrainingError as error:
        if args.traceback:
            traceback.print_exc()
        print(f"error {error}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(
            "interrupted; nothing half-written was kept, the same command goes on from what is finished",
            file=sys.stderr,
        )
        return INTERRUPTED


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser; only the command that is asked for is imported."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name in COMMANDS:
        description = _docstring(name)
        sub = commands.add_parser(name, help=description.splitlines()[0], description=description)
        if name not in given[:1]:
            continue
        command = import_module(f"training.commands.{name}")
        sub.add_argument("--traceback", action="store_true", help="show the Python traceback of an error")
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def _docstring(name: str) -> str:
    """Return the docstring of a command without importing what it needs."""
    source = (_COMMAND_FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return ast.get_docstring(ast.parse(source)) or name


if __name__ == "__main__":
    sys.exit(main())
