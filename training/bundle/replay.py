"""Replay: an audit record and the bundle of its version give the same decision again, or what differs is named."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from scoring.decision import DecisionCosts
from scoring.errors import InvalidApplicationError
from scoring.log_lines import EVENT, REQUEST, Event
from scoring.records import AuditRecord, RecordError, answer_of, model_version, origin_of
from training.bundle.opening import open_bundle, open_service
from training.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from scoring.bundle import Bundle
    from scoring.service import ScoringService

_GZIP = b"\x1f\x8b"
# What was asked, by whom and when is taken from the record; who chose the threshold is the configuration's to know.
_GIVEN = {
    "motif",
    "id_requete",
    "route",
    "horodatage",
    "seuil_origine",
    "demandeur",
    "demande",
    "dossier",
    "part_auditee",
    "probabilite_inclusion",
    "partenaire",
    "politique",
}
_TAKEN_AGAIN = tuple(one.name for one in fields(AuditRecord) if one.name not in _GIVEN)


@dataclass(frozen=True, slots=True)
class Replay:
    """What came of one record; no difference means that every bit was reproduced."""

    request_id: str
    differences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replayer:
    """A bundle that takes decisions again, each under the rule that was in force."""

    bundle: Bundle
    service: ScoringService

    @classmethod
    def of(cls, folder: Path) -> Replayer:
        """Load a bundle.

        Raises
        ------
        DataError
            ``TRN171`` when it cannot be used.
        """
        bundle = open_bundle(folder)
        return cls(bundle, open_service(bundle))

    @property
    def name(self) -> str:
        """Name, version and hash of the bundle."""
        return f"{model_version(self.bundle)} (empreinte {self.bundle.seal[:16]}…)"

    def replay(self, record: AuditRecord) -> Replay:
        """Score the application of a record again and name every field that does not come out the same."""
        recorded, reproduced = json.loads(record.line()), _as_written(self._again(record))
        differences = [
            f"{name}: recorded {recorded.get(name)!r}, reproduced {reproduced.get(name)!r}"
            for name in _TAKEN_AGAIN
            if not _same(recorded.get(name), reproduced.get(name))
        ]
        return Replay(record.id_requete, tuple(differences))

    def _again(self, record: AuditRecord) -> dict[str, Any]:
        service = self._under_the_rule_of(record)
        origin = origin_of(self.bundle, service.rule) | {"seuil": service.rule.threshold}
        try:
            return origin | answer_of(service.score(record.demande, n_reasons=len(record.raisons)))
        except (InvalidApplicationError, KeyError):
            # Another bundle's inputs: nothing can be reproduced, and the hash says why.
            return origin

    def _under_the_rule_of(self, record: AuditRecord) -> ScoringService:
        policy = self.bundle.contract.decision
        exported = (policy.false_negative_cost, policy.false_positive_cost, policy.threshold)
        if exported == (record.cout_faux_negatif, record.cout_faux_positif, record.seuil):
            return self.service
        costs = DecisionCosts(record.cout_faux_negatif, record.cout_faux_positif)
        return self.service.under(threshold=record.seuil, costs=costs)


def _as_written(facts: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(facts)))


def _same(recorded: object, reproduced: object) -> bool:
    """Compare as written: `repr` of a double tells every bit, the sign of zero included."""
    return json.dumps(recorded) == json.dumps(reproduced)


def read_records(path: Path, *, request_id: str | None = None) -> list[AuditRecord]:
    """Return the audit records of a file; other lines of a log are passed over.

    Raises
    ------
    DataError
        ``TRN180`` the file cannot be read, ``TRN181`` it holds no such record, ``TRN182`` a record is incomplete.
    """
    found = list(iterate_records(path, request_id=request_id))
    if not found:
        asked = f" of request {request_id}" if request_id else ""
        raise DataError("TRN181", f"{path} holds no audit record{asked}; see docs/api.md for where records are kept")
    return found


def iterate_records(path: Path, *, request_id: str | None = None) -> Iterator[AuditRecord]:
    """Yield the audit records of a file one by one; a month of them need not fit into memory.

    Raises
    ------
    DataError
        ``TRN180`` the file cannot be read, ``TRN182`` a record is incomplete.
    """
    try:
        with path.open("rb") as raw:
            zipped = raw.read(len(_GZIP)) == _GZIP
        with gzip.open(path, "rt", encoding="utf-8") if zipped else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                told = _told(line)
                if told is not None and request_id in {None, told.get(REQUEST)}:
                    yield _record(path, number, told)
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DataError("TRN180", f"{path} cannot be read as JSON lines; give a file of audit records") from error


def _told(line: str) -> dict[str, Any] | None:
    """Return what a line tells, where it tells an audit record."""
    try:
        content = json.loads(line)
    except ValueError:
        return None
    return content if isinstance(content, dict) and content.get(EVENT) == Event.AUDIT else None


def _record(path: Path, number: int, told: dict[str, Any]) -> AuditRecord:
    try:
        return AuditRecord.read(told)
    except RecordError as error:
        raise DataError(
            "TRN182", f"line {number} of {path} {error}; replay it with the version that wrote it"
        ) from error
