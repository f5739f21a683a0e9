"""The API's audit records as a window: one model, one period, each request once, a fair sample of them all."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from monitoring.errors import MonitoringError
from monitoring.windows.log_lines import LineTally, read_lines, said_moment
from scoring.log_lines import AUDITED_SHARE, EVENT, SEAL, Event
from scoring.records import SAMPLED, AuditRecord, RecordError, place_of, sampled

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from monitoring.windows.log_lines import Line
    from monitoring.windows.outcome_files import OutcomeReading

# A clock may be this much ahead of the one that reads the records.
CLOCK_TOLERANCE = timedelta(minutes=5)


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
    outcomes
        What became of the outcome file, where one was given.
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
    outcomes: OutcomeReading | None = None


@dataclass(frozen=True, slots=True)
class AuditRecords:
    """The records of a window, oldest first, and how they were read."""

    records: tuple[tuple[datetime, AuditRecord], ...]
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
    lines = [line for line in read_lines(paths, tally) if line.get(EVENT) in (Event.AUDIT, Event.START)]
    reading.files, reading.unreadable_lines, reading.cut_files = tally.files, tally.unreadable, tally.cut_files
    audited = [line for line in lines if line[EVENT] == Event.AUDIT]
    if not audited:
        raise MonitoringError("MON911", f"{_named(paths)} holds no audit record; is AUDIT=on for the function?")
    own = _of_bundle(_once(_whole(audited, reading), reading), seal, reading)
    if not own:
        others = ", ".join(reading.other_versions) or "incomplete records"
        raise MonitoringError(
            "MON912", f"no record was left by this bundle, only by {others}; give the bundle in force"
        )
    limit = _sampling_limit(own, [line for line in lines if line[EVENT] == Event.START], seal)
    reading.audited_share = limit
    timed = _in_period(own, period or Period(), now or datetime.now(UTC), reading)
    kept = [(moment, record) for moment, record in timed if sampled(str(record.id_requete), limit)]
    reading.beyond_sample = len(timed) - len(kept)
    if not kept:
        raise MonitoringError("MON913", "no record of this bundle lies in the period; choose another --since, --until")
    kept.sort(key=lambda one: one[0])
    reading.kept, reading.first, reading.last = len(kept), *(one[0].isoformat() for one in (kept[0], kept[-1]))
    return AuditRecords(tuple(kept), reading)


def _named(paths: Iterable[Path]) -> str:
    return ", ".join(path.name for path in paths)


def _whole(lines: list[Line], reading: WindowReading) -> list[AuditRecord]:
    """Read the lines; another form of record, or one that lacks something, is counted and not guessed at."""
    whole = []
    for line in lines:
        try:
            whole.append(AuditRecord.read(line))
        except RecordError:
            reading.incomplete += 1
    return whole


def _once(records: list[AuditRecord], reading: WindowReading) -> list[AuditRecord]:
    """Return the first record of each request: a retry of the sender, or of Firehose, is no second applicant."""
    first: dict[tuple[str, str], AuditRecord] = {}
    for record in records:
        known = first.setdefault((record.empreinte, str(record.id_requete)), record)
        if known is not record:
            reading.duplicates += 1
            same = known.demande == record.demande and known.classe == record.classe
            reading.contradictions += not same
    return list(first.values())


def _of_bundle(records: list[AuditRecord], seal: str, reading: WindowReading) -> list[AuditRecord]:
    others = Counter(
        f"{record.version_modele} ({str(record.empreinte)[:8]})" for record in records if record.empreinte != seal
    )
    reading.other_versions = dict(others.most_common())
    return [record for record in records if record.empreinte == seal]


def _sampling_limit(own: list[AuditRecord], starts: list[Line], seal: str) -> float:
    """Return the share that is in the sample: the least one the function started with, else what the records show."""
    told = [line[AUDITED_SHARE] for line in starts if line.get(SEAL) == seal and AUDITED_SHARE in line]
    if told:
        return float(min(told))
    places = [place_of(str(record.id_requete)) for record in own if record.motif == SAMPLED]
    # The largest of n draws below a share lies n/(n+1) of the way up to it.
    return min(1.0, max(places) * (len(places) + 1) / len(places)) if places else 1.0


def _in_period(
    records: list[AuditRecord], period: Period, now: datetime, reading: WindowReading
) -> list[tuple[datetime, AuditRecord]]:
    timed = []
    for record in records:
        moment = said_moment(str(record.horodatage))
        if moment is None or moment > now + CLOCK_TOLERANCE:
            reading.clock_skew += 1
        elif period.holds(moment):
            timed.append((moment, record))
        else:
            reading.outside_period += 1
    return timed
