"""Command line of the delivery room: ``python -m delivery <command> --help``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from commandline.commands import run_commands
from delivery.commands import COMMANDS
from delivery.errors import DeliveryError

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its status, or 2 with one line on stderr when the input is at fault."""
    return run_commands("delivery", COMMANDS, arguments, errors=(DeliveryError,))


if __name__ == "__main__":
    sys.exit(main())
