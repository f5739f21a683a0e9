"""The decisions in a database: SQLite unless told otherwise, any that SQLAlchemy speaks to.

A case changes only for who saw its latest version, and a decision that is sent twice counts once: neither a colleague
nor a lost connection can make one vanish or double it.
"""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import exc

from frontend.desk.cases import WAITING, Case, OfficerDecision, State, Verdict, next_state

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from frontend.desk.cases import NewCase

MOST_SHOWN = 200
_LONGEST_NAME = 200
_METADATA = sa.MetaData()
_CASES = sa.Table(
    "desk_cases",
    _METADATA,
    sa.Column("id", sa.String(36), primary_key=True),
    sa.Column("client_number", sa.String(_LONGEST_NAME), nullable=False, index=True),
    sa.Column("client_name", sa.String(_LONGEST_NAME), nullable=False),
    sa.Column("client_address", sa.JSON, nullable=False),
    sa.Column("opened_by", sa.String(_LONGEST_NAME), nullable=False),
    # Text of ISO 8601 in UTC: the same in every database, and in order when it is sorted.
    sa.Column("opened_at", sa.String(40), nullable=False),
    sa.Column("amount", sa.Double),
    sa.Column("inputs", sa.JSON, nullable=False),
    sa.Column("reply", sa.JSON, nullable=False),
    sa.Column("language", sa.String(2), nullable=False),
    sa.Column("state", sa.String(20), nullable=False, index=True),
    sa.Column("version", sa.Integer, nullable=False),
)
_DECISIONS = sa.Table(
    "desk_decisions",
    _METADATA,
    sa.Column("key", sa.String(36), primary_key=True),
    sa.Column("case_id", sa.ForeignKey(_CASES.c.id), nullable=False, index=True),
    sa.Column("place", sa.Integer, nullable=False),
    sa.Column("officer", sa.String(_LONGEST_NAME), nullable=False),
    sa.Column("verdict", sa.String(10), nullable=False),
    sa.Column("reason_code", sa.String(10), nullable=False),
    sa.Column("comment", sa.Text, nullable=False),
    sa.Column("made_at", sa.String(40), nullable=False),
    sa.UniqueConstraint("case_id", "place"),
)


class StoreError(Exception):
    """The database did not do what was asked; `reason` is a key of the locales, and nothing was changed."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class ConflictError(StoreError):
    """Somebody else changed the case meanwhile; `case` is what it is now."""

    def __init__(self, case: Case) -> None:
        super().__init__("desk.conflict")
        self.case = case


class DecisionStore:
    """Cases and decisions at one address.

    Parameters
    ----------
    four_eyes_amount
        From this credit on, a decision that departs from the model's needs a second person.

    Raises
    ------
    StoreError
        ``desk.bad_address`` when nothing speaks to such an address.
    """

    def __init__(self, url: str, *, four_eyes_amount: float) -> None:
        self._four_eyes_amount = four_eyes_amount
        try:
            # A connection an operation: one that was lost while the desk was quiet is nobody's trouble.
            self._engine = sa.create_engine(url, poolclass=sa.NullPool)
        except (exc.ArgumentError, ImportError) as error:
            raise StoreError("desk.bad_address") from error
        self._ready = False

    def open(self, new: NewCase) -> Case:
        """Keep a proposal; one of the same client that nobody decided yet gives way to it."""
        number = new.client_number[:_LONGEST_NAME]
        row = {name: getattr(new, name) for name in _CASES.c.keys() if hasattr(new, name)}  # noqa: SIM118  of columns
        row |= {
            "id": str(uuid.uuid4()),
            "client_number": number,
            "client_name": new.client_name[:_LONGEST_NAME],
            "client_address": list(new.client_address),
            "opened_at": _written(new.opened_at),
            "inputs": dict(new.inputs),
            "reply": dict(new.reply),
            "state": State.TO_DECIDE.value,
            "version": 1,
        }
        untouched = (
            (_CASES.c.client_number == number)
            & (_CASES.c.state == State.TO_DECIDE.value)
            & ~sa.exists().where(_DECISIONS.c.case_id == _CASES.c.id)
        )
        with self._begun() as connection:
            connection.execute(
                _CASES.update().where(untouched).values(state=State.REPLACED.value, version=_CASES.c.version + 1)
            )
            connection.execute(_CASES.insert().values(row))
            return _one(connection, row["id"])

    def case(self, case_id: str) -> Case:
        """Return one case as it is now."""
        with self._begun() as connection:
            return _one(connection, case_id)

    def waiting(self) -> tuple[Case, ...]:
        """Return the cases that wait for a person, the oldest first."""
        return self._listed(_CASES.c.state.in_([one.value for one in WAITING]), _CASES.c.opened_at)

    def decided(self) -> tuple[Case, ...]:
        """Return the cases that are decided, the latest first."""
        return self._listed(_CASES.c.state == State.DECIDED.value, _CASES.c.opened_at.desc())

    def decide(self, seen: Case, decision: OfficerDecision) -> Case:
        """Keep a decision on the case that was seen, and return what the case is then.

        Raises
        ------
        CaseRuleError
            When a rule of the desk forbids the decision.
        ConflictError
            When somebody else changed the case since it was seen.
        StoreError
            ``desk.read_only`` or ``desk.gone``; sending the same decision again is safe.
        """
        with self._begun() as connection:
            if connection.execute(sa.select(_DECISIONS.c.key).where(_DECISIONS.c.key == decision.key)).first():
                return _one(connection, seen.id)  # it arrived before the connection was lost
            current = _one(connection, seen.id)
            if current.version != seen.version:
                raise ConflictError(current)
            state = next_state(current, decision, four_eyes_amount=self._four_eyes_amount)
            changed = connection.execute(
                _CASES.update()
                .where(_CASES.c.id == seen.id, _CASES.c.version == seen.version)
                .values(state=state.value, version=seen.version + 1)
            )
            if changed.rowcount != 1:
                raise ConflictError(_one(connection, seen.id))
            connection.execute(_DECISIONS.insert().values(_row(decision, current)))
            return _one(connection, seen.id)

    def _listed(self, condition: sa.ColumnElement[bool], order: sa.ColumnElement[Any]) -> tuple[Case, ...]:
        with self._begun() as connection:
            rows = connection.execute(sa.select(_CASES).where(condition).order_by(order).limit(MOST_SHOWN)).all()
            return _cases(connection, rows)

    def all_decided(self) -> Iterator[Case]:
        """Yield every case that is decided, the oldest first."""
        with self._begun() as connection:
            query = sa.select(_CASES).where(_CASES.c.state == State.DECIDED.value).order_by(_CASES.c.opened_at)
            for rows in connection.execute(query).partitions(MOST_SHOWN):
                yield from _cases(connection, rows)

    @contextmanager
    def _begun(self) -> Iterator[sa.Connection]:
        """Begin a transaction, and tell a database that is gone from one that may only be read."""
        try:
            if not self._ready:
                _METADATA.create_all(self._engine)
                self._ready = True
            with self._engine.begin() as connection:
                yield connection
        except exc.DBAPIError as error:
            raise StoreError(_reason(error)) from error
        except exc.TimeoutError as error:
            raise StoreError("desk.gone") from error


def _reason(error: exc.DBAPIError) -> str:
    if isinstance(error, exc.IntegrityError):
        return "desk.conflict"
    told = str(error.orig).casefold().replace("-", "")
    return "desk.read_only" if "readonly" in told or "permission denied" in told else "desk.gone"


def _one(connection: sa.Connection, case_id: str) -> Case:
    rows = connection.execute(sa.select(_CASES).where(_CASES.c.id == case_id)).all()
    if not rows:
        raise StoreError("desk.unknown_case")
    return _cases(connection, rows)[0]


def _cases(connection: sa.Connection, rows: Sequence[sa.Row[Any]]) -> tuple[Case, ...]:
    """Return the cases of rows, each with its decisions in their order."""
    query = sa.select(_DECISIONS).where(_DECISIONS.c.case_id.in_([row.id for row in rows])).order_by(_DECISIONS.c.place)
    decisions: dict[str, list[OfficerDecision]] = {}
    for row in connection.execute(query):
        decisions.setdefault(row.case_id, []).append(_decision(row))
    return tuple(_case(row, decisions.get(row.id, [])) for row in rows)


def _case(row: sa.Row[Any], decisions: Sequence[OfficerDecision]) -> Case:
    return Case(
        client_number=row.client_number,
        client_name=row.client_name,
        client_address=tuple(row.client_address),
        opened_by=row.opened_by,
        opened_at=datetime.fromisoformat(row.opened_at),
        amount=row.amount,
        inputs=row.inputs,
        reply=row.reply,
        language=row.language,
        id=row.id,
        state=State(row.state),
        version=row.version,
        decisions=tuple(decisions),
    )


def _decision(row: sa.Row[Any]) -> OfficerDecision:
    return OfficerDecision(
        key=row.key,
        officer=row.officer,
        verdict=Verdict(row.verdict),
        reason_code=row.reason_code,
        comment=row.comment,
        made_at=datetime.fromisoformat(row.made_at),
    )


def _row(decision: OfficerDecision, case: Case) -> dict[str, Any]:
    return {
        "key": decision.key,
        "case_id": case.id,
        "place": len(case.decisions),
        "officer": decision.officer[:_LONGEST_NAME],
        "verdict": decision.verdict.value,
        "reason_code": decision.reason_code,
        "comment": decision.comment,
        "made_at": _written(decision.made_at),
    }


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
