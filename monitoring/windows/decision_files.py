"""Decisions of officers, as the desk exports them: each beside the proposal that it follows or overrides."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from monitoring.errors import MonitoringError
from scoring.decision import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from monitoring.windows.audit_records import Period

# By column, the names that files give it: those of a table first, those of the desk's own export behind.
COLUMNS = {
    "reference": ("reference", "id_requete"),
    "date": ("date", "decide_le"),
    "proposition": ("proposition",),
    "decision": ("decision",),
    "code_motif": ("code_motif", "motif"),
    "classe": ("classe",),
    "probabilite_de_defaut": ("probabilite_de_defaut",),
    "contresigne": ("contresigne",),
}
_OPTIONAL = ("code_motif", "classe", "probabilite_de_defaut", "contresigne")
_YES = ("true", "1", "1.0", "oui", "vrai", "x")
_GRANTED, _REFUSED = ("accord", "accepte"), ("refus", "refuse")


@dataclass(frozen=True, slots=True)
class OfficerDecision:
    """One decision of a person.

    Attributes
    ----------
    reference
        Identifier of the request that was answered, by which its outcome is found.
    proposal
        What the system had put to the officer.
    granted
        What the officer decided.
    model_grants
        Whether the model's own class was to grant, which every answer has, one put to a person too; None where the
        file does not tell it.
    default_probability
        As the model gave it; None where the file does not tell it.
    countersigned
        Whether two people signed it.
    """

    reference: str
    decided_at: datetime
    proposal: Outcome
    granted: bool
    reason: str
    model_grants: bool | None = None
    default_probability: float | None = None
    countersigned: bool = False

    @property
    def is_override(self) -> bool:
        """Tell whether it goes against a proposal; where a person was asked, there was none to go against."""
        return self.proposal is not Outcome.REVIEW and self.granted != (self.proposal is Outcome.GRANT)

    @property
    def departs_from_class(self) -> bool | None:
        """Tell whether it is another than the model's class; None where that is not told."""
        return None if self.model_grants is None else self.granted != self.model_grants


@dataclass(frozen=True, slots=True)
class DecisionReading:
    """What became of the rows of a file.

    Attributes
    ----------
    repeated
        Earlier decisions of a case that was decided again.
    undecided
        Rows whose decision is neither to grant nor to refuse, such as a call for papers.
    unreadable
        Rows without reference, date or proposal that can be read.
    outside_period
        Decisions of another time.
    """

    rows: int
    repeated: int
    undecided: int
    unreadable: int
    outside_period: int


def read_decisions(path: Path, period: Period) -> tuple[tuple[OfficerDecision, ...], DecisionReading]:
    """Return the last decision of each case of a file: CSV, Parquet, or JSON lines as the desk exports them.

    Raises
    ------
    MonitoringError
        ``MON902`` no file, ``MON926`` no table of decisions.
    """
    if not path.is_file():
        raise MonitoringError("MON902", f"{path} does not exist; give the decisions that the desk exports")
    rows = _rows(path)
    unreadable = undecided = outside = 0
    last: dict[str, OfficerDecision] = {}
    kept = 0
    for row in rows:
        granted = _granted(row["decision"])
        if granted is None:
            undecided += 1
            continue
        try:
            decision = _decision(row, period, granted=granted)
        except ValueError:
            unreadable += 1
            continue
        if not period.holds(decision.decided_at):
            outside += 1
            continue
        kept += 1
        before = last.get(decision.reference)
        if before is None or before.decided_at <= decision.decided_at:
            last[decision.reference] = decision
    return tuple(last.values()), DecisionReading(len(rows), kept - len(last), undecided, unreadable, outside)


def _rows(path: Path) -> list[dict[str, Any]]:
    """Return the rows under the names of `COLUMNS`."""
    try:
        if path.suffix == ".parquet":
            told: Iterable[Mapping[str, Any]] = pq.read_table(path).to_pylist()
        elif path.suffix in (".jsonl", ".json"):
            told = [json.loads(line) for line in path.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
        else:
            told = _table(path.read_text(encoding="utf-8-sig"))
    except (pa.ArrowException, OSError, ValueError, csv.Error) as error:
        raise MonitoringError("MON926", f"{path} is no table of decisions; give CSV, Parquet or JSON lines") from error
    rows = []
    for row in told:
        if not isinstance(row, Mapping):
            raise MonitoringError("MON926", f"{path} holds lines that are no decision; give what the desk exports")
        names = {column: next((one for one in known if one in row), None) for column, known in COLUMNS.items()}
        absent = [column for column, name in names.items() if name is None and column not in _OPTIONAL]
        if absent:
            raise MonitoringError("MON926", f"{path} lacks {', '.join(absent)}; a decision has {', '.join(COLUMNS)}")
        rows.append({column: None if name is None else row[name] for column, name in names.items()})
    return rows


def _table(text: str) -> Sequence[Mapping[str, Any]]:
    head = text.partition("\n")[0]
    return list(csv.DictReader(text.splitlines(), delimiter=";" if head.count(";") > head.count(",") else ","))


def _granted(decision: object) -> bool | None:
    word = str(decision or "").strip().lower()
    return True if word in _GRANTED else False if word in _REFUSED else None


def _decision(row: Mapping[str, Any], period: Period, *, granted: bool) -> OfficerDecision:
    """Return a decision; raise ValueError where it cannot be read."""
    reference = str(row["reference"] or "").strip()
    decided_at = row["date"] if isinstance(row["date"], datetime) else datetime.fromisoformat(str(row["date"]).strip())
    if not reference:
        raise ValueError
    return OfficerDecision(
        reference=reference,
        decided_at=(decided_at if decided_at.tzinfo else decided_at.replace(tzinfo=period.zone)).astimezone(UTC),
        proposal=Outcome(str(row["proposition"]).strip().lower()),
        granted=granted,
        reason=str(row["code_motif"] or "").strip(),
        model_grants=_granted(row["classe"]),
        default_probability=_probability(row["probabilite_de_defaut"]),
        countersigned=str(row["contresigne"]).strip().lower() in _YES,
    )


def _probability(told: object) -> float | None:
    """Return a probability, None where there is none; raise ValueError where it cannot be one."""
    if told in (None, ""):
        return None
    probability = float(str(told).replace(",", "."))
    if not 0 <= probability <= 1:
        raise ValueError
    return probability
