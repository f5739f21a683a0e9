"""Command line of the monitoring room: ``python -m monitoring <command> --help``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commandline.commands import run_commands
from monitoring.commands import COMMANDS
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.commands import CommandResult


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its status, or 2 with one line on stderr when the run failed."""
    return run_commands("monitoring", COMMANDS, arguments, errors=(MonitoringError,), finish=_print)


def _print(result: CommandResult) -> int:
    print("\n".join(result.lines))
    return result.status


if __name__ == "__main__":
    sys.exit(main())
