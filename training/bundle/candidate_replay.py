"""Replay of a candidate: what another bundle, threshold or set of rules would have said of recorded decisions.

Nobody is affected by it: the records say what was decided, the candidate is asked the same applications again, and
the two are compared decision by decision, before anything is promoted.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import batched
from typing import TYPE_CHECKING

import numpy as np

from metrics.costs import costs_of, decision_costs
from metrics.intervals import normal_interval, paired_difference
from scoring.decision import Decision, Outcome
from scoring.records import SAMPLED
from scoring.service import ScoredApplication
from training.bundle.replay import iterate_records
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from scoring.contract import Estimate, Input
    from scoring.features import Value
    from scoring.policy import PolicyBook
    from scoring.records import AuditRecord
    from scoring.service import ScoringService

BATCH = 5_000
REQUEST, OUTCOME = "id_requete", "defaut"
# A segment of fewer decisions says little, and too much about few people.
LEAST_SEGMENT = 50
MOST_CATEGORIES = 8
NOT_JUDGED = "non évaluée"


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one application, and what the candidate would have decided.

    Attributes
    ----------
    weight
        How many applications the record stands for: the sample keeps a share of those away from the threshold.
    before, after
        `Outcome` of each, in the words of the API; `NOT_JUDGED` where the candidate refuses to answer.
    accepted_before, accepted_after
        Whether neither model nor rules refused it.
    segments
        By attribute, the group the application is of.
    """

    request_id: str
    weight: float
    before: str
    after: str
    accepted_before: bool
    accepted_after: bool
    segments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Swap:
    """Changes of decision among some applications, as weighted counts.

    Attributes
    ----------
    n
        Records, unweighted.
    swapped_in, swapped_out
        Refused before and accepted now, and the other way round.
    acceptance_before, acceptance_after
        Weighted shares.
    """

    n: int
    total: float
    unchanged: float
    swapped_in: float
    swapped_out: float
    acceptance_before: float
    acceptance_after: float

    @property
    def changed_share(self) -> float:
        """Share of the applications whose decision changes."""
        return (self.swapped_in + self.swapped_out) / self.total if self.total else 0.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Costs where it is known what became of the applications.

    Attributes
    ----------
    difference
        Cost per application of the candidate less that of what was decided, weighted, with its interval.
    """

    n: int
    n_defaults: int
    before: float
    after: float
    difference: Estimate
    default_rate_swapped_in: float | None
    default_rate_swapped_out: float | None


@dataclass(frozen=True, slots=True)
class CandidateReplay:
    """What came of a replay.

    Attributes
    ----------
    flows
        Weighted counts by outcome before and after.
    absent
        By input of the candidate, records that do not have it, or a category it does not know.
    segments
        By attribute and group.
    """

    candidate: str
    threshold: float
    everybody: Swap
    flows: Mapping[tuple[str, str], float]
    absent: Mapping[str, int]
    segments: Mapping[str, Mapping[str, Swap]]
    judged: Judged | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Who is asked again.

    Attributes
    ----------
    book
        Rules in the place of the recorded ones; without it what the rules said then stands.
    """

    name: str
    service: ScoringService
    book: PolicyBook | None = None


def replay_candidate(
    candidate: Candidate,
    files: Sequence[Path],
    *,
    outcomes: Mapping[str, int] | None = None,
    groups: Mapping[str, Mapping[str, str]] | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> CandidateReplay:
    """Ask a candidate the applications of audit records.

    Parameters
    ----------
    outcomes
        By request: 1 for a default, 0 for none.
    groups
        By attribute and request, the group: what the law protects is in no record.
    advance
        Called with the number of records of each batch.

    Raises
    ------
    DataError
        ``TRN180`` to ``TRN182`` when the records cannot be read, ``TRN183`` when none of the outcomes is of them.
    """
    inputs = {item.name: item for item in candidate.service.contract.inputs}
    absent: Counter[str] = Counter()
    decided: list[Decided] = []
    for records in batched((one for path in files for one in iterate_records(path)), BATCH):
        decided += _decide(candidate, records, inputs, absent, groups or {})
        advance(len(records))
    if not decided:
        raise DataError("TRN181", "the files hold no audit record; see docs/api.md for where records are kept")
    flows: Counter[tuple[str, str]] = Counter()
    for one in decided:
        flows[one.before, one.after] += one.weight  # type: ignore[assignment]  # Counter takes fractions as well
    return CandidateReplay(
        candidate=candidate.name,
        threshold=candidate.service.rule.threshold,
        everybody=_swap(decided),
        flows=dict(flows),
        absent=dict(absent),
        segments=_segments(decided),
        judged=_judge(candidate, decided, outcomes) if outcomes is not None else None,
    )


def _decide(
    candidate: Candidate,
    records: Sequence[AuditRecord],
    inputs: Mapping[str, Input],
    absent: Counter[str],
    groups: Mapping[str, Mapping[str, str]],
) -> list[Decided]:
    applications = [_readable(record.demande, inputs, absent) for record in records]
    answers = candidate.service.score_many(applications)
    return [
        _decided(candidate, record, answer if isinstance(answer, ScoredApplication) else None, inputs, groups)
        for record, answer in zip(records, answers, strict=True)
    ]


def _readable(application: Mapping[str, Value], inputs: Mapping[str, Input], absent: Counter[str]) -> dict[str, Value]:
    """Return what the candidate can read of an application, and count what it lacks."""
    kept: dict[str, Value] = {}
    for name, item in inputs.items():
        value = application.get(name)
        if name not in application or (item.categories and value is not None and value not in item.categories):
            absent[name] += 1
        else:
            kept[name] = value
    return kept


def _decided(
    candidate: Candidate,
    record: AuditRecord,
    answer: ScoredApplication | None,
    inputs: Mapping[str, Input],
    groups: Mapping[str, Mapping[str, str]],
) -> Decided:
    policy_before = Outcome((record.politique or {}).get("resultat", Outcome.GRANT))
    policy_after = candidate.book.judge(record.demande).effect if candidate.book else policy_before
    accepts = answer is not None and answer.decision is Decision.ACCEPT
    after = NOT_JUDGED if answer is None else _outcome(answer.decision, bool(answer.review), policy_after)
    segments = {
        name: str(value)
        for name, item in inputs.items()
        if 0 < len(item.categories) <= MOST_CATEGORIES and (value := record.demande.get(name)) is not None
    }
    segments |= {name: known[record.id_requete] for name, known in groups.items() if record.id_requete in known}
    share = record.probabilite_inclusion or (record.part_auditee if record.motif == SAMPLED else None)
    return Decided(
        request_id=record.id_requete,
        weight=1 / share if share else 1.0,
        before=_outcome(Decision(record.classe), bool(record.revue_humaine), policy_before),
        after=after,
        accepted_before=record.classe == Decision.ACCEPT and policy_before is not Outcome.REFUSE,
        accepted_after=accepts and policy_after is not Outcome.REFUSE,
        segments=segments,
    )


def _outcome(decision: Decision, reviewed: bool, policy: Outcome) -> str:  # noqa: FBT001  one of three facts
    """Return what is put to a person, by the rule of `scoring.service.ScoredApplication.proposal`."""
    if policy is not Outcome.GRANT:
        return policy.value
    if reviewed:
        return Outcome.REVIEW.value
    return (Outcome.GRANT if decision is Decision.ACCEPT else Outcome.REFUSE).value


def _swap(decided: Iterable[Decided]) -> Swap:
    rows = list(decided)
    weight = np.array([one.weight for one in rows])
    before = np.array([one.accepted_before for one in rows], bool)
    after = np.array([one.accepted_after for one in rows], bool)
    total = float(weight.sum())
    return Swap(
        n=len(rows),
        total=total,
        unchanged=float(weight[before == after].sum()),
        swapped_in=float(weight[~before & after].sum()),
        swapped_out=float(weight[before & ~after].sum()),
        acceptance_before=float(weight[before].sum() / total),
        acceptance_after=float(weight[after].sum() / total),
    )


def _segments(decided: Sequence[Decided]) -> dict[str, dict[str, Swap]]:
    found: dict[str, dict[str, list[Decided]]] = defaultdict(lambda: defaultdict(list))
    for one in decided:
        for attribute, group in one.segments.items():
            found[attribute][group].append(one)
    return {
        attribute: {group: _swap(rows) for group, rows in sorted(groups.items()) if len(rows) >= LEAST_SEGMENT}
        for attribute, groups in sorted(found.items())
    }


def _judge(candidate: Candidate, decided: Sequence[Decided], outcomes: Mapping[str, int]) -> Judged:
    known = [one for one in decided if one.request_id in outcomes]
    if len(known) < 2:  # noqa: PLR2004  an interval needs two
        raise DataError(
            "TRN183", f"{len(known)} of the {len(outcomes)} outcomes is of these records; look at their {REQUEST}"
        )
    default = np.array([outcomes[one.request_id] for one in known])
    weight = np.array([one.weight for one in known])
    share = weight / weight.mean()
    costs = costs_of(candidate.service.contract.decision)
    before, after = (
        np.array([getattr(one, f"accepted_{when}") for one in known], bool) for when in ("before", "after")
    )
    paid = [share * decision_costs(~accepted, default, costs=costs) for accepted in (before, after)]
    return Judged(
        n=len(known),
        n_defaults=int(default.sum()),
        before=float(paid[0].mean()),
        after=float(paid[1].mean()),
        difference=normal_interval(*paired_difference(paid[1], paid[0])),
        default_rate_swapped_in=_rate(default, weight, ~before & after),
        default_rate_swapped_out=_rate(default, weight, before & ~after),
    )


def _rate(default: np.ndarray, weight: np.ndarray, rows: np.ndarray) -> float | None:
    return float(np.average(default[rows], weights=weight[rows])) if rows.any() else None


def read_outcomes(path: Path) -> dict[str, int]:
    """Return what became of requests: a CSV file with `REQUEST` and `OUTCOME`, 1 for a default.

    Raises
    ------
    DataError
        ``TRN184`` when the file is not of that form.
    """
    found = {}
    for row in _rows(path, OUTCOME):
        if row[OUTCOME] not in {"0", "1"}:
            raise DataError("TRN184", f"{path} has an outcome other than 0 and 1; 1 stands for a default")
        found[row[REQUEST]] = int(row[OUTCOME])
    return found


def read_groups(path: Path) -> dict[str, dict[str, str]]:
    """Return the groups of requests by attribute: a CSV file with `REQUEST` and one column an attribute.

    Raises
    ------
    DataError
        ``TRN184`` when the file is not of that form.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _rows(path):
        for attribute, group in row.items():
            if attribute != REQUEST and group:
                found[attribute][row[REQUEST]] = group
    return dict(found)


def _rows(path: Path, *needed: str) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in (REQUEST, *needed) if name not in (reader.fieldnames or ())]
            if lacking:
                raise DataError("TRN184", f"{path} lacks the column {lacking[0]}")
            return list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError("TRN184", f"{path} cannot be read as CSV in UTF-8") from error
