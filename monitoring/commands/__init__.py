"""One module per command; the module's docstring is its help text.

Each module defines ``add_arguments(parser)`` and ``run(args) -> CommandResult``. A command is imported only when it
is the one that runs, so that none pays for the libraries of another.
"""

from __future__ import annotations

from dataclasses import dataclass

COMMANDS = ("report",)


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command leaves for the command line: the exit status and the lines to print."""

    status: int
    lines: tuple[str, ...]
