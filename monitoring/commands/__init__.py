"""One module per command; the module's docstring is its help text.

Each module defines ``add_arguments(parser)`` and ``run(args) -> CommandResult``. A command is imported only when it
is the one that runs, so that none pays for the libraries of another.
"""

from __future__ import annotations

from argparse import ArgumentTypeError
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

COMMANDS = ("report", "quiet", "recalibrate", "trend", "alert", "decisions", "find", "erase")


@dataclass(frozen=True, slots=True)
class CommandResult:
    """What a command leaves for the command line: the exit status and the lines to print."""

    status: int
    lines: tuple[str, ...]


def moment(text: str) -> datetime:
    """Read a date, or a moment; without a time zone it is one of the zone that the command is given.

    >>> moment("2026-11-21").isoformat()
    '2026-11-21T00:00:00'
    """
    return datetime.fromisoformat(text)


def zone(text: str) -> ZoneInfo:
    """Read the name of a time zone.

    >>> zone("Europe/Paris").key
    'Europe/Paris'
    """
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ArgumentTypeError(f"{text} is no time zone; give a name such as Europe/Paris") from error


def in_zone(read: datetime | None, of: ZoneInfo) -> datetime | None:
    """Return a moment with its time zone: its own, or the given one.

    >>> in_zone(moment("2026-11-21"), zone("Europe/Paris")).isoformat()
    '2026-11-21T00:00:00+01:00'
    """
    return read.replace(tzinfo=of) if read is not None and read.tzinfo is None else read
