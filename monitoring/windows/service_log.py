"""The service itself, from the API's log lines: availability, failures, latency, cold starts, refusals."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.values import Measured, NotApplicable
from monitoring.errors import MonitoringError
from monitoring.windows.log_lines import LineTally, moment_of, read_lines
from monitoring.windows.profiles import ProfileReader
from scoring.decision import Decision
from scoring.log_lines import (
    ANSWERED,
    CODE,
    CODES,
    DECISION,
    EVENT,
    LATENCY,
    MODEL_VERSION,
    REFUSED_FIELDS,
    SEAL,
    STATUS,
    Event,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from monitoring.windows.audit_records import Period
    from monitoring.windows.log_lines import Line
    from monitoring.windows.profiles import RequestProfile
    from scoring.bundle import Bundle

UNKNOWN_DAY = "jour inconnu"
UNKNOWN_VERSION = "version inconnue"
# What tells how the service does; records of decisions and questions about the model do not.
_COUNTED = (*ANSWERED, Event.REFUSED, Event.FAILED, Event.START)
_PLATFORM_FAILURES = ("timeout", "error", "failure")


@dataclass(frozen=True, slots=True)
class Latency:
    """Percentiles of the time from the request read to the reply made, in milliseconds."""

    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class ServiceDay:
    """One version on one day.

    Attributes
    ----------
    requests
        Answered, rejected and failed ones.
    availability
        Share of the requests that met no failure of the service; a request that breaks the contract is none.
    failures
        By code, ``plateforme:timeout`` and the like where Lambda ended the function.
    rejections
        Requests that were not scored, by status.
    rejection_codes
        How often each rule was broken.
    cold_starts, restores
        Starts of the function, and of a SnapStart snapshot.
    refusal_rate
        Share of the scored applications that were refused.
    """

    version: str
    day: str
    requests: int
    availability: Measured
    failures: dict[str, int]
    rejections: dict[str, int]
    rejection_codes: dict[str, int]
    latency: Latency | NotApplicable
    cold_starts: int
    restores: int
    applications: int
    refusal_rate: Measured


@dataclass(frozen=True, slots=True)
class ServiceHealth:
    """All versions and days of the log files.

    Attributes
    ----------
    applications
        Scored applications, and those that were refused for a field of the contract.
    refused_fields
        By field of the contract, applications that were refused for it.
    """

    unreadable_lines: int
    cut_files: tuple[str, ...]
    requests: int
    error_share: Measured
    latency_p99_ms: Measured
    days: tuple[ServiceDay, ...]
    applications: int = 0
    refused_fields: dict[str, int] = field(default_factory=dict)

    def refused_share(self, name: str) -> float:
        """Return the share of the applications that were refused for a field."""
        return self.refused_fields.get(name, 0) / self.applications if self.applications else 0.0


@dataclass(frozen=True, slots=True)
class ServiceLog:
    """What the log lines say: of the service, and of all its requests together."""

    health: ServiceHealth | NotApplicable
    profile: RequestProfile | NotApplicable


@dataclass(slots=True)
class _Tally:
    answered: int = 0
    failures: Counter[str] = field(default_factory=Counter)
    rejections: Counter[str] = field(default_factory=Counter)
    rejection_codes: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    starts: int = 0
    restores: int = 0
    accepted: int = 0
    refused: int = 0
    not_scored: int = 0
    refused_fields: Counter[str] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        return self.answered + sum(self.failures.values()) + sum(self.rejections.values())


def read_service(paths: Iterable[Path], *, bundle: Bundle, period: Period | None = None) -> ServiceLog:
    """Return the indicators of some log files, by version and day; not applicable where they hold audit records alone.

    Parameters
    ----------
    bundle
        Whose profile of all requests is added up.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON915`` no line of the API in them.
    """
    lines, by_day = LineTally(), defaultdict[tuple[str, str], _Tally](_Tally)
    version, events, scored = UNKNOWN_VERSION, Counter[object](), 0
    profiles = ProfileReader(bundle)
    for moment, line in _dated(line for line in _counted(read_lines(paths, lines), events) if _concerns(line)):
        if period is not None and moment is not None and not period.holds(moment):
            continue
        if line.get(EVENT) == Event.PROFILE:
            _take_profile(profiles, line, lines)
            continue
        # A line of the platform bears no version: it belongs to the one that wrote before it.
        version = str(line.get(MODEL_VERSION, version))
        try:
            tally = by_day[version, f"{moment:%Y-%m-%d}" if moment else UNKNOWN_DAY]
            before = tally.accepted + tally.refused
            _count(tally, line)
            scored += (tally.accepted + tally.refused - before) * (line.get(SEAL) == bundle.seal)
        except (KeyError, TypeError, ValueError):  # one value that is none costs its own line
            lines.unreadable += 1
    if not by_day and events[Event.AUDIT] and not any(events[one] for one in _COUNTED):
        none = NotApplicable("les journaux donnés ne portent que des enregistrements d’audit, aucune ligne de requête")
        return ServiceLog(none, profiles.profile(n_scored=0))
    if not by_day:
        raise MonitoringError("MON915", "the log files hold no line of the API; give what the function printed")
    tallies = list(by_day.values())
    health = ServiceHealth(
        unreadable_lines=lines.unreadable,
        cut_files=tuple(lines.cut_files),
        requests=sum(one.requests for one in tallies),
        error_share=_share(sum(sum(one.failures.values()) for one in tallies), sum(one.requests for one in tallies)),
        latency_p99_ms=_p99([value for one in tallies for value in one.latencies]),
        days=tuple(_day(version, day, by_day[version, day]) for version, day in sorted(by_day)),
        applications=sum(one.accepted + one.refused + one.not_scored for one in tallies),
        refused_fields=dict(sum((one.refused_fields for one in tallies), Counter[str]()).most_common()),
    )
    return ServiceLog(health, profiles.profile(n_scored=scored))


def _take_profile(profiles: ProfileReader, line: Line, lines: LineTally) -> None:
    try:
        profiles.take(line)
    except (KeyError, TypeError, ValueError, AttributeError):
        lines.unreadable += 1


def _dated(lines: Iterable[Line]) -> Iterator[tuple[datetime | None, Line]]:
    """Yield lines with their moment; one that bears none, a cold start's, has that of the next one that does."""
    waiting: list[Line] = []
    moment = None
    for line in lines:
        own = moment_of(line)
        if own is None:
            waiting.append(line)
            continue
        moment = own
        yield from ((moment, one) for one in waiting)
        yield moment, line
        waiting = []
    yield from ((moment, one) for one in waiting)


def _counted(lines: Iterable[Line], events: Counter[object]) -> Iterator[Line]:
    """Yield lines and count what they tell of."""
    for line in lines:
        events[line.get(EVENT)] += 1
        yield line


def _concerns(line: Line) -> bool:
    return line.get(EVENT) in (*_COUNTED, Event.PROFILE) or str(line.get("type", "")).startswith("platform.")


def _count(tally: _Tally, line: Line) -> None:
    event = line.get(EVENT)
    if event in ANSWERED:
        tally.answered += 1
        tally.latencies.append(float(line[LATENCY]))
        _count_decisions(tally, line)
    elif event == Event.REFUSED:
        tally.rejections[str(line.get(STATUS))] += 1
        tally.rejection_codes.update(line.get(CODES, []))
        _count_fields(tally, line, n_applications=1 if line.get(REFUSED_FIELDS) else 0)
    elif event == Event.FAILED:
        tally.failures[str(line.get(CODE))] += 1
    elif event == Event.START:
        tally.starts += 1
    else:
        _count_platform(tally, line)


def _count_decisions(tally: _Tally, line: Line) -> None:
    if line[EVENT] in (Event.BATCH, Event.DOSSIER_BATCH):
        tally.accepted += int(line[Decision.ACCEPT])
        tally.refused += int(line[Decision.REFUSE])
        _count_fields(tally, line, n_applications=int(line["non_evaluees"]))
    elif line[EVENT] in (Event.SCORE, Event.DOSSIER):
        refused = line[DECISION] == Decision.REFUSE
        tally.refused += refused
        tally.accepted += not refused


def _count_fields(tally: _Tally, line: Line, *, n_applications: int) -> None:
    tally.not_scored += n_applications
    tally.refused_fields.update({str(name): int(n) for name, n in line.get(REFUSED_FIELDS, {}).items()})


def _count_platform(tally: _Tally, line: Line) -> None:
    record: dict[str, Any] = line.get("record") or {}
    if line["type"] == "platform.restoreReport":
        tally.restores += 1
    elif line["type"] == "platform.report" and record.get("status") in _PLATFORM_FAILURES:
        tally.failures[f"plateforme:{record['status']}"] += 1


def _day(version: str, day: str, tally: _Tally) -> ServiceDay:
    failed = _share(sum(tally.failures.values()), tally.requests)
    return ServiceDay(
        version=version,
        day=day,
        requests=tally.requests,
        availability=failed if isinstance(failed, NotApplicable) else 1 - failed,
        failures=dict(tally.failures),
        rejections=dict(tally.rejections),
        rejection_codes=dict(tally.rejection_codes.most_common()),
        latency=_latency(tally.latencies),
        cold_starts=tally.starts,
        restores=tally.restores,
        applications=tally.accepted + tally.refused,
        refusal_rate=_share(tally.refused, tally.accepted + tally.refused),
    )


def _share(part: int, whole: int) -> Measured:
    return part / whole if whole else NotApplicable("aucune requête")


def _latency(values: list[float]) -> Latency | NotApplicable:
    if not values:
        return NotApplicable("aucune requête évaluée")
    return Latency(*(float(value) for value in np.percentile(values, (50, 95, 99))))


def _p99(values: list[float]) -> Measured:
    latency = _latency(values)
    return latency if isinstance(latency, NotApplicable) else latency.p99
