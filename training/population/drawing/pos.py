"""Monthly balances of instalment loans: the remaining instalments count down in months that exist."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.chances import happens, raised
from training.population.drawing.months import DAYS_PER_MONTH, NO_DAY, OLDEST_MONTH, spelled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from training.population.drawing.applicants import Applicants
    from training.population.drawing.codes import Values

COVERAGE = 0.955
STATUSES = ("Active", "Completed", "Signed", "Returned to the store", "Demand", "Approved")
_ACTIVE, _COMPLETED, _SIGNED = 0, 1, 2


def drawn_pos(rng: np.random.Generator, applicants: Applicants, previous: Values, loans: NDArray[np.int64]) -> Values:
    """Draw the months of the granted instalment loans at rows `loans` of `previous`."""
    loans = loans[happens(rng, COVERAGE, len(loans))]
    first, last, is_over = _life(rng, previous, loans)
    loan, month = spelled(first, last)
    term = previous["CNT_PAYMENT"][loans]
    planned = term[loan] - (month - first[loan])
    is_end = (month == last[loan]) & is_over[loan]
    trait = applicants.traits["indiscipline"][previous["OWNER"][loans].astype(int)]
    overdue, tolerated = _days_past_due(rng, trait, loan)
    signs = happens(rng, 0.085, len(loans))[loan] & (month == first[loan])
    return {
        "SK_ID_PREV": previous["SK_ID_PREV"][loans][loan],
        "SK_ID_CURR": previous["SK_ID_CURR"][loans][loan],
        "MONTHS_BALANCE": month.astype(float),
        # A loan repaid early is rewritten to the instalments it took.
        "CNT_INSTALMENT": np.where(is_end, np.minimum(term[loan], np.maximum(month - first[loan], 1)), term[loan]),
        "CNT_INSTALMENT_FUTURE": np.where(is_end, 0.0, np.maximum(planned, 0.0)),
        "NAME_CONTRACT_STATUS": np.where(is_end, _COMPLETED, np.where(signs, _SIGNED, _ACTIVE)).astype(np.int8),
        "SK_DPD": np.where(is_end, 0.0, overdue),
        "SK_DPD_DEF": np.where(is_end, 0.0, tolerated),
    }


def _life(
    rng: np.random.Generator, previous: Values, loans: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]:
    """Return the first and last month of each loan, and whether it is over."""
    n = len(loans)
    first = np.floor(previous["DAYS_FIRST_DUE"][loans] / DAYS_PER_MONTH) - happens(rng, 0.6, n)
    ended = previous["DAYS_LAST_DUE"][loans]
    is_over = ended != NO_DAY
    last = np.where(is_over, np.floor(ended / DAYS_PER_MONTH) + happens(rng, 0.75, n), -1.0 - happens(rng, 0.4, n))
    last = np.minimum(np.maximum(last, first), -1.0)
    return np.clip(first, OLDEST_MONTH, -1).astype(int), np.clip(last, OLDEST_MONTH, -1).astype(int), is_over


def _days_past_due(
    rng: np.random.Generator, trait: NDArray[np.float64], loan: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return days past due per month, and those beyond what the lender tolerates."""
    is_ever_late = happens(rng, raised(0.09, trait, 1.2), len(trait))
    share = np.where(is_ever_late, raised(0.2, trait, 0.3), 0.0)
    is_late = happens(rng, share[loan], len(loan))
    days = np.ceil(rng.lognormal(2.1, 1.2, len(loan)))
    # One late loan in ten was never settled: its days run into the hundreds.
    days = np.where(happens(rng, 0.1, len(trait))[loan], days * 40.0, days)
    days = np.where(is_late, np.minimum(days, 3500.0), 0.0)
    forgiven = happens(rng, 0.57, len(loan))
    return days, np.where(forgiven | (days == 0), 0.0, np.maximum(np.round(days * 0.4), 1.0))
