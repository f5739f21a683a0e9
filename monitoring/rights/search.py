"""Find the lines of a person in logs, in the vault and in what was exported from them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from monitoring.rights.person import PARTNER
from monitoring.windows.log_lines import LineTally, log_files, moment_of, read_lines
from scoring.log_lines import EVENT, REQUEST, Event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from monitoring.rights.person import Person
    from monitoring.windows.log_lines import Line

OTHER = "autre"
_OF_MANY = frozenset({Event.BATCH, Event.DOSSIER_BATCH})


@dataclass(slots=True)
class Found:
    """What is kept of a person.

    Attributes
    ----------
    person
        The person, with the receipts of the records that name them.
    batches
        Receipts of whole batches: they are of others as well, and nobody's until a place is named.
    lines
        Lines of each file, those without any left out, each a line of the log as it was written.
    """

    person: Person
    batches: frozenset[str] = frozenset()
    tally: LineTally = field(default_factory=LineTally)
    lines: dict[Path, list[Line]] = field(default_factory=dict)

    @property
    def all_lines(self) -> list[Line]:
        """The lines of all files."""
        return [line for lines in self.lines.values() for line in lines]

    @property
    def kinds(self) -> Counter[str]:
        """How many lines there are of each event."""
        return Counter(str(line.get(EVENT, OTHER)) for line in self.all_lines)

    @property
    def last(self) -> datetime | None:
        """When the last of the lines was written, in UTC; None where none says it."""
        return max((moment for line in self.all_lines if (moment := moment_of(line))), default=None)


def find(person: Person, paths: Sequence[Path]) -> Found:
    """Return what files of lines keep of a person.

    A record names an applicant, the other lines of the same request only the request: so records are looked for first,
    and then whatever is of their requests.

    Raises
    ------
    MonitoringError
        ``MON902`` when a path does not exist, or holds no file of lines. ``MON927`` when an identifier is looked for
        and no record is of the partner that is meant, under these keys: nothing found would mean nothing.
    """
    recorded, batches, callers = set(), set(), set()
    for line in read_lines(paths, LineTally()):
        if line.get(EVENT) == Event.AUDIT and line.get(PARTNER):
            callers.add(str(line[PARTNER]))
        if person.is_recorded_in(line):
            recorded.add(str(line.get(REQUEST)))
        elif line.get(EVENT) in _OF_MANY and line.get(REQUEST) in person.receipts:
            batches.add(str(line[REQUEST]))
    if person.hashes and callers and not callers & person.callers:
        raise MonitoringError(
            "MON927",
            "no record is of this partner under this key; name the partner's API key in --partner, and the "
            "key of the time in --key-env",
        )
    found = Found(person.also(recorded, but=batches), frozenset(batches))
    for path in log_files(paths):
        lines = [line for line in read_lines([path], found.tally) if found.person.is_named_in(line)]
        if lines:
            found.lines[path] = lines
    return found
