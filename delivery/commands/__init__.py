"""One module per command; the module's docstring is its help text."""

from __future__ import annotations

COMMANDS = (
    "build",
    "events",
    "clients",
    "smoke",
    "look",
    "parameters",
    "protect",
    "compatible",
    "stack",
    "record",
    "rollback",
    "rehearse",
)
