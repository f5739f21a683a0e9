"""Command line of the monitoring room: ``python -m monitoring <command> --help``."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from commandline.commands import run_commands
from monitoring.commands import COMMANDS
from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from monitoring.commands import CommandResult


# Python's own status of an error is 1, and 1 is an alarm here.
UNEXPECTED = 4


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its status, 2 with one line on stderr when the run failed, 4 on a fault of the room."""
    try:
        return run_commands("monitoring", COMMANDS, arguments, errors=(MonitoringError,), finish=_print)
    except Exception:  # noqa: BLE001  the edge of the process: told whole, under a status that no alarm has
        traceback.print_exc()
        return UNEXPECTED


def _print(result: CommandResult) -> int:
    print("\n".join(result.lines))
    return result.status


if __name__ == "__main__":
    sys.exit(main())
