"""The aggregates of bureau_balance in pandas, column by column in the order of the SQL."""

from __future__ import annotations

import pandas as pd

from features.sql import is_count
from tests.oracle.grouped import ByApplicant


def features(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Return each aggregate by applicant."""
    everybody = pd.Index(bureau.SK_ID_CURR.unique())
    known = {**_whole(months, bureau), **_recent(months, bureau)}
    found = {**known, **_ever_late(months, bureau), **_states(months, bureau)}
    counts = {name: values.reindex(everybody, fill_value=0.0) for name, values in found.items() if is_count(name)}
    return {**found, **counts}


def _owned(months: pd.DataFrame, bureau: pd.DataFrame) -> pd.DataFrame:
    """Put each month beside the applicant of its credit."""
    owners = bureau[["SK_ID_BUREAU", "SK_ID_CURR"]]
    return months.merge(owners, on="SK_ID_BUREAU", how="inner", validate="many_to_one")


def _whole(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the aggregates of all months, month by month and not credit by credit as the SQL does."""
    rows = _owned(months, bureau)
    by = ByApplicant(rows)
    lateness = pd.to_numeric(rows.STATUS, errors="coerce")
    late, opened = lateness > 0, lateness.notna()
    year, two_years = rows.MONTHS_BALANCE >= -11, rows.MONTHS_BALANCE >= -23
    credits_count = by.distinct(rows.SK_ID_BUREAU)
    return {
        "BUREAU_BALANCE_CREDITS_COUNT": credits_count,
        "BUREAU_BALANCE_MONTHS_COUNT": by.number(rows.SK_ID_BUREAU.notna()),
        "BUREAU_BALANCE_LATE_COUNT": by.number(late),
        "BUREAU_BALANCE_LATE_COUNT_12M": by.number(late & year),
        "BUREAU_BALANCE_VERY_LATE_COUNT": by.number(lateness > 1),
        "BUREAU_BALANCE_LATE_SHARE": by.share(late, opened),
        "BUREAU_BALANCE_LATE_SHARE_12M": by.share(late, opened & year),
        "BUREAU_BALANCE_LATE_SHARE_24M": by.share(late, opened & two_years),
        "BUREAU_BALANCE_CLOSED_SHARE": by.share(rows.STATUS == "C"),
        "BUREAU_BALANCE_UNKNOWN_SHARE": by.share(rows.STATUS == "X"),
        "BUREAU_BALANCE_LATE_CREDITS_SHARE": by.distinct(rows.SK_ID_BUREAU.where(late)) / credits_count,
        "BUREAU_BALANCE_STATUS_MEAN": by.mean(lateness),
        "BUREAU_BALANCE_STATUS_MAX": by.largest(lateness),
        "BUREAU_BALANCE_STATUS_MAX_12M": by.largest(lateness.where(year)),
        "BUREAU_BALANCE_LATE_MONTH_MAX": by.largest(rows.MONTHS_BALANCE.where(late)),
        "BUREAU_BALANCE_MONTH_MIN": by.smallest(rows.MONTHS_BALANCE),
    }


def _recent(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute what concerns the last months and the state each credit was last seen in."""
    rows = _owned(months, bureau)
    by, ids = ByApplicant(rows), rows.SK_ID_BUREAU
    lateness = pd.to_numeric(rows.STATUS, errors="coerce")
    late, opened = lateness > 0, lateness.notna()
    recent, year, two_years = (first <= rows.MONTHS_BALANCE for first in (-2, -11, -23))
    last = opened & (rows.MONTHS_BALANCE.where(opened).groupby(ids).transform("max") == rows.MONTHS_BALANCE)
    return {
        "BUREAU_BALANCE_MONTH_MAX": by.largest(rows.MONTHS_BALANCE),
        "BUREAU_BALANCE_LATE_COUNT_24M": by.number(late & two_years),
        "BUREAU_BALANCE_LATE_CREDITS_COUNT_12M": by.distinct(ids.where(late & year)),
        "BUREAU_BALANCE_STATUS_MEAN_12M": by.mean(lateness.where(year)),
        "BUREAU_BALANCE_STATUS_MAX_3M": by.largest(lateness.where(recent)),
        "BUREAU_BALANCE_STATUS_MAX_24M": by.largest(lateness.where(two_years)),
        "BUREAU_BALANCE_STATUS_MAX_LAST1": by.largest(lateness.where(last)),
        "BUREAU_BALANCE_LATE_CREDITS_COUNT_LAST1": by.distinct(ids.where(late & last)),
        "BUREAU_BALANCE_LATE_SHARE_TREND": by.share(late, opened & year) - by.share(late, opened),
    }


def _ever_late(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the credits, with monthly statuses or without, that were late by any sign."""
    by = ByApplicant(bureau)
    late_months = months.SK_ID_BUREAU[months.STATUS.isin(["1", "2", "3", "4", "5"])]
    signs = bureau[["AMT_CREDIT_MAX_OVERDUE", "AMT_CREDIT_SUM_OVERDUE", "CREDIT_DAY_OVERDUE"]]
    late = (signs > 0).any(axis=1) | bureau.SK_ID_BUREAU.isin(late_months)
    return {
        "BUREAU_OVERDUE_COUNT": by.number(late),
        "BUREAU_OVERDUE_COUNT_24M": by.number(late & (bureau.DAYS_CREDIT >= -730)),
    }


def _states(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute lateness of running and of ended credits apart, and the mean that weighs late months by how recent."""
    rows = months.merge(bureau[["SK_ID_BUREAU", "SK_ID_CURR", "CREDIT_ACTIVE"]], on="SK_ID_BUREAU")
    by = ByApplicant(rows)
    lateness = pd.to_numeric(rows.STATUS, errors="coerce")
    late, opened = lateness > 0, lateness.notna()
    active = rows.CREDIT_ACTIVE == "Active"
    weight = (12e6 / (12 - rows.MONTHS_BALANCE)).floordiv(1)
    return {
        "BUREAU_BALANCE_LATE_SHARE_6M": by.share(late, opened & (rows.MONTHS_BALANCE >= -5)),
        "BUREAU_BALANCE_ACTIVE_LATE_SHARE": by.share(late, opened & active),
        "BUREAU_BALANCE_ACTIVE_STATUS_MEAN_12M": by.mean(lateness.where(active & (rows.MONTHS_BALANCE >= -11))),
        "BUREAU_BALANCE_ENDED_LATE_SHARE": by.share(late, opened & (rows.CREDIT_ACTIVE == "Closed")),
        "BUREAU_BALANCE_STATUS_WEIGHTED_MEAN": by.total(weight * lateness) / by.total(weight.where(opened)),
    }
