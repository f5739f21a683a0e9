"""The SQL of POS_CASH_balance against pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def test_pos_cash_balance_sql_equals_pandas(assert_sql_gives: Callable[..., None]) -> None:
    """Every aggregate of the monthly balances is what pandas computes, the state of the last month included."""
    assert_sql_gives("POS_CASH_balance", expected_pos)


def expected_pos(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the aggregates of POS_CASH_balance, by month and by credit."""
    by, loans = ByApplicant(rows), _loans(rows)
    by_loan = ByApplicant(loans)
    late, year = rows.SK_DPD_DEF > 0, rows.MONTHS_BALANCE >= -12
    left = loans.left.where(loans.active)
    return {
        "POS_CREDITS_COUNT": by_loan.number(loans.SK_ID_PREV.notna()),
        "POS_MONTHS_COUNT": by.number(rows.SK_ID_PREV.notna()),
        "POS_ACTIVE_COUNT": by_loan.number(loans.active),
        "POS_COMPLETED_COUNT": by_loan.number(loans.completed),
        "POS_COMPLETED_EARLY_SHARE": by_loan.share(loans.term_at_end < loans.term, loans.completed),
        "POS_LATE_COUNT": by.number(late),
        "POS_LATE_SHARE": by.share(late),
        "POS_LATE_SHARE_12M": by.share(late, year),
        "POS_PAST_DUE_SHARE": by.share(rows.SK_DPD > 0),
        "POS_LATE_CREDITS_SHARE": by_loan.share(loans.late),
        "POS_LATE_DAYS_MEAN": by.total(rows.SK_DPD_DEF) / by.number(rows.SK_ID_PREV.notna()),
        "POS_LATE_DAYS_MAX": by.largest(rows.SK_DPD_DEF),
        "POS_LATE_DAYS_MAX_12M": by.largest(rows.SK_DPD_DEF.where(year)),
        "POS_PAST_DUE_DAYS_MAX": by.largest(rows.SK_DPD),
        "POS_INSTALMENTS_LEFT_SUM": by_loan.total(left),
        "POS_INSTALMENTS_LEFT_RATIO": ratio(by_loan.total(left), by_loan.total(loans.term.where(left.notna()))),
        "POS_TERM_MEAN": by_loan.mean(loans.term),
        "POS_MONTH_MAX": by.largest(rows.MONTHS_BALANCE),
        "POS_MONTH_MIN": by.smallest(rows.MONTHS_BALANCE),
    }


def _loans(rows: pd.DataFrame) -> pd.DataFrame:
    """Return one row per credit: its term, whether it completed or was late, and its state in the last month."""
    keys = ["SK_ID_CURR", "SK_ID_PREV"]
    completed = rows.NAME_CONTRACT_STATUS == "Completed"
    marked = rows.assign(
        completed=completed, late=rows.SK_DPD_DEF > 0, term_at_end=rows.CNT_INSTALMENT.where(completed)
    )
    loans = marked.groupby(keys).agg(
        term=("CNT_INSTALMENT", "max"),
        term_at_end=("term_at_end", "max"),
        completed=("completed", "any"),
        late=("late", "any"),
    )
    last = rows.loc[rows.groupby(keys).MONTHS_BALANCE.idxmax()].set_index(keys)
    loans["left"], loans["active"] = last.CNT_INSTALMENT_FUTURE, last.NAME_CONTRACT_STATUS == "Active"
    return loans.reset_index()
