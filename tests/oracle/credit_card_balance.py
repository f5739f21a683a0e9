"""The aggregates of credit_card_balance in pandas, column by column in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    import pandas as pd


def features(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    return {**_use(rows), **_payment(rows), **_recent_use(rows), **_recent_payment(rows), **_to_limit(rows)}


def _use(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns balances and drawings."""
    by = ByApplicant(rows)
    limit, balance, drawn = rows.AMT_CREDIT_LIMIT_ACTUAL, rows.AMT_BALANCE, rows.AMT_DRAWINGS_CURRENT
    use = (balance / limit).where(limit >= 1)
    half, year = rows.MONTHS_BALANCE >= -6, rows.MONTHS_BALANCE >= -12
    return {
        "CARD_CARDS_COUNT": by.distinct(rows.SK_ID_PREV),
        "CARD_MONTHS_COUNT": by.number(rows.SK_ID_PREV.notna()),
        "CARD_UTILISATION_MEAN": by.mean(use),
        "CARD_UTILISATION_MAX": by.largest(use),
        "CARD_UTILISATION_MEAN_6M": by.mean(use.where(half)),
        "CARD_UTILISATION_TREND": by.mean(use.where(half)) - by.mean(use),
        "CARD_OVER_LIMIT_SHARE": by.share(balance > limit),
        "CARD_BALANCE_MEAN": by.mean(balance),
        "CARD_BALANCE_MAX": by.largest(balance),
        "CARD_BALANCE_MEAN_6M": by.mean(balance.where(half)),
        "CARD_LIMIT_MAX": by.largest(limit),
        "CARD_DRAWINGS_MEAN": by.mean(drawn),
        "CARD_DRAWINGS_MEAN_6M": by.mean(drawn.where(half)),
        "CARD_CASH_RATIO": ratio(by.total(rows.AMT_DRAWINGS_ATM_CURRENT), by.total(drawn)),
        "CARD_DRAWINGS_NUMBER_MEAN": by.mean(rows.CNT_DRAWINGS_CURRENT),
        "CARD_CASH_NUMBER_MEAN": by.mean(rows.CNT_DRAWINGS_ATM_CURRENT),
        "CARD_CASH_NUMBER_MEAN_12M": by.mean(rows.CNT_DRAWINGS_ATM_CURRENT.where(year)),
    }


def _payment(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns payments, and the first and last month."""
    by = ByApplicant(rows)
    paid, minimum, year = rows.AMT_PAYMENT_CURRENT, rows.AMT_INST_MIN_REGULARITY, rows.MONTHS_BALANCE >= -12
    asked = minimum > 0
    return {
        "CARD_PAID_RATIO": ratio(by.total(paid.where(asked)), by.total(minimum.where(paid.notna()))),
        "CARD_UNDERPAID_SHARE": by.share(paid < minimum, asked & paid.notna()),
        "CARD_PAST_DUE_SHARE": by.share(rows.SK_DPD > 0),
        "CARD_LATE_SHARE": by.share(rows.SK_DPD_DEF > 0),
        "CARD_LATE_SHARE_12M": by.share(rows.SK_DPD_DEF > 0, year),
        "CARD_PAST_DUE_DAYS_MAX": by.largest(rows.SK_DPD),
        "CARD_LATE_DAYS_MAX": by.largest(rows.SK_DPD_DEF),
        "CARD_MONTH_MAX": by.largest(rows.MONTHS_BALANCE),
        "CARD_MONTH_MIN": by.smallest(rows.MONTHS_BALANCE),
    }


def _recent_use(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute recent balances, the last statement, and where the card was used."""
    by, month = ByApplicant(rows), rows.MONTHS_BALANCE
    limit, balance, drawn = rows.AMT_CREDIT_LIMIT_ACTUAL, rows.AMT_BALANCE, rows.AMT_DRAWINGS_CURRENT
    cash, counter = rows.AMT_DRAWINGS_ATM_CURRENT, rows.AMT_DRAWINGS_POS_CURRENT
    use = (balance / limit).where(limit >= 1)
    quarter, half, year = month >= -3, month >= -6, month >= -12
    last = month == month.groupby(rows.SK_ID_CURR).transform("max")
    return {
        "CARD_UTILISATION_MEAN_3M": by.mean(use.where(quarter)),
        "CARD_UTILISATION_MAX_12M": by.largest(use.where(year)),
        "CARD_UTILISATION_MEAN_LAST1": by.mean(use.where(last)),
        "CARD_OVER_LIMIT_SHARE_12M": by.share(balance > limit, year),
        "CARD_BALANCE_MEAN_3M": by.mean(balance.where(quarter)),
        "CARD_BALANCE_SUM_LAST1": by.total(balance.where(last)),
        "CARD_UNUSED_SHARE": by.share(balance == 0, balance.notna()),
        "CARD_DRAWINGS_MEAN_3M": by.mean(drawn.where(quarter)),
        "CARD_CASH_RATIO_6M": ratio(by.total(cash.where(half)), by.total(drawn.where(half))),
        "CARD_CASH_SHARE": by.share(cash > 0, cash.notna()),
        "CARD_COUNTER_RATIO": ratio(by.total(counter), by.total(drawn)),
        "CARD_COUNTER_RATIO_6M": ratio(by.total(counter.where(half)), by.total(drawn.where(half))),
        "CARD_COUNTER_NUMBER_MEAN": by.mean(rows.CNT_DRAWINGS_POS_CURRENT),
        "CARD_COUNTER_NUMBER_MEAN_12M": by.mean(rows.CNT_DRAWINGS_POS_CURRENT.where(year)),
    }


def _recent_payment(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute minimum payments and lateness, recent ones in particular."""
    by, month = ByApplicant(rows), rows.MONTHS_BALANCE
    paid, minimum, balance = rows.AMT_PAYMENT_CURRENT, rows.AMT_INST_MIN_REGULARITY, rows.AMT_BALANCE
    asked, owing, half, year = minimum > 0, balance > 0, month >= -6, month >= -12
    return {
        "CARD_MINIMUM_DUE_MEAN": by.mean(minimum),
        "CARD_MINIMUM_DUE_MEAN_6M": by.mean(minimum.where(half)),
        "CARD_PAID_RATIO_6M": ratio(by.total(paid.where(asked & half)), by.total(minimum.where(paid.notna() & half))),
        "CARD_UNDERPAID_COUNT": by.number(asked & (paid < minimum)),
        "CARD_UNDERPAID_SHARE_12M": by.share(paid < minimum, asked & paid.notna() & year),
        "CARD_PAID_TO_BALANCE_RATIO": ratio(by.total(paid.where(owing)), by.total(balance.where(owing & paid.notna()))),
        "CARD_PAST_DUE_SHARE_3M": by.share(rows.SK_DPD > 0, month >= -3),
        "CARD_PAST_DUE_SHARE_12M": by.share(rows.SK_DPD > 0, year),
        "CARD_PAST_DUE_DAYS_MAX_12M": by.largest(rows.SK_DPD.where(year)),
        "CARD_LATE_DAYS_MAX_12M": by.largest(rows.SK_DPD_DEF.where(year)),
        "CARD_INSTALMENTS_PAID_MAX": by.largest(rows.CNT_INSTALMENT_MATURE_CUM),
    }


def _to_limit(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what was drawn beside the limit of the same months."""
    by, half = ByApplicant(rows), rows.MONTHS_BALANCE >= -6
    limit = rows.AMT_CREDIT_LIMIT_ACTUAL
    drawn, cash = rows.AMT_DRAWINGS_CURRENT, rows.AMT_DRAWINGS_ATM_CURRENT
    measures = {
        "CARD_DRAWINGS_TO_LIMIT_RATIO": (drawn, limit.notna()),
        "CARD_DRAWINGS_TO_LIMIT_RATIO_6M": (drawn, half),
        "CARD_CASH_TO_LIMIT_RATIO_6M": (cash, half),
    }
    return {
        name: ratio(by.total(spent.where(window & (limit > 0))), by.total(limit.where(window & spent.notna())))
        for name, (spent, window) in measures.items()
    }
