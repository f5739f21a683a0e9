"""One module per command; the module's docstring is its help text.

Each module defines ``add_arguments(parser)`` and ``run(args) -> int`` (the exit status). Commands are thin: they read
arguments, call the room and print.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

COMMANDS: tuple[ModuleType, ...] = ()
