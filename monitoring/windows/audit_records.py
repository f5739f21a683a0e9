"""The API's audit records as a window: one model, one period, each applicant once, a fair sample of them all.

Records are read one at a time, and of each only what the window needs is kept: a week of them is larger than memory.
"""

from __future__ import annotations

from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from math import isfinite, nan
from sys import intern
from typing import TYPE_CHECKING, Any

import numpy as np

from monitoring.errors import MonitoringError
from monitoring.windows.declarations import Declarations
from monitoring.windows.log_lines import LineTally, read_lines, said_moment
from scoring.decision import Decision
from scoring.log_lines import AUDITED_SHARE, EVENT, MOMENT, SEAL, Event
from scoring.records import NEAR_THRESHOLD, SAMPLED, AuditRecord, RecordError, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from monitoring.windows.log_lines import Line
    from monitoring.windows.outcome_files import OutcomeReading
    from scoring.contract import Input

# A clock may be this much ahead of the one that reads the records.
CLOCK_TOLERANCE = timedelta(minutes=5)
CONTRACT_THRESHOLD = "contrat"


@dataclass(frozen=True, slots=True)
class Period:
    """From one moment on, and up to another; open where None.

    Attributes
    ----------
    zone
        Whose days and months the window is told in.
    """

    since: datetime | None = None
    until: datetime | None = None
    zone: tzinfo = UTC

    def before(self, now: datetime) -> Period:
        """Return the period of the same length that ends where this one begins; an empty one where none does."""
        if self.since is None:
            return Period(now, now, self.zone)
        return Period(self.since - ((self.until or now) - self.since), self.since, self.zone)

    def holds(self, moment: datetime) -> bool:
        """Tell whether a moment lies in the period; its end does not."""
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)


@dataclass(slots=True)
class Absence:
    """Applications of the window, by weight, without a value of one input: said to be absent, or not spoken of."""

    declared: float = 0
    left_out: float = 0


@dataclass(frozen=True, slots=True)
class Weighed:
    """Records of one kind, and the applications that they stand for."""

    records: int
    applications: float


@dataclass(slots=True)
class WindowReading:
    """What became of every line of the audit files.

    Attributes
    ----------
    kept
        Records the window is made of.
    incomplete
        Records of another form, or with a value that is none.
    duplicates, contradictions
        Records of a request that was read before, saying the same, or something else; the first is kept.
    other_versions
        Records of other bundles than the one given, by version and the first digits of the bundle's hash.
    clock_skew
        Records from the future, or without a moment that can be read.
    unsampled
        Records of times when the API kept nothing but cases near the threshold.
    repeated_applicants
        Earlier records of an applicant who came back: simulations and second tries count once, as last decided.
    stands_for
        Applications that the records stand for: the sum of their weights, the inverses of the probabilities with which
        each was to be there.
    n_effective
        Equally weighted records that would tell as much, at least.
    least_share, largest_share
        Share of the applications away from the threshold that left a record, at its least and at its largest.
    weighed
        By the word for why there is a record, how many there are and for how many applications they stand.
    overridden
        Applications, by weight, that were decided at another threshold than the contract's, by threshold.
    absences
        By input, for those that some application lacks.
    widened_from
        Beginning that was asked for, where too few records lay behind it and the window begins earlier.
    declared, declared_before
        By partner, what the applications of the window declare to be absent, and those of as long a time before it.
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
    unsampled: int = 0
    repeated_applicants: int = 0
    stands_for: float = 0.0
    n_effective: float = 0.0
    least_share: float = 1.0
    largest_share: float = 1.0
    weighed: dict[str, Weighed] = field(default_factory=dict)
    kept: int = 0
    first: str = ""
    last: str = ""
    overridden: dict[str, float] = field(default_factory=dict)
    absences: dict[str, Absence] = field(default_factory=dict)
    widened_from: str = ""
    declared: dict[str, Declarations] = field(default_factory=dict)
    declared_before: dict[str, Declarations] = field(default_factory=dict)
    outcomes: OutcomeReading | None = None


@dataclass(slots=True)
class AuditRecords:
    """What is kept of the records of a window, a column each, in the order they were read, and how they were read.

    Attributes
    ----------
    identities, contents
        Digests of the request's identifier, and of what was asked and decided: two that are one are told by them.
    seconds
        Moment of the decision, since 1970.
    applicants
        What tells the applicant from others; 0 where the record does not tell him.
    share
        Share of the applications away from the threshold that left a record at that moment; NaN where it is not told.
    inclusion
        Probability with which the application was to leave a record; NaN where it is not told.
    weights
        Once they are known: for how many applications each counts, relative to the one that stands for most; a record
        that is not kept has none.
    partners
        The partner; empty where the record does not tell it.
    numbers, categories
        By input; NaN and None for missing.
    unspoken
        By input, the records that do not speak of it.
    """

    reading: WindowReading
    requests: list[str] = field(default_factory=list)
    identities: array[int] = field(default_factory=lambda: array("q"))
    contents: array[int] = field(default_factory=lambda: array("q"))
    seconds: array[float] = field(default_factory=lambda: array("d"))
    applicants: array[int] = field(default_factory=lambda: array("q"))
    decisions: list[str] = field(default_factory=list)
    overridden: list[bool] = field(default_factory=list)
    probability: array[float] = field(default_factory=lambda: array("d"))
    threshold: array[float] = field(default_factory=lambda: array("d"))
    share: array[float] = field(default_factory=lambda: array("d"))
    inclusion: array[float] = field(default_factory=lambda: array("d"))
    weights: np.ndarray = field(default_factory=lambda: np.empty(0))
    partners: list[str] = field(default_factory=list)
    sampled: list[bool] = field(default_factory=list)
    numbers: dict[str, array[float]] = field(default_factory=dict)
    categories: dict[str, list[str | None]] = field(default_factory=dict)
    unspoken: dict[str, array[int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.requests)

    def moment(self, place: int) -> datetime:
        """Return when a record was written, in UTC."""
        return datetime.fromtimestamp(self.seconds[place], UTC)


def read_audit(
    paths: Iterable[Path],
    *,
    seal: str,
    inputs: Sequence[Input] = (),
    period: Period | None = None,
    now: datetime | None = None,
) -> tuple[AuditRecords, list[int]]:
    """Read the audit records that one bundle left in a period; return them, and the places of those that are kept.

    Near its threshold the API keeps every record, elsewhere a share, and each record tells the probability with which
    it was to be there. It weighs the inverse of that (Horvitz and Thompson, 1952), so that neither cases near the
    threshold nor hours with a larger share count for more than they are.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON911`` no audit record, ``MON912`` records of other bundles only, ``MON913`` none in
        the period, ``MON925`` cases near the threshold only.
    """
    paths = list(paths)
    reader = _Reader(seal, inputs, period or Period(), now or datetime.now(UTC))
    tally = LineTally()
    for line in read_lines(paths, tally):
        reader.take(line)
    found, reading = reader.found, reader.found.reading
    reading.files, reading.unreadable_lines, reading.cut_files = tally.files, tally.unreadable, tally.cut_files
    reading.other_versions = dict(reader.others.most_common())
    if not reader.audited:
        raise MonitoringError("MON911", f"{_named(paths)} holds no audit record; is AUDIT=on for the function?")
    if not reader.own:
        others = ", ".join(reading.other_versions) or "incomplete records"
        raise MonitoringError(
            "MON912", f"no record was left by this bundle, only by {others}; give the bundle in force"
        )
    known = _with_known_probability(found, _first_of_each_request(found), reader.told_shares)
    kept = _last_of_each_applicant(found, known)
    if not kept:
        raise MonitoringError("MON913", "no record of this bundle lies in the period; choose another --since, --until")
    _weigh(found, kept)
    _tell(found, kept)
    return found, kept


def _named(paths: Iterable[Path]) -> str:
    return ", ".join(path.name for path in paths)


class _Reader:
    """Takes the lines of the log one by one and keeps what the window needs."""

    def __init__(self, seal: str, inputs: Sequence[Input], period: Period, now: datetime) -> None:
        self._seal = seal
        self._inputs = inputs
        self._period = period
        self._before = period.before(now)
        self._latest = now + CLOCK_TOLERANCE
        self.found = AuditRecords(
            WindowReading(),
            numbers={item.name: array("d") for item in inputs if item.kind != "category"},
            categories={item.name: [] for item in inputs if item.kind == "category"},
            unspoken={item.name: array("q") for item in inputs},
        )
        self.audited = self.own = 0
        self.others: Counter[str] = Counter()
        self.told_shares: list[float] = []

    def take(self, line: Line) -> None:
        """Keep what a line holds, or count why not."""
        event = line.get(EVENT)
        if event == Event.START and line.get(SEAL) == self._seal and isinstance(line.get(AUDITED_SHARE), int | float):
            self.told_shares.append(float(line[AUDITED_SHARE]))
        if event != Event.AUDIT:
            return
        self.audited += 1
        try:
            record = AuditRecord.read(line)
            values = _values(record, self._inputs)
            told = _numbers_of(record)
        except (RecordError, TypeError, ValueError, OverflowError):
            self.found.reading.incomplete += 1
            return
        if record.empreinte != self._seal:
            self.others[f"{record.version_modele} ({str(record.empreinte)[:8]})"] += 1
            return
        self.own += 1
        moment = said_moment(str(line[MOMENT]))
        if moment is None or moment > self._latest:
            self.found.reading.clock_skew += 1
        elif not self._period.holds(moment):
            self.found.reading.outside_period += 1
            if self._before.holds(moment):
                self._count_before(record, told)
        else:
            self._keep(record, moment, values, told)

    def _count_before(self, record: AuditRecord, told: tuple[float, float, float, float]) -> None:
        """Count what a record of the period before declares; near the threshold it counts as often as drawn ones."""
        if record.partenaire is not None:
            _, _, share, inclusion = told
            declarations = self.found.reading.declared_before.setdefault(str(record.partenaire), Declarations())
            declarations.add(_declared(record), share / inclusion if isfinite(share / inclusion) else 1.0)

    def _keep(
        self, record: AuditRecord, moment: datetime, values: list[Any], told: tuple[float, float, float, float]
    ) -> None:
        found, place = self.found, len(self.found)
        found.requests.append(str(record.id_requete))
        found.identities.append(hash(found.requests[-1]))
        found.contents.append(hash((record.classe, *values)))
        found.seconds.append(moment.timestamp())
        found.applicants.append(0 if record.demandeur is None else hash(str(record.demandeur)))
        found.decisions.append(intern(str(record.classe)))
        found.overridden.append(record.seuil_origine != CONTRACT_THRESHOLD)
        found.sampled.append(record.motif == SAMPLED)
        found.partners.append("" if record.partenaire is None else intern(str(record.partenaire)))
        for column, value in zip((found.probability, found.threshold, found.share, found.inclusion), told, strict=True):
            column.append(value)
        for item, value in zip(self._inputs, values, strict=True):
            (found.categories if item.kind == "category" else found.numbers)[item.name].append(value)
            if item.name not in record.demande:
                found.unspoken[item.name].append(place)


def _declared(record: AuditRecord) -> list[str]:
    """Return the inputs that an application declares to be absent."""
    return [name for name, value in record.demande.items() if value is None]


def _values(record: AuditRecord, inputs: Sequence[Input]) -> list[float | str | None]:
    """Return the value of each input, NaN and None for missing; raise where one is of another kind."""
    values: list[float | str | None] = []
    for item in inputs:
        value = record.demande.get(item.name)
        if item.kind != "category":
            values.append(nan if value is None else float(value))
        elif value is None or isinstance(value, str):
            values.append(None if value is None else intern(value))
        else:
            raise TypeError
    return values


def _numbers_of(record: AuditRecord) -> tuple[float, float, float, float]:
    """Return probability, threshold, audited share and probability of inclusion; raise where one cannot be it."""
    probability, threshold = float(record.probabilite_de_defaut), float(record.seuil)
    share = nan if record.part_auditee is None else float(record.part_auditee)
    inclusion = nan if record.probabilite_inclusion is None else float(record.probabilite_inclusion)
    possible = isfinite(threshold) and 0 <= probability <= 1 and not share < 0 and not share > 1
    if not possible or inclusion <= 0 or inclusion > 1 or record.classe not in tuple(Decision):
        raise ValueError
    return probability, threshold, share, inclusion


def _first_of_each_request(found: AuditRecords) -> list[int]:
    """Return the places of the first records: a retry of the sender, or of Firehose, is no second applicant."""
    identities, contents = (np.array(column, np.int64) for column in (found.identities, found.contents))
    _, first, request = np.unique(identities, return_index=True, return_inverse=True)
    found.reading.duplicates = len(identities) - len(first)
    found.reading.contradictions = int((contents != contents[first][request]).sum())
    return [int(place) for place in np.sort(first)]


def _with_known_probability(found: AuditRecords, places: Sequence[int], told_shares: Sequence[float]) -> list[int]:
    """Return the places of the records of times when every application had a chance to leave one.

    The probability of inclusion of an older record, which does not tell it, is put in here.

    Raises
    ------
    MonitoringError
        ``MON925`` when the API kept cases near the threshold only: nothing is known of the others.
    """
    shares = _shares(found, told_shares)
    sampling = [place for place in places if shares[place] > 0]
    found.reading.unsampled = len(places) - len(sampling)
    if places and not sampling:
        raise MonitoringError(
            "MON925",
            "all records are of times when the API kept cases near its threshold only (AUDIT_SHARE=0): they say "
            "nothing of the other requests; raise the share",
        )
    for place in sampling:
        if not isfinite(found.inclusion[place]):
            found.inclusion[place] = shares[place] if found.sampled[place] else 1.0
    if sampling:
        kept = [shares[place] for place in sampling]
        found.reading.least_share, found.reading.largest_share = min(kept), max(kept)
    return sampling


def _weigh(found: AuditRecords, kept: list[int]) -> None:
    """Give each kept record its weight: the inverse of its probability, 1 for those that stand for most.

    A record that was sure to be there counts as often as it would be drawn with the least probability. So all that is
    made for equal applications holds, and holds cautiously: it takes the window for one of as many as the weights add
    up to, and some chance of such a draw is spared.
    """
    inclusion = np.frombuffer(found.inclusion)[kept]
    found.weights = np.zeros(len(found))
    found.weights[kept] = inclusion.min() / inclusion
    reading = found.reading
    reading.n_effective, reading.stands_for = float(found.weights.sum()), float((1 / inclusion).sum())
    drawn = np.array([found.sampled[place] for place in kept])
    for word, held in ((SAMPLED, drawn), (NEAR_THRESHOLD, ~drawn)):
        reading.weighed[word] = Weighed(int(held.sum()), float((1 / inclusion[held]).sum()))


def _shares(found: AuditRecords, told_shares: Sequence[float]) -> list[float]:
    """Return the audited share at the moment of each record.

    Older records do not tell it: theirs is the least that the function started with, else what the records show.
    """
    if all(isfinite(share) for share in found.share):
        return list(found.share)
    untold = min(told_shares) if told_shares else _shown_share(found)
    return [share if isfinite(share) else untold for share in found.share]


def _shown_share(found: AuditRecords) -> float:
    places = [place_of(request) for request, drawn in zip(found.requests, found.sampled, strict=True) if drawn]
    # The largest of n draws below a share lies n/(n+1) of the way up to it.
    return min(1.0, max(places) * (len(places) + 1) / len(places)) if places else 0.0


def _last_of_each_applicant(found: AuditRecords, places: list[int]) -> list[int]:
    """Return the places by moment, of an applicant who came several times the last alone."""
    ordered = sorted(places, key=lambda place: found.seconds[place])
    last = {found.applicants[place]: place for place in ordered}
    kept = [place for place in ordered if not found.applicants[place] or last[found.applicants[place]] == place]
    found.reading.repeated_applicants = len(ordered) - len(kept)
    return kept


def _tell(found: AuditRecords, kept: list[int]) -> None:
    """Write into the reading what the window is made of."""
    reading, weights = found.reading, found.weights
    reading.kept = len(kept)
    reading.first, reading.last = (found.moment(place).isoformat() for place in (kept[0], kept[-1]))
    for place in kept:
        if found.overridden[place]:
            imposed = f"{found.threshold[place]:g}"
            reading.overridden[imposed] = reading.overridden.get(imposed, 0.0) + float(weights[place])
    reading.declared = _by_partner(found, kept)
    for name, unspoken in found.unspoken.items():
        left_out = float(weights[np.array(unspoken, np.int64)].sum())
        missing = float(weights[_is_missing(found, name)].sum())
        if missing:
            reading.absences[name] = Absence(declared=missing - left_out, left_out=left_out)


def _by_partner(found: AuditRecords, kept: list[int]) -> dict[str, Declarations]:
    """Return what the kept records of each partner declare to be absent."""
    declared = {}
    for name, unspoken in found.unspoken.items():
        said = _is_missing(found, name)
        said[np.array(unspoken, np.int64)] = False
        declared[name] = said
    by_partner: dict[str, Declarations] = {}
    for place in kept:
        if found.partners[place]:
            names = [name for name, said in declared.items() if said[place]]
            by_partner.setdefault(found.partners[place], Declarations()).add(names, float(found.weights[place]))
    return by_partner


def _is_missing(found: AuditRecords, name: str) -> np.ndarray:
    """Tell which records have no value of an input, shape ``(n_records,)``."""
    if name in found.numbers:
        return np.isnan(np.frombuffer(found.numbers[name]))
    return np.array([value is None for value in found.categories[name]])
