"""The monthly status of loans at other lenders, laid out from what each loan's months amount to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.population.drawing.months import DAYS_PER_MONTH, OLDEST_MONTH, spelled

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from training.population.drawing.codes import Values

type Floats = NDArray[np.float64]
type Rows = NDArray[np.int64]

STATUSES = ("C", "0", "1", "2", "3", "4", "5", "X")
_CLOSED, _PAID, _LATE, _UNKNOWN = 0, 1, 2, 7
# What the last month says: paid in time, late, nothing, or closed.
ENDS_PAID, ENDS_LATE, ENDS_UNKNOWN, ENDS_CLOSED = 0.0, 1.0, 2.0, 3.0
# Months without a report come in runs of about this many.
_RUN = 4
COLUMNS = ("WORST", "N_LATE", "LAST", "LAST_AGE", "CLOSED_MONTHS", "UNKNOWN_SHARE")


def month_summary(balances: pd.DataFrame, loans: NDArray[np.int64]) -> Values:
    """Return per loan what its months amount to; all are NaN for a loan without months.

    ``WORST`` is the highest status, ``N_LATE`` the late months, ``LAST`` what the last month says, ``LAST_AGE`` how
    many months ago that was, ``CLOSED_MONTHS`` the months marked as closed, ``UNKNOWN_SHARE`` the share of the others
    that were not reported.
    """
    status = balances["STATUS"]
    level = status.where(status.isin(list("12345")), "0").astype(int)
    rows = balances[["SK_ID_BUREAU", "MONTHS_BALANCE"]].assign(
        level=level, late=level > 0, closed=status == "C", unknown=status == "X", number=status.map(STATUSES.index)
    )
    groups = rows.sort_values("MONTHS_BALANCE").groupby("SK_ID_BUREAU")
    found = groups.agg(
        worst=("level", "max"), late=("late", "sum"), closed=("closed", "sum"), unknown=("unknown", "sum"),
        n=("late", "size"), last=("number", "last"), age=("MONTHS_BALANCE", "max"),
    ).reindex(loans).astype(float)  # fmt: skip
    last = found["last"].to_numpy()
    ends = np.select(
        [np.isnan(last), last == _CLOSED, last == _UNKNOWN, last == _PAID],
        [np.nan, ENDS_CLOSED, ENDS_UNKNOWN, ENDS_PAID],
        ENDS_LATE,
    )
    n_open = found["n"] - found["closed"]
    return {
        "WORST": found["worst"].to_numpy(),
        "N_LATE": found["late"].to_numpy(),
        "LAST": ends,
        "LAST_AGE": -found["age"].to_numpy(),
        "CLOSED_MONTHS": found["closed"].to_numpy(),
        "UNKNOWN_SHARE": np.where(np.isnan(last), np.nan, np.round(found["unknown"] / n_open.clip(lower=1.0), 2)),
    }


def drawn_balances(rng: np.random.Generator, loans: Values) -> Values:
    """Return the months of the loans whose balances are known."""
    kept = np.flatnonzero(~np.isnan(loans["WORST"]))
    own = {name: loans[name][kept] for name in (*COLUMNS, "DAYS_CREDIT", "DAYS_ENDDATE_FACT")}
    first = np.clip(np.floor(own["DAYS_CREDIT"] / DAYS_PER_MONTH) + 1, OLDEST_MONTH, 0).astype(int)
    last = np.maximum(-np.nan_to_num(own["LAST_AGE"]).astype(int), first)
    closes, last = _closing(own, first, last)
    loan, month = spelled(first, last)
    status = np.full(len(loan), _PAID, dtype=np.int8)
    _add_unknown(rng, status, own, loan, month)
    _add_late(rng, status, own, first, np.minimum(last, closes - 1), loan, month)
    after = month >= closes[loan]
    status[after] = np.where(own["LAST"][loan[after]] == ENDS_UNKNOWN, _UNKNOWN, _CLOSED)
    return {
        "SK_ID_BUREAU": loans["SK_ID_BUREAU"][kept][loan],
        "MONTHS_BALANCE": month.astype(float),
        "STATUS": status,
    }


def _closing(own: Values, first: Rows, last: Rows) -> tuple[Rows, Rows]:
    """Return the month from which each loan is closed (after the last: never), and its last month.

    A loan with an end closes the month after it; one that never says so stops being reported no later.
    """
    ended = np.floor(own["DAYS_ENDDATE_FACT"] / DAYS_PER_MONTH) + 1
    has_end = ~np.isnan(own["DAYS_ENDDATE_FACT"])
    shows_end = (own["LAST"] == ENDS_CLOSED) | (own["LAST"] == ENDS_UNKNOWN)
    by_count = (
        last + 1 - np.where(own["LAST"] == ENDS_CLOSED, np.maximum(np.nan_to_num(own["CLOSED_MONTHS"]), 1.0), 0.0)
    )
    closes = np.where(has_end & shows_end, ended, by_count)
    # A record whose last month is closed reaches at least the end.
    last = np.where(has_end & (own["LAST"] == ENDS_CLOSED), np.maximum(last, np.minimum(closes, 0)), last)
    last = np.where(has_end & ~shows_end, np.minimum(last, np.maximum(ended - 1, first)), last).astype(int)
    return np.maximum(closes, first).astype(int), last


def _add_unknown(rng: np.random.Generator, status: NDArray[np.int8], own: Values, loan: Rows, month: Rows) -> None:
    """Mark the months without a report, in runs; the last month is as the loan's summary says."""
    n_runs = int(np.ceil((1 - OLDEST_MONTH) / _RUN)) + 1
    chance = rng.random((len(own["LAST"]), n_runs), dtype=np.float32)[loan, -month // _RUN]
    is_unknown = chance < np.nan_to_num(own["UNKNOWN_SHARE"])[loan]
    is_last = np.r_[loan[1:] != loan[:-1], True] if len(loan) else np.zeros(0, dtype=bool)
    is_unknown = np.where(is_last, own["LAST"][loan] == ENDS_UNKNOWN, is_unknown)
    status[is_unknown] = _UNKNOWN


def _add_late(
    rng: np.random.Generator, status: NDArray[np.int8], own: Values, first: Rows, last: Rows, loan: Rows, month: Rows
) -> None:
    """Mark the late months: one run that climbs to the worst status, or single months where that is the first."""
    n_open = np.maximum(last - first + 1, 0)
    worst = np.nan_to_num(own["WORST"]).astype(int)
    n_late = np.minimum(np.maximum(np.nan_to_num(own["N_LATE"]), worst), n_open).astype(int)
    n_late[worst == 0] = 0
    ends_late = own["LAST"] == ENDS_LATE
    # The last open month is late only where the summary says so; a run before it leaves that month alone.
    free = np.where(ends_late, 0, np.maximum(n_open - n_late - 1, 0))
    start = np.where(ends_late, last + 1 - n_late, first + np.floor(rng.random(len(first)) * (free + 1)).astype(int))
    step = month - start[loan] + 1
    in_run = (step >= 1) & (step <= n_late[loan]) & (month <= last[loan])
    rows = np.flatnonzero(in_run)
    status[rows] = _LATE - 1 + np.minimum(step[rows], worst[loan[rows]])
