"""Command line of the training room: ``python -m training <command> --help``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commandline.commands import run_commands
from training.commands import COMMANDS
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOVED = {name: f"python -m documents {name}" for name in ("dictionary", "document")}
_INTERRUPTED = "interrupted; nothing half-written was kept, the same command goes on from what is finished"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return 0, or 2 with one line on stderr when the input is at fault."""
    return run_commands(
        "training", COMMANDS, arguments, errors=(TrainingError,), interrupted=_INTERRUPTED, moved=_MOVED
    )


if __name__ == "__main__":
    sys.exit(main())
