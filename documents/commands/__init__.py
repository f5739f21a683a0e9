"""One module per command; the module's docstring is its help text."""

from __future__ import annotations

COMMANDS = (
    "guides",
    "presentation",
    "document",
    "dictionary",
    "motives",
    "rules",
    "policy",
    "results",
    "api",
    "population",
    "drift",
)
