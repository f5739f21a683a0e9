"""The service itself, from the API's log lines: availability, failures, latency, cold starts, refusals."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from metrics.values import Measured, NotApplicable
from monitoring.errors import MonitoringError
from monitoring.windows.log_lines import LineTally, moment_of, read_lines
from scoring.decision import Decision
from scoring.log_lines import ANSWERED, CODE, CODES, DECISION, EVENT, LATENCY, MODEL_VERSION, STATUS, Event

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from monitoring.windows.audit_records import Period
    from monitoring.windows.log_lines import Line

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
    """All versions and days of the log files."""

    unreadable_lines: int
    cut_files: tuple[str, ...]
    requests: int
    error_share: Measured
    latency_p99_ms: Measured
    days: tuple[ServiceDay, ...]


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

    @property
    def requests(self) -> int:
        return self.answered + sum(self.failures.values()) + sum(self.rejections.values())


def read_service(paths: Iterable[Path], *, period: Period | None = None) -> ServiceHealth | NotApplicable:
    """Return the indicators of some log files, by version and day; not applicable where they hold audit records alone.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON915`` no line of the API in them.
    """
    lines, by_day = LineTally(), defaultdict[tuple[str, str], _Tally](_Tally)
    version, events = UNKNOWN_VERSION, Counter[object]()
    for moment, line in _dated(line for line in _counted(read_lines(paths, lines), events) if _concerns(line)):
        if period is not None and moment is not None and not period.holds(moment):
            continue
        # A line of the platform bears no version: it belongs to the one that wrote before it.
        version = str(line.get(MODEL_VERSION, version))
        try:
            _count(by_day[version, f"{moment:%Y-%m-%d}" if moment else UNKNOWN_DAY], line)
        except (KeyError, TypeError, ValueError):  # one value that is none costs its own line
            lines.unreadable += 1
    if not by_day and events[Event.AUDIT] and not any(events[one] for one in _COUNTED):
        return NotApplicable("les journaux donnés ne portent que des enregistrements d’audit, aucune ligne de requête")
    if not by_day:
        raise MonitoringError("MON915", "the log files hold no line of the API; give what the function printed")
    tallies = list(by_day.values())
    return ServiceHealth(
        unreadable_lines=lines.unreadable,
        cut_files=tuple(lines.cut_files),
        requests=sum(one.requests for one in tallies),
        error_share=_share(sum(sum(one.failures.values()) for one in tallies), sum(one.requests for one in tallies)),
        latency_p99_ms=_p99([value for one in tallies for value in one.latencies]),
        days=tuple(_day(version, day, by_day[version, day]) for version, day in sorted(by_day)),
    )


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
    return line.get(EVENT) in _COUNTED or str(line.get("type", "")).startswith("platform.")


def _count(tally: _Tally, line: Line) -> None:
    event = line.get(EVENT)
    if event in ANSWERED:
        tally.answered += 1
        tally.latencies.append(float(line[LATENCY]))
        _count_decisions(tally, line)
    elif event == Event.REFUSED:
        tally.rejections[str(line.get(STATUS))] += 1
        tally.rejection_codes.update(line.get(CODES, []))
    elif event == Event.FAILED:
        tally.failures[str(line.get(CODE))] += 1
    elif event == Event.START:
        tally.starts += 1
    else:
        _count_platform(tally, line)


def _count_decisions(tally: _Tally, line: Line) -> None:
    if line[EVENT] == Event.BATCH:
        tally.accepted += int(line[Decision.ACCEPT])
        tally.refused += int(line[Decision.REFUSE])
    elif line[EVENT] == Event.SCORE:
        refused = line[DECISION] == Decision.REFUSE
        tally.refused += refused
        tally.accepted += not refused


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
