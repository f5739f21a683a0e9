"""The command blocks of README and docs, command by command, and the list of what executes each."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from delivery.paths import ROOT

# Blocks within lists are indented.
BLOCK = re.compile(r"^( *)```(console|bash|sh|python)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|\s+)#(?=\s).*$", re.MULTILINE)
LIST = Path(__file__).with_suffix(".toml")


@dataclass(frozen=True, slots=True, order=True)
class Command:
    """A command as a reader copies it, and the page it stands on."""

    page: str
    text: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What is said of a command: the test that executes it, or why none can."""

    command: Command
    executed_by: str
    reason: str


def pages() -> list[Path]:
    """Return README, CONTRIBUTING and the pages of docs, but not the decision records: they tell what was done once."""
    docs = [path for path in sorted((ROOT / "docs").rglob("*.md")) if path.parent.name != "decisions"]
    return [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *docs]


def commands_of(text: str) -> list[str]:
    r"""Return the commands of a page's blocks; a program is one command, named after its first line.

    >>> commands_of("```console\nmake a && make b   # both\nls \\\n  -l\n```")
    ['make a && make b', 'ls -l']
    >>> commands_of("1. First:\n\n   ```console\n   make c\n   ```")
    ['make c']
    """
    found: list[str] = []
    for _, language, block in BLOCK.findall(text):
        if language == "python":
            found.append(block.strip().splitlines()[0])
        else:
            joined = re.sub(r"\\\n\s*", "", COMMENT.sub("", block))
            found += [re.sub(r"\s+", " ", line).strip() for line in joined.splitlines() if line.strip()]
    return found


@cache
def found_commands() -> tuple[Command, ...]:
    """Return every command of every page."""
    return tuple(
        Command(str(path.relative_to(ROOT)), text)
        for path in pages()
        for text in commands_of(path.read_text(encoding="utf-8"))
    )


@cache
def listed_commands() -> tuple[Listed, ...]:
    """Return the list."""
    rows = tomllib.loads(LIST.read_text(encoding="utf-8"))["command"]
    return tuple(
        Listed(Command(page, row["text"]), row.get("executed_by", ""), row.get("reason", ""))
        for row in rows
        for page in row["pages"]
    )
