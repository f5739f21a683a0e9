"""Outcomes by request, as files bring them: each is matched, mended, counted or refused, and the report tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from monitoring.errors import MonitoringError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

type Told = tuple[object, object]
_WHOLE = ".0"
NOTHING_MATCHES = "MON924"


@dataclass(frozen=True, slots=True)
class OutcomeReading:
    """What became of every row of an outcome file.

    Attributes
    ----------
    matched
        Requests of the window that have an outcome.
    duplicates
        Rows that repeat an outcome that was read before.
    unmatched
        Requests that the window does not hold: of another period, out of the sample, or of nobody.
    mended
        Requests found once their identifier was read as text: blanks, zeros before, or ``.0`` behind.
    not_known_yet
        Rows without an outcome.
    """

    rows: int
    matched: int
    duplicates: int
    unmatched: int
    mended: int
    not_known_yet: int


def matched_outcomes(
    told: Iterable[Told], requests: AbstractSet[str], *, source: str
) -> tuple[dict[str, float], OutcomeReading]:
    """Return the outcomes of the requests of a window.

    Parameters
    ----------
    told
        Identifier and outcome of each row, ``None`` for an outcome that is not known yet.

    Raises
    ------
    MonitoringError
        ``MON914`` outcomes other than 0 and 1, or two of one request that contradict each other; ``MON924`` nothing
        that matches.
    """
    rows = list(told)
    known = [(identifier, _outcome(value, source)) for identifier, value in rows if not _is_missing(value)]
    found: dict[str, float] = {}
    duplicates = contradictions = unmatched = 0
    mended: set[str] = set()
    for identifier, outcome in known:
        request = _request(identifier, requests)
        if request is None:
            unmatched += 1
            continue
        if request != identifier:
            mended.add(request)
        if request in found:
            duplicates += 1
            contradictions += found[request] != outcome
        found.setdefault(request, outcome)
    if contradictions:
        raise MonitoringError(
            "MON914",
            f"{source} says both 0 and 1 of {contradictions:,} request(s); correct it: neither can be believed",
        )
    if known and not found:
        raise MonitoringError(
            NOTHING_MATCHES,
            f"none of the {len(known):,} outcome(s) of {source} is of a request of this window; look at the ids",
        )
    reading = OutcomeReading(
        rows=len(rows),
        matched=len(found),
        duplicates=duplicates,
        unmatched=unmatched,
        mended=len(mended),
        not_known_yet=len(rows) - len(known),
    )
    return found, reading


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and np.isnan(value))


def _outcome(value: object, source: str) -> float:
    try:
        outcome = float(str(value))
    except (TypeError, ValueError):
        outcome = np.nan
    if outcome not in (0.0, 1.0):
        raise MonitoringError("MON914", f"{source} has outcomes other than 0 and 1; 1 stands for a default")
    return outcome


def _request(identifier: object, requests: AbstractSet[str]) -> str | None:
    """Return the request that an identifier means: as it is, or as a program that took it for a number left it."""
    text = str(identifier).strip()
    whole = text.removesuffix(_WHOLE)
    return next((one for one in (text, whole, whole.lstrip("0")) if one in requests), None)
