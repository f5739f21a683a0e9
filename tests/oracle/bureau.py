"""The aggregates of bureau in pandas, column by column in the order of the SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.oracle.grouped import ByApplicant, ratio

if TYPE_CHECKING:
    import pandas as pd


_AMOUNTS = [
    "AMT_CREDIT_SUM",
    "AMT_CREDIT_SUM_DEBT",
    "AMT_CREDIT_SUM_LIMIT",
    "AMT_CREDIT_SUM_OVERDUE",
    "AMT_CREDIT_MAX_OVERDUE",
    "AMT_ANNUITY",
]


def features(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    ours = rows.copy()
    ours[_AMOUNTS] = ours[_AMOUNTS].where(ours.CREDIT_CURRENCY == "currency 1")
    return {**_whole(ours), **_states(ours), **_windows(ours), **_known(ours), **_kinds(ours), **_pace(ours)}


def _whole(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns all credits, the running ones and the cards."""
    by = ByApplicant(rows)
    active, card = rows.CREDIT_ACTIVE == "Active", rows.CREDIT_TYPE == "Credit card"
    debt, credit = rows.AMT_CREDIT_SUM_DEBT, rows.AMT_CREDIT_SUM
    both = debt.notna() & credit.notna()
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
        "BUREAU_ACTIVE_DEBT_SUM": by.known_total(debt, active),
        "BUREAU_ACTIVE_CREDIT_SUM": by.known_total(credit, active),
        "BUREAU_ACTIVE_DEBT_RATIO": ratio(by.total(debt.where(active & both)), by.total(credit.where(active & both))),
        "BUREAU_ACTIVE_ANNUITY_SUM": by.known_total(rows.AMT_ANNUITY, active),
        "BUREAU_CREDIT_MEAN": by.mean(credit),
        "BUREAU_CREDIT_MAX": by.largest(credit),
        "BUREAU_CARD_DEBT_SUM": by.known_total(debt, card),
        "BUREAU_CARD_LIMIT_SUM": by.known_total(rows.AMT_CREDIT_SUM_LIMIT, card),
        "BUREAU_OVERDUE_SUM": by.known_total(rows.AMT_CREDIT_SUM_OVERDUE),
        "BUREAU_OVERDUE_MAX": by.largest(rows.AMT_CREDIT_MAX_OVERDUE),
        "BUREAU_OVERDUE_DAYS_MAX": by.largest(rows.CREDIT_DAY_OVERDUE),
        "BUREAU_PROLONGATIONS_SUM": by.total(rows.CNT_CREDIT_PROLONG),
    }


def _states(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns prolonged, closed and expired credits."""
    by = ByApplicant(rows)
    active, closed = rows.CREDIT_ACTIVE == "Active", rows.CREDIT_ACTIVE == "Closed"
    debt, credit, end = rows.AMT_CREDIT_SUM_DEBT, rows.AMT_CREDIT_SUM, rows.DAYS_CREDIT_ENDDATE
    both = debt.notna() & credit.notna()
    return {
        "BUREAU_PROLONGED_COUNT": by.number(rows.CNT_CREDIT_PROLONG > 0),
        "BUREAU_CLOSED_COUNT": by.number(closed),
        "BUREAU_CLOSED_COUNT_12M": by.number(rows.DAYS_ENDDATE_FACT >= -365),
        "BUREAU_CLOSED_DEBT_SUM": by.known_total(debt, closed),
        "BUREAU_CLOSED_CREDIT_MEAN": by.mean(credit.where(closed)),
        "BUREAU_DEBT_RATIO": ratio(by.total(debt.where(both)), by.total(credit.where(both))),
        "BUREAU_ACTIVE_FUTURE_COUNT": by.number(active & (end > 0)),
        "BUREAU_ACTIVE_EXPIRED_COUNT": by.number(active & (end < 0)),
        "BUREAU_ACTIVE_DAYS_ENDDATE_MEAN": by.mean(end.where(active)),
        "BUREAU_FUTURE_DEBT_SUM": by.known_total(debt, end > 0),
    }


def _windows(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns the last one and two years, the types and the rhythm."""
    by = ByApplicant(rows)
    days, kind, overdue = rows.DAYS_CREDIT, rows.CREDIT_TYPE, rows.AMT_CREDIT_MAX_OVERDUE
    debt, credit = rows.AMT_CREDIT_SUM_DEBT, rows.AMT_CREDIT_SUM
    year, two_years = days >= -365, days >= -730
    gaps = rows.sort_values("DAYS_CREDIT").groupby("SK_ID_CURR").DAYS_CREDIT.diff()
    return {
        "BUREAU_ACTIVE_COUNT_12M": by.number(year & (rows.CREDIT_ACTIVE == "Active")),
        "BUREAU_CREDIT_SUM_12M": by.known_total(credit, year),
        "BUREAU_DEBT_SUM_12M": by.known_total(debt, year),
        "BUREAU_CREDIT_SUM_24M": by.known_total(credit, two_years),
        "BUREAU_DEBT_SUM_24M": by.known_total(debt, two_years),
        "BUREAU_OVERDUE_MAX_24M": by.largest(overdue.where(two_years)),
        "BUREAU_CONSUMER_COUNT": by.number(kind == "Consumer credit"),
        "BUREAU_CAR_COUNT": by.number(kind == "Car loan"),
        "BUREAU_MICROLOAN_COUNT_12M": by.number(year & (kind == "Microloan")),
        "BUREAU_CARD_SHARE": by.share(kind == "Credit card"),
        "BUREAU_CONSUMER_DEBT_SUM": by.known_total(debt, kind == "Consumer credit"),
        "BUREAU_MORTGAGE_DEBT_SUM": by.known_total(debt, kind.isin(["Mortgage", "Real estate loan"])),
        "BUREAU_DAYS_BETWEEN_MEAN": by.mean(gaps.reindex(rows.index)),
        "BUREAU_TERM_DAYS_MEAN": by.mean((rows.DAYS_CREDIT_ENDDATE - days).where(lambda term: term >= 0)),
    }


def _known(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute how much of the amounts is known, and the share of other currencies."""
    by, active = ByApplicant(rows), rows.CREDIT_ACTIVE == "Active"
    return {
        "BUREAU_ACTIVE_DEBT_KNOWN_SHARE": by.share(rows.AMT_CREDIT_SUM_DEBT.notna(), active),
        "BUREAU_ACTIVE_ANNUITY_KNOWN_SHARE": by.share(rows.AMT_ANNUITY.notna(), active),
        "BUREAU_FOREIGN_SHARE": by.share(rows.CREDIT_CURRENCY != "currency 1"),
    }


def _kinds(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the running credits by type."""
    by, active = ByApplicant(rows), rows.CREDIT_ACTIVE == "Active"
    debt = rows.AMT_CREDIT_SUM_DEBT
    card, car, micro, consumer = (
        active & (kind == rows.CREDIT_TYPE) for kind in ("Credit card", "Car loan", "Microloan", "Consumer credit")
    )
    return {
        "BUREAU_ACTIVE_CARD_DEBT_SUM": by.known_total(debt, card),
        "BUREAU_ACTIVE_CARD_DEBT_RATIO": _debt_ratio(by, rows, card),
        "BUREAU_ACTIVE_CONSUMER_DEBT_RATIO": _debt_ratio(by, rows, consumer),
        "BUREAU_ACTIVE_CAR_DEBT_SUM": by.known_total(debt, car),
        "BUREAU_ACTIVE_MICROLOAN_COUNT": by.number(micro),
        "BUREAU_ACTIVE_MICROLOAN_DEBT_SUM": by.known_total(debt, micro),
        "BUREAU_ACTIVE_OVERDUE_COUNT": by.number(
            active & ((rows.AMT_CREDIT_SUM_OVERDUE > 0) | (rows.CREDIT_DAY_OVERDUE > 0))
        ),
    }


def _debt_ratio(by: ByApplicant, rows: pd.DataFrame, among: pd.Series) -> pd.Series:
    """Divide debt by credit, where both are known."""
    both = among & rows.AMT_CREDIT_SUM_DEBT.notna() & rows.AMT_CREDIT_SUM.notna()
    return ratio(by.total(rows.AMT_CREDIT_SUM_DEBT.where(both)), by.total(rows.AMT_CREDIT_SUM.where(both)))


def _pace(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute further windows, ends before their time, what a month would take, and the weighted share."""
    by, days, active = ByApplicant(rows), rows.DAYS_CREDIT, rows.CREDIT_ACTIVE == "Active"
    debt, end = rows.AMT_CREDIT_SUM_DEBT, rows.DAYS_CREDIT_ENDDATE
    weight = (365e6 / (365 - days)).floordiv(1)
    running = active & (end > 0)
    return {
        "BUREAU_CREDITS_COUNT_6M": by.number(days >= -180),
        "BUREAU_CREDITS_COUNT_36M": by.number(days >= -1095),
        "BUREAU_DEBT_SUM_6M": by.known_total(debt, days >= -180),
        "BUREAU_CREDIT_SUM_36M": by.known_total(rows.AMT_CREDIT_SUM, days >= -1095),
        "BUREAU_DEBT_RATIO_24M": _debt_ratio(by, rows, days >= -730),
        "BUREAU_CLOSED_EARLY_DAYS_MEAN": by.mean(end - rows.DAYS_ENDDATE_FACT),
        "BUREAU_ACTIVE_MONTHLY_DEBT_SUM": by.known_total(debt / (end / 30.4375).clip(lower=1), running),
        "BUREAU_ACTIVE_WEIGHTED_SHARE": by.total(weight.where(active, weight * 0)) / by.total(weight),
        "BUREAU_LARGEST_OVERDUE_MEAN": by.mean(rows.AMT_CREDIT_MAX_OVERDUE),
    }
