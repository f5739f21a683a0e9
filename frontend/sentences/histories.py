"""What is said of the histories of a dossier: kinds, states, moments, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frontend.clients.histories import DAYS_A_MONTH, Punctuality
from frontend.wording.numerals import NOT_APPLICABLE

if TYPE_CHECKING:
    from frontend.clients.histories import CardState, CreditElsewhere, LoanWithUs, MonthPaid
    from frontend.wording.words import Words

MONTHS_A_YEAR = 12
# Up to two years, people count in months.
_LONG_MONTHS = 24


def say_kind(kind: str, words: Words) -> str:
    """Return the kind of a credit, or what the bureau calls it where this page has not met it."""
    return words.known(f"credit_kind.{kind}", kind) or NOT_APPLICABLE


def say_state(state: str, words: Words) -> str:
    """Return the state of a credit or of an application."""
    return words.known(f"credit_state.{state}", state) or NOT_APPLICABLE


def say_span(days: float, words: Words) -> str:
    """Return a length of time as people count it.

    >>> from frontend.wording.words import words_of
    >>> [say_span(days, words_of("fr")) for days in (12, 200, 1100)]
    ['12 jours', '7 mois', '3 ans']
    """
    if days < DAYS_A_MONTH:
        return words.counted("client.days", round(days))
    months = round(days / DAYS_A_MONTH)
    if months < _LONG_MONTHS:
        return words.counted("client.months", months)
    return words.counted("client.years", round(months / MONTHS_A_YEAR))


def say_ago(days: float | None, words: Words) -> str:
    """Return how long before the application something was."""
    return NOT_APPLICABLE if days is None else words("client.ago", span=say_span(days, words))


def say_end(credit: CreditElsewhere, words: Words) -> str:
    """Return when a credit ends, or has ended."""
    if credit.end_days is None:
        return NOT_APPLICABLE
    if credit.end_days < 0:
        return say_ago(-credit.end_days, words)
    return words("client.within", span=say_span(credit.end_days, words))


def say_amount(amount: float | None, sign: str, words: Words) -> str:
    """Return an amount in the contract's currency, a dash where there is none."""
    return NOT_APPLICABLE if amount is None else words.quantity(amount, 0, sign)


def say_credit_delays(credit: CreditElsewhere, sign: str, words: Words) -> str:
    """Tell what is late on a credit, and how many of its reported months were."""
    told = []
    if credit.overdue or credit.overdue_days:
        amount, days = say_amount(credit.overdue, sign, words), round(credit.overdue_days)
        told.append(words("client.overdue", amount=amount, days=words.number(days)))
    if credit.late_months:
        told.append(words.counted("client.late_months", credit.late_months))
    return " ; ".join(told) or words("client.nothing_late")


def say_loan_payments(loan: LoanWithUs, words: Words) -> str:
    """Tell how many instalments of a loan are told of, and how many were not paid on time."""
    if not loan.instalments:
        return NOT_APPLICABLE
    late = sum(one.punctuality is not Punctuality.ON_TIME for one in loan.instalments)
    if not late:
        return words.counted("client.all_paid", len(loan.instalments))
    return words("client.paid", n=words.number(len(loan.instalments)), late=words.number(late))


def say_card(card: CardState, sign: str, words: Words) -> str:
    """Tell what a credit card stood at."""
    balance, limit = (say_amount(one, sign, words) for one in (card.balance, card.limit))
    return words("client.card", balance=balance, limit=limit, late=words.number(card.late_months))


def say_year(loan: str, year: int, words: Words) -> str:
    """Return the title of one year of a loan's calendar; year 0 is the last before the application."""
    if year == 0:
        return words("client.last_year", loan=loan)
    return words("client.year_before", loan=loan, first=words.number(year), last=words.number(year + 1))


def say_calendar(months: tuple[MonthPaid, ...], words: Words) -> str:
    """Tell in one sentence how the payments were, best first."""
    counts = {one: sum(month.worst is one for month in months) for one in Punctuality}
    parts = [words(f"client.count.{one}", n=words.number(count)) for one, count in counts.items() if count]
    return words("client.calendar_alt", n=words.number(len(months)), parts=", ".join(parts))
