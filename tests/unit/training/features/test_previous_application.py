"""The SQL of previous_application against pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.builders.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd


def test_previous_application_sql_equals_pandas(assert_sql_gives: Callable[..., None]) -> None:
    """Every aggregate of the earlier applications is what pandas computes, the last 1, 3 and 5 of them included."""
    assert_sql_gives("previous_application", lambda rows: {**_decisions(rows), **_amounts(rows)})


def _decisions(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute counts, shares and days."""
    by = ByApplicant(rows)
    status, days, kind = rows.NAME_CONTRACT_STATUS, rows.DAYS_DECISION, rows.NAME_CONTRACT_TYPE
    approved, refused, year = status == "Approved", status == "Refused", days >= -365
    latest_first = rows.sort_values(["DAYS_DECISION", "SK_ID_PREV"], ascending=False, na_position="last")
    recency = latest_first.groupby("SK_ID_CURR").cumcount().reindex(rows.index) + 1
    return {
        "PREVIOUS_APPLICATIONS_COUNT": by.number(rows.SK_ID_PREV.notna()),
        "PREVIOUS_APPROVED_COUNT": by.number(approved),
        "PREVIOUS_REFUSED_COUNT": by.number(refused),
        "PREVIOUS_APPLICATIONS_COUNT_12M": by.number(year),
        "PREVIOUS_REFUSED_COUNT_12M": by.number(refused & year),
        "PREVIOUS_REFUSED_SCORE_COUNT": by.number(rows.CODE_REJECT_REASON.isin(["SCO", "SCOFR"])),
        "PREVIOUS_REFUSED_POLICY_COUNT": by.number(rows.CODE_REJECT_REASON == "HC"),
        "PREVIOUS_RUNNING_COUNT": by.number(_running(rows)),
        "PREVIOUS_APPROVED_SHARE": by.share(approved),
        "PREVIOUS_REFUSED_SHARE": by.share(refused),
        "PREVIOUS_CANCELED_SHARE": by.share(status == "Canceled"),
        "PREVIOUS_REFUSED_SHARE_LAST1": by.share(refused, recency <= 1),
        "PREVIOUS_REFUSED_SHARE_LAST3": by.share(refused, recency <= 3),
        "PREVIOUS_REFUSED_SHARE_LAST5": by.share(refused, recency <= 5),
        "PREVIOUS_CASH_SHARE": by.share(kind == "Cash loans"),
        "PREVIOUS_REVOLVING_SHARE": by.share(kind == "Revolving loans"),
        "PREVIOUS_WALK_IN_SHARE": by.share(rows.NAME_PRODUCT_TYPE == "walk-in"),
        "PREVIOUS_HIGH_YIELD_SHARE": by.share(rows.NAME_YIELD_GROUP == "high"),
        "PREVIOUS_LOW_YIELD_SHARE": by.share(rows.NAME_YIELD_GROUP.isin(["low_normal", "low_action"])),
        "PREVIOUS_INSURED_SHARE": by.mean(rows.NFLAG_INSURED_ON_APPROVAL),
        "PREVIOUS_DAYS_DECISION_MAX": by.largest(days),
        "PREVIOUS_DAYS_DECISION_MIN": by.smallest(days),
        "PREVIOUS_APPROVED_DAYS_DECISION_MAX": by.largest(days.where(approved)),
        "PREVIOUS_REFUSED_DAYS_DECISION_MAX": by.largest(days.where(refused)),
        "PREVIOUS_DAYS_LAST_DUE_MAX": by.largest(rows.DAYS_LAST_DUE),
    }


def _amounts(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute amounts, rates and terms."""
    by = ByApplicant(rows)
    approved = rows.NAME_CONTRACT_STATUS == "Approved"
    granted, annuity = rows.AMT_CREDIT.where(approved), rows.AMT_ANNUITY.where(approved)
    price = (rows.AMT_ANNUITY * rows.CNT_PAYMENT / rows.AMT_CREDIT - 1).where(rows.AMT_CREDIT >= 1)
    return {
        "PREVIOUS_APPROVED_CREDIT_MEAN": by.mean(granted),
        "PREVIOUS_APPROVED_CREDIT_MAX": by.largest(granted),
        "PREVIOUS_GRANTED_TO_ASKED_RATIO": ratio(by.total(granted), by.total(rows.AMT_APPLICATION.where(approved))),
        "PREVIOUS_APPROVED_ANNUITY_MEAN": by.mean(annuity),
        "PREVIOUS_RUNNING_ANNUITY_SUM": by.total(rows.AMT_ANNUITY.where(_running(rows))),
        "PREVIOUS_DOWN_PAYMENT_RATE_MEAN": by.mean(rows.RATE_DOWN_PAYMENT),
        "PREVIOUS_DOWN_PAYMENT_RATE_MAX": by.largest(rows.RATE_DOWN_PAYMENT),
        "PREVIOUS_TERM_MEAN": by.mean(rows.CNT_PAYMENT),
        "PREVIOUS_PRICE_MEAN": by.mean(price.where(approved & (rows.CNT_PAYMENT > 0))),
    }


def _running(rows: pd.DataFrame) -> pd.Series:
    """Tell which credits were granted and have not ended."""
    ends_later = rows.DAYS_TERMINATION.isna() | (rows.DAYS_TERMINATION > 0)
    return (rows.NAME_CONTRACT_STATUS == "Approved") & ends_later & rows.NFLAG_INSURED_ON_APPROVAL.notna()
