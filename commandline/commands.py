"""A room's command line: one module per command, one line for an error, a status that scripts can rely on."""

from __future__ import annotations

import argparse
import ast
import errno
import sys
import traceback
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commandline.person import NamelessError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

BAD_INPUT = 2
INTERRUPTED = 130
_NO_MEMORY = "this machine has too little memory free for it: close other programs, or give it less at a time"
_NO_ROOM = "no room is left on the disk: free some, and run the same command again; nothing half-written was kept"


def run_commands(
    room: str,
    names: Sequence[str],
    arguments: Sequence[str] | None,
    *,
    errors: tuple[type[Exception], ...],
    interrupted: str = "interrupted; nothing half-written was kept",
    moved: Mapping[str, str] | None = None,
    finish: Callable[[Any], int] = int,
) -> int:
    """Run the command that is asked for and return the exit status.

    A command is a module ``<room>.commands.<name>`` with ``add_arguments(parser)`` and ``run(args)``; its docstring is
    its help text. It is imported only when it is the one that runs, so that none pays for the libraries of another.

    Parameters
    ----------
    room
        Package whose commands these are.
    arguments
        What follows the room's name; that of the process by default.
    errors
        What the person at the keyboard can mend: told on one line of stderr, status 2.
    interrupted
        What is said after Ctrl-C, status 130.
    moved
        Commands that another room has now: how each is called there. Asking for one is told so, status 2.
    finish
        Makes a status of what a command returns.
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given and (elsewhere := (moved or {}).get(given[0])):
        print(f"error `python -m {room} {given[0]}` is `{elsewhere}` now", file=sys.stderr)
        return BAD_INPUT
    args = parser_of(room, names, given).parse_args(given)
    told: tuple[type[Exception], ...] = (NamelessError, *errors)
    try:
        return finish(args.run(args))
    except told as error:
        if args.traceback:
            traceback.print_exc()
        print(f"error {error}", file=sys.stderr)
        return BAD_INPUT
    except (MemoryError, OSError) as error:
        if isinstance(error, OSError) and error.errno != errno.ENOSPC:
            raise
        if args.traceback:
            traceback.print_exc()
        print(f"error {_NO_MEMORY if isinstance(error, MemoryError) else _NO_ROOM}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(interrupted, file=sys.stderr)
        return INTERRUPTED


def parser_of(room: str, names: Sequence[str], given: Sequence[str]) -> argparse.ArgumentParser:
    """Return the parser of a room's commands; only the command that `given` begins with is imported."""
    description = f"Commands of {room}: ``python -m {room} <command> --help``."
    parser = argparse.ArgumentParser(prog=f"python -m {room}", description=description)
    commands = parser.add_subparsers(required=True, metavar="command")
    for name in names:
        told = docstring_of(f"{room}.commands.{name}") or name
        sub = commands.add_parser(name, help=told.splitlines()[0], description=told)
        if name not in given[:1]:
            continue
        command = import_module(f"{room}.commands.{name}")
        sub.add_argument("--traceback", action="store_true", help="show the Python traceback of an error")
        command.add_arguments(sub)
        sub.set_defaults(run=command.run)
    return parser


def docstring_of(module: str) -> str | None:
    """Return the docstring of a module without importing what it needs.

    >>> docstring_of("commandline").partition(";")[0]
    'How the commands of every room start, fail and write their files'
    """
    spec = find_spec(module)
    if spec is None or spec.origin is None:
        return None
    return ast.get_docstring(ast.parse(Path(spec.origin).read_text(encoding="utf-8")))
