"""Command line of the documents: ``python -m documents <command> --help``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commandline.commands import run_commands
from documents.commands import COMMANDS
from scoring.errors import ScoringError
from training.errors import TrainingError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; a trouble is one line and status 2."""
    return run_commands("documents", COMMANDS, arguments, errors=(TrainingError, ScoringError, OSError, ValueError))


if __name__ == "__main__":
    sys.exit(main())
