"""The histories of a dossier as a person reads them: credits elsewhere, loans with us, payments month by month.

What is shown is what the records say; what the model makes of them is the API's to compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any

from frontend.applications.requests import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from frontend.clients.sources import Dossier

type Record = Mapping[str, Any]

DAYS_A_MONTH = 365.25 / 12
# From this delay on, a late payment is a serious one.
LATE_DAYS = 30
# A payment that lacks less than this share of its instalment is a whole one.
_ROUNDING = 0.01
_LATE_STATUSES = frozenset("12345")


class Punctuality(StrEnum):
    """How an instalment was paid, from best to worst."""

    ON_TIME = "on_time"
    LATE = "late"
    VERY_LATE = "very_late"
    UNPAID = "unpaid"


_SEVERITY = {one: rank for rank, one in enumerate(Punctuality)}


@dataclass(frozen=True, slots=True)
class CreditElsewhere:
    """One credit with another lender.

    Attributes
    ----------
    kind, state
        In the words of the bureau.
    opened_days
        Days before the application.
    end_days
        Days from the application to the end that was agreed; negative where it has passed.
    overdue_days, overdue
        Of the payment that is late now; 0 for none.
    late_months
        Months that the monthly reports call late; None where there are no reports.
    """

    kind: str
    state: str
    opened_days: float | None
    end_days: float | None
    amount: float | None
    debt: float | None
    overdue: float
    overdue_days: float
    late_months: int | None


@dataclass(frozen=True, slots=True)
class Instalment:
    """One instalment of a loan with us.

    Attributes
    ----------
    due_days
        Days before the application.
    delay_days
        Days from the due date to the last payment; negative for an early one, None where nothing was paid.
    """

    due_days: float
    amount: float
    paid: float
    delay_days: float | None

    @property
    def punctuality(self) -> Punctuality:
        """Return how it was paid."""
        if self.delay_days is None or self.paid < (1 - _ROUNDING) * self.amount:
            return Punctuality.UNPAID
        if self.delay_days <= 0:
            return Punctuality.ON_TIME
        return Punctuality.LATE if self.delay_days < LATE_DAYS else Punctuality.VERY_LATE


@dataclass(frozen=True, slots=True)
class CardState:
    """What the last monthly report of a credit card says."""

    months_ago: int
    balance: float | None
    limit: float | None
    late_months: int


@dataclass(frozen=True, slots=True)
class LoanWithUs:
    """One earlier application, and what came of it.

    Attributes
    ----------
    key
        Number of the loan.
    decided_days
        Days before the application.
    asked, granted
        None where the amount was left open.
    """

    key: str
    kind: str
    state: str
    decided_days: float | None
    asked: float | None
    granted: float | None
    annuity: float | None
    instalments: tuple[Instalment, ...]
    card: CardState | None


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """The instalments of one loan that were due in one month.

    Attributes
    ----------
    months_ago
        0 is the month before the application.
    worst
        Of its instalments.
    delay_days
        The longest; None where one was not paid.
    """

    loan: str
    months_ago: int
    n_instalments: int
    worst: Punctuality
    delay_days: float | None


@dataclass(frozen=True, slots=True)
class Histories:
    """What a dossier tells; a table that was not given is None, an empty one is empty."""

    elsewhere: tuple[CreditElsewhere, ...] | None
    with_us: tuple[LoanWithUs, ...] | None
    payments_known: bool

    @property
    def calendar(self) -> tuple[MonthPaid, ...]:
        """The payments by loan and month, loans in their order and the oldest month first."""
        return tuple(month for loan in self.with_us or () for month in _months(loan))


def read_histories(dossier: Dossier) -> Histories:
    """Return the histories of a dossier; what is no record is passed over, for the API to refuse.

    >>> read_histories({"application": {}, "bureau": []}).elsewhere
    ()
    """
    bureau = records(dossier, "bureau")
    previous = records(dossier, "previous_application")
    reports = _by_key(records(dossier, "bureau_balance") or (), "SK_ID_BUREAU")
    return Histories(
        elsewhere=None if bureau is None else _by_age([_elsewhere(one, reports) for one in bureau], "opened_days"),
        with_us=None if previous is None else _by_age(_loans(dossier, previous), "decided_days"),
        payments_known="installments_payments" in dossier,
    )


def records(dossier: Dossier, table: str) -> list[Record] | None:
    """Return the records of a table, None where it was not given."""
    content = dossier.get(table)
    return [one for one in content if isinstance(one, dict)] if isinstance(content, list) else None


def number(record: Record, name: str) -> float | None:
    """Return a number of a record, None where there is none.

    >>> number({"DAYS_LAST_DUE": 365243}, "DAYS_LAST_DUE") is None
    True
    """
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return None if name.startswith("DAYS_") and value == NO_DATE else float(value)


def _elsewhere(record: Record, reports: Mapping[str, list[Record]]) -> CreditElsewhere:
    months = reports.get(str(record.get("SK_ID_BUREAU")))
    return CreditElsewhere(
        kind=str(record.get("CREDIT_TYPE") or ""),
        state=str(record.get("CREDIT_ACTIVE") or ""),
        opened_days=_ago(number(record, "DAYS_CREDIT")),
        end_days=number(record, "DAYS_CREDIT_ENDDATE"),
        amount=number(record, "AMT_CREDIT_SUM"),
        debt=number(record, "AMT_CREDIT_SUM_DEBT"),
        overdue=number(record, "AMT_CREDIT_SUM_OVERDUE") or 0.0,
        overdue_days=number(record, "CREDIT_DAY_OVERDUE") or 0.0,
        late_months=None if months is None else sum(str(one.get("STATUS")) in _LATE_STATUSES for one in months),
    )


def _loans(dossier: Dossier, previous: Sequence[Record]) -> list[LoanWithUs]:
    payments = _by_key(records(dossier, "installments_payments") or (), "SK_ID_PREV")
    cards = _by_key(records(dossier, "credit_card_balance") or (), "SK_ID_PREV")
    return [_loan(one, payments, cards) for one in previous]


def _loan(record: Record, payments: Mapping[str, list[Record]], cards: Mapping[str, list[Record]]) -> LoanWithUs:
    key = str(record.get("SK_ID_PREV"))
    return LoanWithUs(
        key=key,
        kind=str(record.get("NAME_CONTRACT_TYPE") or ""),
        state=str(record.get("NAME_CONTRACT_STATUS") or ""),
        decided_days=_ago(number(record, "DAYS_DECISION")),
        asked=number(record, "AMT_APPLICATION") or None,
        granted=number(record, "AMT_CREDIT") or None,
        annuity=number(record, "AMT_ANNUITY"),
        instalments=_instalments(payments.get(key, [])),
        card=_card(cards.get(key, [])),
    )


def _instalments(payments: Sequence[Record]) -> tuple[Instalment, ...]:
    """Return the instalments of a loan, from the oldest; several payments of one are taken together."""

    def identity(one: Record) -> tuple[float, float, float]:
        version, place = (number(one, f"NUM_INSTALMENT_{name}") or 0.0 for name in ("VERSION", "NUMBER"))
        return number(one, "DAYS_INSTALMENT") or 0.0, version, place

    dated = [one for one in payments if number(one, "DAYS_INSTALMENT") is not None]
    return tuple(_instalment(list(parts)) for _, parts in groupby(sorted(dated, key=identity), key=identity))


def _instalment(parts: Sequence[Record]) -> Instalment:
    due = number(parts[0], "DAYS_INSTALMENT") or 0.0
    entries = [day for one in parts if (day := number(one, "DAYS_ENTRY_PAYMENT")) is not None]
    return Instalment(
        due_days=-due,
        amount=max(number(one, "AMT_INSTALMENT") or 0.0 for one in parts),
        paid=sum(number(one, "AMT_PAYMENT") or 0.0 for one in parts),
        delay_days=max(entries) - due if entries else None,
    )


def _card(reports: Sequence[Record]) -> CardState | None:
    dated = [(month, one) for one in reports if (month := number(one, "MONTHS_BALANCE")) is not None]
    if not dated:
        return None
    month, last = max(dated, key=lambda pair: pair[0])
    return CardState(
        months_ago=round(-month),
        balance=number(last, "AMT_BALANCE"),
        limit=number(last, "AMT_CREDIT_LIMIT_ACTUAL"),
        late_months=sum((number(one, "SK_DPD") or 0.0) > 0 for _, one in dated),
    )


def _months(loan: LoanWithUs) -> Iterable[MonthPaid]:
    def month(one: Instalment) -> int:
        return int(one.due_days // DAYS_A_MONTH)

    for ago, group in groupby(loan.instalments, key=month):
        due = list(group)
        worst = max(due, key=lambda one: _SEVERITY[one.punctuality])
        delays = [one.delay_days for one in due]
        known = [one for one in delays if one is not None]
        yield MonthPaid(
            loan=loan.key,
            months_ago=ago,
            n_instalments=len(due),
            worst=worst.punctuality,
            delay_days=max(known) if len(known) == len(delays) else None,
        )


def _by_key(rows: Iterable[Record], name: str) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for one in rows:
        found.setdefault(str(one.get(name)), []).append(one)
    return found


def _by_age[Told: (CreditElsewhere, LoanWithUs)](told: list[Told], name: str) -> tuple[Told, ...]:
    """Return what happened last first; what has no date comes last."""

    def age(one: Told) -> float:
        days: float | None = getattr(one, name)
        return float("inf") if days is None else days

    return tuple(sorted(told, key=age))


def _ago(days: float | None) -> float | None:
    return None if days is None else -days
