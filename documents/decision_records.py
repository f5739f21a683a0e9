"""The decision records, as a page lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

HEADING = re.compile(r"^# (\d{4})\.? (.+)$")


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A record: its number, its title and the name of its file."""

    number: str
    title: str
    file: str


def read_decision_records(folder: Path) -> tuple[DecisionRecord, ...]:
    """Return the records of a folder, by number.

    Raises
    ------
    ValueError
        When a file does not begin with the heading of a record.
    """
    return tuple(_record(path) for path in sorted(folder.glob("*.md")))


def _record(path: Path) -> DecisionRecord:
    with path.open(encoding="utf-8") as lines:
        found = HEADING.match(next(lines, "").rstrip())
    if found is None:
        raise ValueError(f"{path.name} does not begin with `# NNNN Title`")
    return DecisionRecord(number=found[1], title=found[2], file=path.name)
