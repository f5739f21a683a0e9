"""One module per command; the module's docstring is its help text.

Each module defines ``add_arguments(parser)`` and ``run(args) -> int`` (the exit status). Commands are thin: they read
arguments, call the room and print. A command is imported only when it is the one that runs, so that none pays for the
libraries of another.
"""

from __future__ import annotations

COMMANDS = (
    "sample",
    "features",
    "eda",
    "train",
    "adopt",
    "compare",
    "propose",
    "promote",
    "rollback",
    "history",
    "report",
    "export",
    "score",
    "demo",
    "replay",
    "card",
    "policy",
)
