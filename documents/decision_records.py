"""The decision records, as a page lists them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count, pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Where the numbers of new records begin: what is free before it stays free.
FIRST_BLOCK_ENDS = 9
SECTIONS = ("Context", "Options", "Decision", "Consequences")
HEAD = re.compile(r"# (\d{4})\. (.+)\n\nStatus: ((?:proposed|accepted|superseded by \d{4})), (\d{4}-\d{2}-\d{2})\n")
SECTION = re.compile(r"^## (.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """A record: its number, title, status and day, and the name of its file."""

    number: str
    title: str
    status: str
    date: str
    file: str


def read_decision_records(folder: Path) -> tuple[DecisionRecord, ...]:
    """Return the records of a folder, by number.

    Raises
    ------
    ValueError
        When a file is not in the form of a record: number and title, status and day, then the four sections.
    """
    return tuple(_record(path) for path in sorted(folder.glob("[0-9]*.md")))


def _record(path: Path) -> DecisionRecord:
    text = path.read_text(encoding="utf-8")
    found = HEAD.match(text)
    if found is None or found[1] != path.name[: len(found[1])]:
        raise ValueError(
            f"{path.name} does not begin with `# NNNN. Title` of its number and `Status: accepted, YYYY-MM-DD`"
        )
    if tuple(SECTION.findall(text)) != SECTIONS:
        raise ValueError(f"{path.name} has other sections than {', '.join(SECTIONS)}, in this order")
    return DecisionRecord(number=found[1], title=found[2], status=found[3], date=found[4], file=path.name)


def free_numbers(numbers: Iterable[str]) -> list[tuple[str, str]]:
    """Return the numbers below the highest that no record has, as first and last of each run.

    >>> free_numbers(["0001", "0003", "0006"])
    [('0002', '0002'), ('0004', '0005')]
    """
    taken = pairwise([0, *sorted({int(number) for number in numbers})])
    return [(f"{before + 1:04}", f"{after - 1:04}") for before, after in taken if after > before + 1]


def next_number(numbers: Iterable[str]) -> str:
    """Return the number of the next record: the lowest free one after the first block.

    >>> next_number(["0001", "0010", "0011", "0040"])
    '0012'
    """
    taken = {int(number) for number in numbers}
    return f"{next(number for number in count(FIRST_BLOCK_ENDS + 1) if number not in taken):04}"
