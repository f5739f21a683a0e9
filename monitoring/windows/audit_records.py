"""The API's audit records as a window: one model, one period, each request once, a fair sample of them all."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from monitoring.windows.log_lines import Line, LineTally, moment_of, read_lines

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Words and form of `scoring.records`, which this room may not import; a test holds the two together.
AUDIT_EVENT = "audit"
RECORD_VERSION = "1"
SAMPLED = "echantillon"
_HASH_BYTES = 8
_START_EVENT = "demarrage"
# A clock may be this much ahead of the one that reads the records.
CLOCK_TOLERANCE = timedelta(minutes=5)
_NEEDED = ("id_requete", "empreinte", "motif", "seuil", "probabilite_de_defaut", "classe", "demande")


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment on, and up to another, both in UTC; open where None."""

    since: datetime | None = None
    until: datetime | None = None

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies in the period; its end does not."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(slots=True)
class WindowReading:
    """What became of every line of the audit files.

    Attributes
    ----------
    kept
        Records the window is made of.
    duplicates, contradictions
        Records of a request that was read before, saying the same, or something else; the first is kept.
    other_versions
        Records of other bundles than the one given, by version and the first digits of the bundle's hash.
    clock_skew
        Records from the future, or without a moment that can be read.
    beyond_sample
        Records kept by the API only because they lie near the threshold: they would weigh too much.
    audited_share
        Share of the requests that the sample stands for.
    """

    files: int = 0
    unreadable_lines: int = 0
    cut_files: list[str] = field(default_factory=list)
    incomplete: int = 0
    duplicates: int = 0
    contradictions: int = 0
    other_versions: dict[str, int] = field(default_factory=dict)
    clock_skew: int = 0
    outside_period: int = 0
    beyond_sample: int = 0
    audited_share: float = 1.0
    kept: int = 0
    first: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class AuditRecords:
    """The records of a window, oldest first, and how they were read."""

    records: tuple[tuple[datetime, Line], ...]
    reading: WindowReading


def read_audit(
    paths: Iterable[Path], *, seal: str, period: Period | None = None, now: datetime | None = None
) -> AuditRecords:
    """Read the audit records that one bundle left in a period.

    Near its threshold the API keeps every record, elsewhere a share that depends on the request's identifier alone.
    The window keeps the identifiers of that share only, wherever the probability lies: a fair sample, unweighted.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON911`` no audit record, ``MON912`` records of other bundles only, ``MON913`` none in
        the period.
    """
    tally, reading = LineTally(), WindowReading()
    lines = [line for line in read_lines(paths, tally) if line.get("evenement") in (AUDIT_EVENT, _START_EVENT)]
    reading.files, reading.unreadable_lines, reading.cut_files = tally.files, tally.unreadable, tally.cut_files
    audited = [line for line in lines if line["evenement"] == AUDIT_EVENT]
    if not audited:
        raise MonitoringError("MON911", f"{_named(paths)} holds no audit record; is AUDIT=on for the function?")
    own = _of_bundle(_once(_complete(audited, reading), reading), seal, reading)
    if not own:
        others = ", ".join(reading.other_versions) or "incomplete records"
        raise MonitoringError(
            "MON912", f"no record was left by this bundle, only by {others}; give the bundle in force"
        )
    limit = _sampling_limit(own, [line for line in lines if line["evenement"] == _START_EVENT], seal)
    reading.audited_share = limit
    timed = _in_period(own, period or Period(), now or datetime.now(UTC), reading)
    sampled = [(moment, line) for moment, line in timed if place_of(str(line["id_requete"])) < limit]
    reading.beyond_sample = len(timed) - len(sampled)
    if not sampled:
        raise MonitoringError("MON913", "no record of this bundle lies in the period; choose another --since, --until")
    sampled.sort(key=lambda one: one[0])
    reading.kept, reading.first, reading.last = len(sampled), *(one[0].isoformat() for one in (sampled[0], sampled[-1]))
    return AuditRecords(tuple(sampled), reading)


def place_of(request_id: str) -> float:
    """Return where an identifier lies between 0 and 1; the API's sample is what lies below its share."""
    return int.from_bytes(hashlib.sha256(request_id.encode()).digest()[:_HASH_BYTES]) / float(1 << (8 * _HASH_BYTES))


def _named(paths: Iterable[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _complete(lines: list[Line], reading: WindowReading) -> list[Line]:
    whole = [
        line
        for line in lines
        if line.get("enregistrement") == RECORD_VERSION
        and all(line.get(name) is not None for name in _NEEDED)
        and isinstance(line["demande"], dict)
    ]
    reading.incomplete = len(lines) - len(whole)
    return whole


def _once(lines: list[Line], reading: WindowReading) -> list[Line]:
    """Return the first record of each request: a retry of the sender, or of Firehose, is no second applicant."""
    first: dict[tuple[str, str], Line] = {}
    for line in lines:
        known = first.setdefault((line["empreinte"], str(line["id_requete"])), line)
        if known is not line:
            reading.duplicates += 1
            same = known["demande"] == line["demande"] and known["classe"] == line["classe"]
            reading.contradictions += not same
    return list(first.values())


def _of_bundle(lines: list[Line], seal: str, reading: WindowReading) -> list[Line]:
    others = Counter(
        f"{line.get('version_modele')} ({str(line['empreinte'])[:8]})" for line in lines if line["empreinte"] != seal
    )
    reading.other_versions = dict(others.most_common())
    return [line for line in lines if line["empreinte"] == seal]


def _sampling_limit(own: list[Line], starts: list[Line], seal: str) -> float:
    """Return the share that is in the sample: the least one the function started with, else what the records show."""
    told = [line["part_auditee"] for line in starts if line.get("empreinte") == seal and "part_auditee" in line]
    if told:
        return float(min(told))
    places = [place_of(str(line["id_requete"])) for line in own if line["motif"] == SAMPLED]
    # The largest of n draws below a share lies n/(n+1) of the way up to it.
    return min(1.0, max(places) * (len(places) + 1) / len(places)) if places else 1.0


def _in_period(lines: list[Line], period: Period, now: datetime, reading: WindowReading) -> list[tuple[datetime, Line]]:
    timed = []
    for line in lines:
        moment = moment_of(line)
        if moment is None or moment > now + CLOCK_TOLERANCE:
            reading.clock_skew += 1
        elif period.holds(moment):
            timed.append((moment, line))
        else:
            reading.outside_period += 1
    return timed
