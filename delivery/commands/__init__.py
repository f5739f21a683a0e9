"""One module per command; the module's docstring is its help text."""

from __future__ import annotations

COMMANDS = ("build", "events", "smoke", "parameters", "stack", "record", "rollback", "rehearse")
