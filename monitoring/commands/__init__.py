"""One module per command; the module's docstring is its help text.

Each module defines ``add_arguments(parser)`` and ``run(args) -> CommandResult``. A command is imported only when it
is the one that runs, so that none pays for the libraries of another.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

COMMANDS = ("report", "quiet", "recalibrate", "trend", "alert")


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command leaves for the command line: the exit status and the lines to print."""

    status: int
    lines: tuple[str, ...]


def moment(text: str) -> datetime:
    """Read a date, or a moment; without a time zone it is in UTC.

    >>> moment("2026-11-21").isoformat()
    '2026-11-21T00:00:00+00:00'
    """
    read = datetime.fromisoformat(text)
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read
