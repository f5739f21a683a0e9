"""The SQL of bureau against pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def test_bureau_sql_equals_pandas(assert_sql_gives: Callable[..., None]) -> None:
    """Every aggregate of the credits at other lenders is what pandas computes from the same rows."""
    assert_sql_gives("bureau", expected_bureau)


def expected_bureau(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the aggregates of bureau."""
    by = ByApplicant(rows)
    active, card = rows.CREDIT_ACTIVE == "Active", rows.CREDIT_TYPE == "Credit card"
    debt, credit = rows.AMT_CREDIT_SUM_DEBT, rows.AMT_CREDIT_SUM
    both_ends = rows.DAYS_ENDDATE_FACT.notna() & rows.DAYS_CREDIT_ENDDATE.notna()
    return {
        "BUREAU_CREDITS_COUNT": by.number(rows.SK_ID_BUREAU.notna()),
        "BUREAU_ACTIVE_COUNT": by.number(active),
        "BUREAU_ACTIVE_SHARE": by.share(active),
        "BUREAU_BAD_COUNT": by.number(rows.CREDIT_ACTIVE.isin(["Sold", "Bad debt"])),
        "BUREAU_CREDITS_COUNT_12M": by.number(rows.DAYS_CREDIT >= -365),
        "BUREAU_CREDITS_COUNT_24M": by.number(rows.DAYS_CREDIT >= -730),
        "BUREAU_TYPES_COUNT": by.distinct(rows.CREDIT_TYPE),
        "BUREAU_CARD_COUNT": by.number(card),
        "BUREAU_MICROLOAN_COUNT": by.number(rows.CREDIT_TYPE == "Microloan"),
        "BUREAU_MORTGAGE_COUNT": by.number(rows.CREDIT_TYPE.isin(["Mortgage", "Real estate loan"])),
        "BUREAU_DAYS_CREDIT_MAX": by.largest(rows.DAYS_CREDIT),
        "BUREAU_DAYS_CREDIT_MIN": by.smallest(rows.DAYS_CREDIT),
        "BUREAU_DAYS_CREDIT_MEAN": by.mean(rows.DAYS_CREDIT),
        "BUREAU_ACTIVE_DAYS_CREDIT_MAX": by.largest(rows.DAYS_CREDIT.where(active)),
        "BUREAU_ACTIVE_DAYS_ENDDATE_MAX": by.largest(rows.DAYS_CREDIT_ENDDATE.where(active)),
        "BUREAU_CLOSED_DAYS_ENDDATE_MAX": by.largest(rows.DAYS_ENDDATE_FACT),
        "BUREAU_CLOSED_EARLY_SHARE": by.share(rows.DAYS_ENDDATE_FACT < rows.DAYS_CREDIT_ENDDATE, both_ends),
        "BUREAU_ACTIVE_DEBT_SUM": by.total(debt.where(active)),
        "BUREAU_ACTIVE_CREDIT_SUM": by.total(credit.where(active)),
        "BUREAU_ACTIVE_DEBT_RATIO": ratio(by.total(debt.where(active)), by.total(credit.where(active & debt.notna()))),
        "BUREAU_ACTIVE_ANNUITY_SUM": by.total(rows.AMT_ANNUITY.where(active)),
        "BUREAU_CREDIT_MEAN": by.mean(credit),
        "BUREAU_CREDIT_MAX": by.largest(credit),
        "BUREAU_CARD_DEBT_SUM": by.total(debt.where(card)),
        "BUREAU_CARD_LIMIT_SUM": by.total(rows.AMT_CREDIT_SUM_LIMIT.where(card)),
        "BUREAU_OVERDUE_SUM": by.total(rows.AMT_CREDIT_SUM_OVERDUE),
        "BUREAU_OVERDUE_MAX": by.largest(rows.AMT_CREDIT_MAX_OVERDUE),
        "BUREAU_OVERDUE_DAYS_MAX": by.largest(rows.CREDIT_DAY_OVERDUE),
        "BUREAU_OVERDUE_COUNT": by.number(rows.AMT_CREDIT_MAX_OVERDUE > 0),
        "BUREAU_PROLONGATIONS_SUM": by.total(rows.CNT_CREDIT_PROLONG),
    }
