"""Whose lines are meant: an applicant by the hash of an identifier, or requests by the receipt of their replies."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from scoring.log_lines import EVENT, REQUEST, SHORTEST_KEY, Event
from scoring.records import LONGEST_IDENTIFIER, applicant_hash, hashed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from monitoring.windows.log_lines import Line

APPLICANT = "demandeur"
PARTNER = "partenaire"


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a search is for.

    Attributes
    ----------
    hashes
        Keyed hashes that audit records may name the applicant by: one a key and a partner.
    receipts
        ``id_requete`` of replies; ``<id_requete>/<place>`` for one application of a batch, counted from 0.
    callers
        Keyed hashes that audit records may name the partners by.
    """

    hashes: frozenset[str] = frozenset()
    receipts: frozenset[str] = frozenset()
    callers: frozenset[str] = frozenset()

    def is_named_in(self, line: Line) -> bool:
        """Say whether a line is the person's own, and of nobody else in the same batch."""
        return line.get(REQUEST) in self.receipts or self.is_recorded_in(line)

    def is_recorded_in(self, line: Line) -> bool:
        """Say whether a line is an audit record of the person, found by hash."""
        return line.get(EVENT) == Event.AUDIT and line.get(APPLICANT) in self.hashes

    def may_be_in(self, text: str) -> bool:
        """Say whether a text that no reader understands names the person all the same."""
        if not (self.hashes or self.receipts):
            return False
        words = "|".join(map(re.escape, (*self.hashes, *self.receipts)))
        return re.search(rf"(?<![\w/-])(?:{words})(?![\w/-])", text) is not None

    def also(self, receipts: Iterable[str], *, but: Iterable[str] = ()) -> Person:
        """Return the same person with further receipts, and without some."""
        return replace(self, receipts=(self.receipts | frozenset(receipts)) - frozenset(but))


def person_of(
    identifiers: Sequence[str], receipts: Sequence[str], *, partners: Sequence[str], keys: Sequence[bytes]
) -> Person:
    """Return whom identifiers at partners, and receipts, are of; by the API's own rule of identity.

    Parameters
    ----------
    partners
        Identifiers of the API keys that the partners call with; none for requests without a key. An identifier is an
        applicant of these partners alone: another's is somebody else.
    keys
        Keys of the hashes: that in force, and those that records of former times were written under.

    Raises
    ------
    MonitoringError
        ``MON927`` when nobody is named, or an identifier is given without the key of its hash.
    """
    named = [one for one in identifiers if one.strip()]
    given = [one.strip() for one in receipts if one.strip()]
    if len(named) < len(identifiers) or len(given) < len(receipts) or not (named or given):
        raise MonitoringError("MON927", "nobody is named; give --identifier or --request, none of them empty")
    if any(len(one.strip()) > LONGEST_IDENTIFIER for one in named):
        raise MonitoringError("MON927", f"the API takes no identifier of more than {LONGEST_IDENTIFIER} characters")
    if named and (not keys or any(len(key) < SHORTEST_KEY for key in keys)):
        raise MonitoringError(
            "MON927", f"--identifier needs the key of the hashes, of at least {SHORTEST_KEY} characters, in --key-env"
        )
    callers: Sequence[str | None] = partners or [None]
    hashes = frozenset(
        applicant_hash(one, key, partner=partner) for one in named for key in keys for partner in callers
    )
    return Person(hashes, frozenset(given), frozenset(hashed(partner, key) for key in keys for partner in partners))
