"""Monthly balances of instalment loans: they begin with the decision, count down the instalments and end with the loan.

Nothing is drawn that the schedule and the payments do not say: a month's days past due are those of the oldest
instalment that was not whole when the month ended.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chances import happens
from training.population.drawing.months import NO_DAY, OLDEST_MONTH, month_end, month_of, spelled
from training.population.drawing.previous import DAYS_PER_INSTALMENT

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.codes import Values

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

STATUSES = ("Active", "Completed", "Signed", "Returned to the store", "Demand", "Approved")
_ACTIVE, _COMPLETED, _SIGNED = 0, 1, 2
# Shares of ended loans whose record shows the end, of loans that begin as signed, and of late months that are beyond
# what the lender tolerates.
_SHOWS_END, _SIGNS, _COUNTS = 0.88, 0.085, 0.72


def drawn_pos(
    rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows, payments: Values
) -> Values:
    """Draw the months of the granted instalment loans at rows `loans` of `previous`, repaid by `payments`."""
    owner = previous["OWNER"][loans].astype(int)
    into_month = applicants.days_into_month[owner]
    first, last, is_over = _life(rng, applicants, previous, loans)
    loan, month = spelled(first, last)
    term = previous["CNT_PAYMENT"][loans][loan]
    is_end = (month == last[loan]) & is_over[loan]
    n_due = np.floor(
        (month_end(month, into_month[loan]) - previous["DAYS_FIRST_DUE"][loans][loan]) / DAYS_PER_INSTALMENT
    )
    left = np.clip(term - np.maximum(n_due + 1.0, 0.0), 0.0, None)
    overdue = _days_past_due(payments, into_month, first, last, is_over)
    # A small rest is tolerated; whose loan it is decides which.
    counts = happens(rng, _COUNTS, len(loans))[loan]
    signs = happens(rng, _SIGNS, len(loans))[loan] & (month == first[loan]) & (overdue == 0) & ~is_end
    n_paid = np.clip(
        np.floor((previous["DAYS_LAST_DUE"][loans] - previous["DAYS_FIRST_DUE"][loans]) / 30.0) + 1.0, 1.0, None
    )
    return {
        "SK_ID_PREV": previous["SK_ID_PREV"][loans][loan],
        "SK_ID_CURR": previous["SK_ID_CURR"][loans][loan],
        "MONTHS_BALANCE": month.astype(float),
        # A loan repaid early is rewritten to the instalments it took.
        "CNT_INSTALMENT": np.where(is_end, np.minimum(term, n_paid[loan]), term),
        "CNT_INSTALMENT_FUTURE": np.where(is_end, 0.0, left),
        "NAME_CONTRACT_STATUS": np.where(is_end, _COMPLETED, np.where(signs, _SIGNED, _ACTIVE)).astype(np.int8),
        "SK_DPD": overdue,
        "SK_DPD_DEF": np.where(counts, overdue, 0.0),
    }


def _life(
    rng: np.random.Generator, applicants: Applicants, previous: Values, loans: Rows
) -> tuple[Rows, Rows, NDArray[np.bool_]]:
    """Return the first and last month of each loan, and whether the record shows its end."""
    owner = previous["OWNER"][loans].astype(int)
    into_month, newest = applicants.days_into_month[owner], applicants.last_month[owner]
    first = month_of(previous["DAYS_DECISION"][loans], into_month)
    ended = previous["DAYS_TERMINATION"][loans]
    month_ended = month_of(np.where(ended == NO_DAY, 0.0, ended), into_month)
    is_over = (ended != NO_DAY) & happens(rng, _SHOWS_END, len(loans)) & (month_ended <= newest)
    last = np.where(is_over, month_ended, np.where(ended == NO_DAY, newest, np.minimum(month_ended - 1, newest)))
    last = np.clip(last, OLDEST_MONTH, -1)
    return np.clip(np.minimum(first, last), OLDEST_MONTH, -1), last, is_over


def _days_past_due(payments: Values, into_month: Floats, first: Rows, last: Rows, is_over: NDArray[np.bool_]) -> Floats:
    """Return per month of each loan the days since its oldest unsettled instalment fell due, as the month ends.

    Parameters
    ----------
    payments
        As `drawn_instalments` returned them.
    into_month, first, last, is_over
        Per loan: day of the month of the application, first and last month, and whether that one shows its end, which
        leaves nothing due.
    """
    lengths = last - first + 1
    start = np.cumsum(lengths) - lengths
    overdue = np.zeros(int(lengths.sum()))
    late = np.flatnonzero((payments["DAYS_ENTRY_PAYMENT"] > payments["DAYS_INSTALMENT"]) | _stays_short(payments))
    loan = payments["LOAN"][late].astype(int)
    due = payments["DAYS_INSTALMENT"][late]
    paid = np.where(_stays_short(payments)[late], np.inf, payments["DAYS_ENTRY_PAYMENT"][late])
    newest = np.where(is_over, last - 1, last)[loan]
    until = np.minimum(
        np.where(np.isinf(paid), newest, month_of(np.where(np.isinf(paid), 0.0, paid), into_month[loan]) - 1), newest
    )
    instalment, month = spelled(np.maximum(month_of(due, into_month[loan]), first[loan]), until)
    days = np.floor(month_end(month, into_month[loan][instalment]) - due[instalment])
    np.maximum.at(overdue, start[loan[instalment]] + month - first[loan[instalment]], np.maximum(days, 0.0))
    return overdue


def _stays_short(payments: Values) -> NDArray[np.bool_]:
    """Tell which payments belong to an instalment that was never paid in full."""
    key = payments["LOAN"] * 1024.0 + payments["NUM_INSTALMENT_NUMBER"]
    open_key = key[payments["IS_SETTLED"] == 0]
    settled = key[payments["IS_SETTLED"] > 0]
    return np.isin(key, np.setdiff1d(open_key, settled, assume_unique=False))
