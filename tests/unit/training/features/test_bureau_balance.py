"""The SQL of bureau_balance against pandas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from tests.builders.grouped import ByApplicant

if TYPE_CHECKING:
    from collections.abc import Callable


def test_bureau_balance_sql_equals_pandas(assert_sql_gives: Callable[..., None]) -> None:
    """Every aggregate of the monthly statuses is what pandas computes after a plain merge with bureau."""
    assert_sql_gives("bureau_balance", expected_bureau_balance, "bureau")


def expected_bureau_balance(months: pd.DataFrame, bureau: pd.DataFrame) -> dict[str, pd.Series]:
    """Recompute the aggregates of bureau_balance, month by month and not credit by credit as the SQL does."""
    owners = bureau[["SK_ID_BUREAU", "SK_ID_CURR"]]
    rows = months.merge(owners, on="SK_ID_BUREAU", how="inner", validate="many_to_one")
    by = ByApplicant(rows)
    lateness = pd.to_numeric(rows.STATUS, errors="coerce")
    late, opened = lateness > 0, lateness.notna()
    year, two_years = rows.MONTHS_BALANCE >= -12, rows.MONTHS_BALANCE >= -24
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
