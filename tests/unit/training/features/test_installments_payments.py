"""The SQL of installments_payments against pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def test_installments_payments_sql_equals_pandas(assert_sql_gives: Callable[..., None]) -> None:
    """Every aggregate of the payments is what pandas computes; an instalment paid in parts counts once."""
    assert_sql_gives("installments_payments", lambda rows: {**_lateness(rows), **_amounts(rows)})


def _instalments(rows: pd.DataFrame) -> pd.DataFrame:
    """Put the parts of an instalment together."""
    keys = ["SK_ID_CURR", "SK_ID_PREV", "NUM_INSTALMENT_VERSION", "NUM_INSTALMENT_NUMBER", "DAYS_INSTALMENT"]
    parts = rows.groupby(keys, dropna=False)
    whole = parts.agg(due=("AMT_INSTALMENT", "max"), paid_on=("DAYS_ENTRY_PAYMENT", "max"))
    whole["paid"] = parts["AMT_PAYMENT"].sum(min_count=1)
    return whole.reset_index()


def _lateness(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns days."""
    whole = _instalments(rows)
    by = ByApplicant(whole)
    delay = whole.paid_on - whole.DAYS_INSTALMENT
    late, known, year = delay.clip(lower=0), delay.notna(), whole.DAYS_INSTALMENT >= -365
    return {
        "INSTALMENTS_DUE_COUNT": by.number(whole.SK_ID_PREV.notna()),
        "INSTALMENTS_CREDITS_COUNT": by.distinct(whole.SK_ID_PREV),
        "INSTALMENTS_LATE_COUNT": by.number(late > 0),
        "INSTALMENTS_UNPAID_COUNT": by.number(whole.paid.isna()),
        "INSTALMENTS_LATE_DAYS_MEAN": by.mean(late),
        "INSTALMENTS_LATE_DAYS_MAX": by.largest(late),
        "INSTALMENTS_EARLY_DAYS_MEAN": by.mean((-delay).clip(lower=0)),
        "INSTALMENTS_LATE_SHARE": by.share(late > 0, known),
        "INSTALMENTS_LATE_WEEK_SHARE": by.share(late > 7, known),
        "INSTALMENTS_LATE_MONTH_SHARE": by.share(late > 30, known),
        "INSTALMENTS_LATE_DAYS_MEAN_12M": by.mean(late.where(year)),
        "INSTALMENTS_LATE_DAYS_MAX_12M": by.largest(late.where(year)),
        "INSTALMENTS_LATE_SHARE_12M": by.share(late > 0, known & year),
        "INSTALMENTS_LATE_DAYS_TREND": by.mean(late.where(year)) - by.mean(late),
    }


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns amounts, and the first and last day."""
    whole = _instalments(rows)
    by = ByApplicant(whole)
    due, paid, days = whole.due, whole.paid, whole.DAYS_INSTALMENT
    # Amounts have three decimals: a difference below half a thousandth is only the noise of adding doubles.
    shortfall = (due - paid).clip(lower=0).round(3)
    known, year = shortfall.notna(), days >= -365
    return {
        "INSTALMENTS_UNDERPAID_SHARE": by.share(shortfall > 0, known),
        "INSTALMENTS_UNDERPAID_SHARE_12M": by.share(shortfall > 0, known & year),
        "INSTALMENTS_UNDERPAID_SUM": by.total(shortfall),
        "INSTALMENTS_PAID_RATIO": ratio(by.total(paid), by.total(due)),
        "INSTALMENTS_PAID_RATIO_12M": ratio(by.total(paid.where(year)), by.total(due.where(year))),
        "INSTALMENTS_DUE_MEAN": by.mean(due),
        "INSTALMENTS_DUE_MAX": by.largest(due),
        "INSTALMENTS_DUE_SUM_12M": by.total(due.where(year)),
        "INSTALMENTS_DAYS_MAX": by.largest(days),
        "INSTALMENTS_DAYS_MIN": by.smallest(days),
    }
